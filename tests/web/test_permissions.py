"""Every verb tried by every role on the screens; what is expected follows from the two tables alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from genyin.base import clock, events
from genyin.people.roles import ROLES, Right
from genyin.problems.lifecycle import TRANSITIONS, Transition
from genyin.problems.models import Part, PartKind, Problem
from genyin.problems.stages import Flag, Stage
from tests.cast import PEOPLE, Cast

Visit = Callable[..., Client]

#: Parts that people of the cast have in the problem under test.
PARTS = {"owner": Right.OWNER, "analyst": Right.TEAM, "representative": Right.INVITED, "first_line": Right.SUBMITTER}
WHO = (
    "lead",
    "owner",
    "other_owner",
    "analyst",
    "first_line",
    "representative",
    "management",
    "administrator",
    "auditor",
    "city_first_line",
)
#: Those who do not even see the problem: another customer's, and those without any part in business.
BLIND = ("administrator", "city_first_line")
ROWS = [row for row in TRANSITIONS if row.start]


def rights_of(who: str) -> frozenset[Right]:
    """What the tables give this person on the problem: by role, and by part where a role may take it."""
    roles = [ROLES[code] for code in PEOPLE[who][0]]
    held = frozenset().union(*(role.rights for role in roles))
    part = PARTS.get(who)
    takes = part is not None and any(part in role.parts for role in roles)
    return held | ({part} if takes and part else frozenset())


def prepared(cast: Cast, row: Transition) -> Problem:
    """A problem in a stage where the row starts, with the flags it asks for, everybody having their part."""
    problem = cast.submitted()
    stage = row.start[0]
    now = clock.now()
    Problem.objects.filter(pk=problem.pk).update(
        stage=stage,
        outcome="fixed" if stage == Stage.CLOSED else "",
        submitter=cast.user("first_line"),
        owner=None if stage == Stage.SUBMITTED and Right.OWNER not in row.by else cast.user("owner"),
        is_sent_back=Flag.SENT_BACK in row.only_if,
        is_reassigned=Flag.REASSIGNED in row.only_if,
        is_major=Flag.MAJOR in row.only_if,
        hold_asked_at=now if Flag.HOLD_ASKED in row.only_if else None,
        held_since=now if Flag.ON_HOLD in row.only_if else None,
    )
    for who, kind in (("analyst", PartKind.TEAM), ("representative", PartKind.REPRESENTATIVE)):
        Part.objects.create(problem=problem, user=cast.user(who), kind=kind, since=now)
    problem.points.filter(code__in=row.needs).update(state="satisfied")
    problem.refresh_from_db()
    return problem


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.verb}-{number}" for number, row in enumerate(ROWS)])
def test_who_may_and_who_may_not(cast: Cast, visit: Visit, row: Transition) -> None:
    if Flag.OWNER_LEADS in row.only_if:
        cast.user("owner").grants.create(role="lead")
    problem = prepared(cast, row)
    owner_is_set = problem.owner_id is not None
    told, stood = events.head(), Problem.objects.values_list().get(pk=problem.pk)
    for who in WHO:
        rights = rights_of(who) - (frozenset() if owner_is_set else {Right.OWNER})
        if who == "owner" and Flag.OWNER_LEADS in row.only_if:
            rights |= ROLES["lead"].rights
        may = who not in BLIND and any(
            r.verb == row.verb and problem.stage in r.start and r.by & rights and not r.not_by & rights
            and r.only_if <= row.only_if and not r.not_if & row.only_if
            for r in ROWS
        )  # fmt: skip
        url = f"/problems/{problem.number}/{row.verb}/"
        client = visit(who)
        seen = client.get(url).status_code
        if may:
            assert seen == 200, who
        else:
            assert seen in ((404,) if who in BLIND else (403, 404, 409)), who
            assert client.post(url, {"version": problem.version}).status_code in (403, 404, 409), who
    assert (events.head(), Problem.objects.values_list().get(pk=problem.pk)) == (told, stood)
