"""Builds the demo in an empty database through the verbs, with the clock set back, so that dates, control points and
the event log are what they would be had people worked here for a year."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import transaction

from genyin.base import clock, events, jobs
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.base.models import Event
from genyin.demo import LOADED, analysis, followups, incidents, registering, reporting, stories, world
from genyin.demo.places import build_places
from genyin.demo.roster import build_people
from genyin.demo.scene import Arrivals, Scene
from genyin.demo.short import short_stories
from genyin.demo.stories import Step, Story
from genyin.demo.text import Language
from genyin.demo.verbs import VERBS, Line
from genyin.incidents.models import Incident
from genyin.people import actions as people
from genyin.problems.models import Problem
from genyin.procedure import actions as procedure
from genyin.procedure.content import default
from genyin.trends import watch
from genyin.trends.runs import novelty

#: The site and its people were set up before the first incident.
SET_UP = timedelta(days=380)
#: The last monthly trend analysis; this morning's comes on top.
ANALYSED = "w24 08:40"
#: The newest incidents, enough to tell which one is the first of its kind; the next night judges more of them.
JUDGED = 400


@dataclass(frozen=True)
class Loaded:
    """What the demo holds; `fresh` is False when it had been loaded before."""

    incidents: int
    problems: int
    events: int
    fresh: bool


def load(*, today: date, by: Actor, language: Language = "zh") -> Loaded:
    """Build the whole demo as of the morning of `today`, in one transaction; a second run finds it loaded.

    Raises BadInput when the database holds anything else.
    """
    if Event.objects.filter(verb=LOADED).exists():
        return _counted(fresh=False)
    if Event.objects.exists():
        raise BadInput(
            gettext_noop("The demo needs an empty database. Choose another GENYIN_HOME."), field="GENYIN_HOME"
        )
    with transaction.atomic(), jobs.quiet():
        scene = _stage(today, dataclasses.replace(by, roles=by.roles | {"administrator"}), language)
        _tell(scene)
        with clock.at(_morning(today)):
            scene.arrivals.receive_until(clock.now())
            analysis.analyse(scene)
            watch.look_at_all()
            _delegate(scene)
            events.record(LOADED, None, by=by, after={"today": today, "language": language})
    with clock.at(_morning(today)):  # what is committed may be matched: the index lies in files
        novelty.catch_up(most=JUDGED)
    return _counted(fresh=True)


def _counted(*, fresh: bool) -> Loaded:
    return Loaded(Incident.objects.count(), Problem.objects.count(), Event.objects.count(), fresh)


def _morning(today: date) -> datetime:
    return datetime.combine(today, time(), stories.ZONE)


def _stage(today: date, builder: Actor, language: Language) -> Scene:
    """The site, the procedure, places and people: what `setup` and the administrator do first."""
    with clock.at(_morning(today) - SET_UP):
        procedure.set_site(**_site(language), by=builder)
        procedure.publish(default(), note="", by=builder)
        services = build_places(language)
        users, actors = build_people(language, services, by=builder)
    told = incidents.year(today=today, language=language)
    return Scene(today, language, Arrivals(told, by=builder), users, actors, services)


def _site(language: Language) -> dict[str, str]:
    code = {"zh": "zh-hans", "en": "en"}[language]
    return {"name": world.PROVIDER.said_in(language), "zone": world.TIME_ZONE, "language": code}


def _tell(scene: Scene) -> None:
    """Play all stories side by side, in the order of time."""
    lines = sorted(_lines(scene), key=lambda line: line[0])  # stable: a story's own steps keep their order
    for moment, play in lines:
        with clock.at(moment):
            play()


def _lines(scene: Scene) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Every line of every story and every month's report, each with its moment."""
    for story in (*stories.stories(), *short_stories()):
        yield stories.moment(story.at, scene.today), partial(registering.register, scene, story)
        for step in (*story.steps, *stories.rounds(story, scene.today)):
            yield stories.moment(step.at, scene.today), partial(_play, scene, story, step)
    for story_key, action, moment in followups.due(scene.today):
        yield moment, partial(followups.finish, scene, story_key, action)
    yield stories.moment(ANALYSED, scene.today), partial(_analyse, scene)
    for month, moment in reporting.due(scene.today):
        yield moment, partial(reporting.issue, scene, month)


def _analyse(scene: Scene) -> None:
    scene.arrivals.receive_until(clock.now())
    analysis.conclude(scene)


def _play(scene: Scene, story: Story, step: Step) -> None:
    if step.verb in ("link", "try"):
        scene.arrivals.receive_until(clock.now())
    said = stories.spoken(step.said, scene.language)
    VERBS[step.verb](Line(scene, scene.problem(story.key), story.family, scene.actors[step.by], said))


def _delegate(scene: Scene) -> None:
    """The first lead is away next week: the deputy holds the right meanwhile (代理)."""
    starts, ends = scene.today - timedelta(days=1), scene.today + timedelta(days=14)
    people.delegate(scene.users["lead"], to=scene.users["deputy"], starts=starts, ends=ends, by=scene.actors["lead"])
