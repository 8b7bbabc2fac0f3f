"""Filing problems in the register, and confirming a month's end."""

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor, Delegated
from genyin.base.errors import BadInput, NotAllowed, gettext_noop
from genyin.people.models import User
from genyin.people.roles import Right, rights_of
from genyin.problems import register_entry
from genyin.problems.models import Problem
from genyin.problems.writing import begin, finish
from genyin.reports import queries
from genyin.reports.models import MonthEndConfirmation


def archive(problem: Problem, *, note: str = "", by: Actor) -> Problem:
    """File the problem in the register: its row is complete, and frozen from now on (R55). Needs: register_complete."""
    with transaction.atomic():
        step = begin(problem, "archive", by=by)
        moment = clock.now()
        register_entry.freeze(problem)
        evidence = gettext_noop("row frozen")
        return finish(
            problem, step, "problem.archived", by=by, note=note, satisfies={"archived": evidence}, archived_at=moment
        )


def confirm_month_end(month: str, *, owner: User | None = None, note: str = "", by: Actor) -> MonthEndConfirmation:
    """Say that every problem of the month is in the register (R56): the owner, or whoever stands for them.

    Raises BadInput naming the rows that are still missing or incomplete.
    """
    owner_id = owner.pk if owner else by.user_id
    through = _confirms(owner_id, by=by)
    check = queries.month_end_check(month, seen_by=by)
    mine = Problem.objects.filter(owner_id=owner_id).values_list("number", flat=True)
    gaps = sorted({gap.ref for gap in check.gaps} & set(mine))
    if gaps:
        message = gettext_noop("Not yet: these rows of the register are missing or incomplete: %(rows)s.")
        raise BadInput(message, field="month", rows=", ".join(gaps))
    with transaction.atomic():
        row, new = MonthEndConfirmation.objects.get_or_create(
            month=month,
            owner_id=owner_id,
            defaults={
                "problems": check.looked_at,
                "note": note,
                "confirmed_at": clock.now(),
                "confirmed_by": by.name,
            },
        )
        if new:
            after = {"month": month, "owner": row.owner.name}
            events.record("month_end.confirmed", row, by=by, after=after, note=note, through=through)
    return row


def _confirms(owner_id: int | None, *, by: Actor) -> Delegated | None:
    """The delegation that lets the actor confirm an owner's month, None when they do so themselves. Raises NotAllowed.

    An owner's own delegation comes before a lead's.
    """
    if owner_id is not None:
        if by.user_id == owner_id or Right.LEAD in rights_of(by.roles):
            return None
        lent = [one for one in by.delegated if one.user_id == owner_id or Right.LEAD in rights_of(one.roles)]
        if lent:
            return min(lent, key=lambda one: one.user_id != owner_id)
    raise NotAllowed(gettext_noop("Only the owner, a delegate or a lead confirms an owner's month."))
