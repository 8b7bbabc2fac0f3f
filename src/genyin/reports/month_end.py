"""The month-end check: is every problem of the month in the register, and complete where it is finished (R56)?"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from genyin.people.models import User
from genyin.problems.models import Cause, Problem, RegisterEntry
from genyin.problems.rules import REGISTER_FIELDS
from genyin.reports import rules
from genyin.reports.facts import RegisterGap, Window
from genyin.reports.models import MonthEndConfirmation


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What the check looked at and found; `owners` must confirm it, `unconfirmed` are those who have not."""

    month: str
    looked_at: int
    gaps: tuple[RegisterGap, ...]
    owners: tuple[User, ...]
    confirmations: tuple[MonthEndConfirmation, ...]

    @property
    def unconfirmed(self) -> tuple[User, ...]:
        done = {confirmation.owner_id for confirmation in self.confirmations}
        return tuple(owner for owner in self.owners if owner.pk not in done)

    @property
    def complete(self) -> bool:
        """Nothing is missing and every owner has said so."""
        return not self.gaps and not self.unconfirmed


def check(seen: QuerySet[Problem], window: Window) -> MonthEnd:
    """The check over these problems. Imported history is not asked for: nobody kept its register here."""
    rows = list(of_month(seen, window).select_related("owner", "service").order_by("id"))
    owners = {row.owner_id: row.owner for row in rows if row.owner}
    gaps = tuple(gap for row in rows if (gap := gap_of(row)))
    confirmed = MonthEndConfirmation.objects.filter(month=window.month, owner_id__in=owners).select_related("owner")
    return MonthEnd(
        month=window.month,
        looked_at=len(rows),
        gaps=gaps,
        owners=tuple(sorted(owners.values(), key=lambda owner: owner.name)),
        confirmations=tuple(confirmed.order_by("id")),
    )


def of_month(seen: QuerySet[Problem], window: Window) -> QuerySet[Problem]:
    """Registered, resolved or closed in the month, with whether it has a row and a cause."""
    fields = ("registered_at", "resolved_at", "closed_at")
    touched = Q()
    for field in fields:
        touched |= Q(**{f"{field}__gte": window.start, f"{field}__lt": window.end})
    return seen.filter(touched, is_imported=False).annotate(
        in_register=Exists(RegisterEntry.objects.filter(problem=OuterRef("pk"))),
        has_cause=Exists(Cause.objects.filter(problem=OuterRef("pk"))),
    )


def gap_of(problem: Problem) -> RegisterGap | None:
    """What the register lacks of one problem; None when nothing."""
    owner = problem.owner.name if problem.owner else ""
    if not problem.in_register:  # type: ignore[attr-defined]
        return RegisterGap(problem.pk, problem.number, problem.title, owner)
    values = {name: getattr(problem, name, None) for name in REGISTER_FIELDS}
    values["root_cause"] = problem.has_cause  # type: ignore[attr-defined]
    missing = rules.register_gaps(values, stage=problem.stage, outcome=problem.outcome)
    return RegisterGap(problem.pk, problem.number, problem.title, owner, missing) if missing else None
