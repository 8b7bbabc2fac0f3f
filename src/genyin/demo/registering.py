"""How the problems of the stories are registered: by hand, from an incident, or from a candidate of the analysis."""

from genyin.base import clock
from genyin.demo import analysis
from genyin.demo.scene import Scene
from genyin.demo.stories import Story
from genyin.incidents.models import ConfigurationItem
from genyin.problems import actions as problems
from genyin.problems.models import IncidentLink, Problem
from genyin.trends import actions as trends
from genyin.trends.models import Candidate


def register(scene: Scene, story: Story) -> None:
    """Register the story's problem, from the candidate that shows its family where there is one."""
    scene.arrivals.receive_until(clock.now())
    candidate = analysis.candidate_for(scene, story.family) if story.source == "trend" else None
    scene.problems[story.key] = _accepted(scene, story, candidate) if candidate else _by_hand(scene, story)


def _accepted(scene: Scene, story: Story, candidate: Candidate) -> Problem:
    by = scene.actors["lead2"]
    problem = trends.accept_candidate(
        candidate,
        title=story.title.said_in(scene.language),
        description=story.description.said_in(scene.language),
        category=story.category,
        level=story.level,
        impact=story.impact,
        urgency=story.urgency,
        reason=story.reason,
        by=by,
    )
    return problems.edit(
        problem, subcategory=story.subcategory, impact_text=story.impact_text.said_in(scene.language), by=by
    )


def _by_hand(scene: Scene, story: Story) -> Problem:
    language, service = scene.language, scene.services[story.service]
    taken = IncidentLink.objects.filter(incident__service=service).values_list("incident__external_id", flat=True)
    linked = scene.arrivals.newest(story.family, story.link, without=set(taken))
    return problems.register(
        title=story.title.said_in(language),
        description=story.description.said_in(language),
        impact_text=story.impact_text.said_in(language),
        service=service,
        category=story.category,
        subcategory=story.subcategory,
        level=story.level,
        impact=story.impact,
        urgency=story.urgency,
        source=story.source,
        reason=story.reason,
        environment="production",
        found_at=linked[0].occurred_at if linked else None,
        items=ConfigurationItem.objects.filter(service=service, name__in=story.items),
        incidents_linked=linked,
        origin=linked[0] if linked and story.source == "incident" else None,
        by=scene.actors[story.submitter],
    )
