"""Customers, projects, services and configuration items of the demo, as rows."""

from genyin.demo import world
from genyin.demo.staff import TEAMS
from genyin.demo.text import Language
from genyin.incidents.models import ConfigurationItem, Customer, Project, Service
from genyin.people.models import Team


def build_places(language: Language) -> dict[str, Service]:
    """Everything but people; services by key. Their default owners are set when the people are there."""
    teams = {team.key: Team.objects.create(name=team.name.said_in(language)) for team in TEAMS}
    customers = {c.key: Customer.objects.create(name=c.name.said_in(language)) for c in world.CUSTOMERS}
    projects = {
        p.key: Project.objects.create(name=p.name.said_in(language), customer=customers[p.customer])
        for p in world.PROJECTS
    }
    services = {
        s.key: Service.objects.create(
            name=s.name.said_in(language),
            customer=customers[s.customer],
            project=projects[s.project],
            team=teams[s.team],
            availability_target=str(s.availability_target),
        )
        for s in world.SERVICES
    }
    ConfigurationItem.objects.bulk_create(
        ConfigurationItem(service=services[item.service], name=item.code, kind=item.name.said_in(language))
        for item in world.ITEMS
    )
    return services
