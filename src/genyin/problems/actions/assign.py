"""Dispatching, accepting, handing over, and the people who take part."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents.queries import representing
from genyin.people.holders import at_work
from genyin.people.models import User
from genyin.people.roles import Right, parts_of
from genyin.problems import points
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Part, PartKind, Problem
from genyin.problems.writing import begin, finish, required


def dispatch(problem: Problem, *, owner: User, note: str = "", by: Actor) -> Problem:
    """Hand the problem to its owner (R43)."""
    with transaction.atomic():
        step = begin(problem, "dispatch", by=by)
        _may_take(owner, Right.OWNER, "owner")
        return finish(
            problem,
            step,
            "problem.dispatched",
            by=by,
            note=note,
            satisfies={"owner": owner.name},
            owner=owner,
            dispatcher_id=by.user_id,
            dispatched_at=clock.now(),
            is_reassigned=False,
        )


def reassign(problem: Problem, *, owner: User, reason: str, by: Actor) -> Problem:
    """Give the problem another owner, who acknowledges by accepting; the stage stays (改派)."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "reassign", by=by)
        _may_take(owner, Right.OWNER, "owner")
        if owner.pk == problem.owner_id:
            raise BadInput(gettext_noop("This person already owns the problem."), field="owner")
        return finish(
            problem,
            step,
            "problem.reassigned",
            by=by,
            note=reason,
            satisfies={"owner": owner.name},
            owner=owner,
            dispatcher_id=by.user_id,
            is_reassigned=problem.stage != Stage.ASSIGNED,
        )


def accept(problem: Problem, *, by: Actor) -> Problem:
    """Accept what the lead assigned (R26); after a reassignment it acknowledges, the stage stays."""
    with transaction.atomic():
        step = begin(problem, "accept", by=by)
        changes: dict[str, Any] = {} if problem.is_reassigned else {"accepted_at": clock.now()}
        # At low level the owner may work alone; that is said, not assumed (R44).
        alone = {"team": f"{problem.owner} alone (low level)"} if problem.level == "low" else {}
        return finish(problem, step, "problem.accepted", by=by, satisfies=alone, is_reassigned=False, **changes)


def decline(problem: Problem, *, reason: str, by: Actor) -> Problem:
    """Give the problem back to the lead who dispatched it; they own it until they find another owner (R45)."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "decline", by=by)
        if step.to == Stage.SUBMITTED:
            points.open_again(problem, ["owner"])
        return finish(
            problem, step, "problem.declined", by=by, note=reason, owner=problem.dispatcher, is_reassigned=False
        )


def form_team(problem: Problem, *, members: Iterable[User], by: Actor) -> Problem:
    """Form the analysis team 问题分析小组 (R44): exactly these people besides the owner."""
    people = list(members)
    with transaction.atomic():
        step = begin(problem, "form_team", by=by)
        if not people and problem.level != "low":
            raise BadInput(gettext_noop("Name at least one member besides the owner."), field="members")
        for person in sorted(people, key=lambda person: person.pk):  # one order for all: each is locked
            _may_take(person, Right.TEAM, "members")
        problem.parts.filter(kind=PartKind.TEAM).exclude(user__in=people).delete()
        present = set(problem.parts.filter(kind=PartKind.TEAM).values_list("user_id", flat=True))
        Part.objects.bulk_create(_part(problem, p, PartKind.TEAM) for p in people if p.pk not in present)
        names = [person.name for person in people]
        evidence = ", ".join(names) or f"{problem.owner} alone"
        return finish(problem, step, "problem.team_formed", by=by, satisfies={"team": evidence}, tells={"team": names})


def invite_representative(problem: Problem, *, user: User, by: Actor) -> Problem:
    """Invite a user representative 用户代表 (R53); they will see what is meant for customers.

    Raises BadInput for somebody of another customer: no text of one customer reaches another.
    """
    with transaction.atomic():
        step = begin(problem, "invite_representative", by=by)
        _may_take(user, Right.INVITED, "user")
        if not representing(user.pk, problem.service_id).exists():
            raise BadInput(gettext_noop("This representative belongs to another customer."), field="user")
        Part.objects.get_or_create(
            problem=problem, user=user, kind=PartKind.REPRESENTATIVE, defaults={"since": clock.now()}
        )
        return finish(problem, step, "problem.representative_invited", by=by, tells={"representative": user.name})


def _may_take(person: User, part: Right, field: str) -> None:
    roles = frozenset(at_work(person, field=field).grants.values_list("role", flat=True))
    if part not in parts_of(roles):
        raise BadInput(
            gettext_noop("%(name)s cannot take this part: no role allows it."), field=field, name=person.name
        )


def _part(problem: Problem, user: User, kind: PartKind) -> Part:
    return Part(problem=problem, user=user, kind=kind, since=clock.now())
