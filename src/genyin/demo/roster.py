"""The people of the demo, added by the administrator, with what each may see."""

from django.contrib.auth.hashers import make_password

from genyin.base.actor import Actor
from genyin.demo import staff, world
from genyin.demo.accounts import PASSWORD
from genyin.demo.staff import Person
from genyin.demo.text import Language
from genyin.incidents.models import Access, Customer, Service
from genyin.people import actions as people
from genyin.people.models import Team, User
from genyin.people.queries import actor_for

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def build_people(
    language: Language, services: dict[str, Service], *, by: Actor
) -> tuple[dict[str, User], dict[str, Actor]]:
    """Everybody by user name, and the actors they act as."""
    users = {person.username: _add(person, language, by=by) for person in staff.PEOPLE}
    # Hashed once for all: the hash is slow on purpose, and these people share one password anyway.
    User.objects.filter(username__in=users).update(password=make_password(PASSWORD))
    teams = {team.key: Team.objects.get(name=team.name.said_in(language)) for team in staff.TEAMS}
    for person in staff.PEOPLE:
        if person.team:
            teams[person.team].members.add(users[person.username])
        _open(users[person.username], person, services)
    for service in world.SERVICES:
        Service.objects.filter(pk=services[service.key].pk).update(default_owner=users[service.owner])
    return users, {name: actor_for(user) for name, user in users.items()}


def _add(person: Person, language: Language, *, by: Actor) -> User:
    return people.add_user(
        person.username,
        name=person.name.said_in(language),
        email=person.mail,
        password=None,
        roles=person.roles,
        language=LANGUAGES[language],
        by=by,
    )


def _open(user: User, person: Person, services: dict[str, Service]) -> None:
    """A representative sees their own customer; others the customers of their services, or all of them."""
    seen = Customer.objects.filter(services__in=[services[key] for key in person.services or services]).distinct()
    Access.objects.bulk_create(Access(user=user, customer=customer) for customer in seen)
