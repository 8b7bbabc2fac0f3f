"""《问题记录汇总表》 from what is stored (R55), with the month-end check beside it (R56)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from genyin.base import clock
from genyin.problems import register_entry
from genyin.problems.models import Problem
from genyin.problems.stages import LEFT_OUT
from genyin.procedure import queries as procedures
from genyin.reports.documents import register
from genyin.reports.documents.text import Dates
from genyin.reports.documents.words import listed, name_of
from genyin.reports.month_end import MonthEnd


def register_book(chosen: QuerySet[Problem], *, period: str, check: MonthEnd | None, language: str) -> bytes:
    """《问题记录汇总表》 as a workbook, with the month-end check where one is given (R55, R56)."""
    site = procedures.site()
    with translation.override(language):
        dates = Dates(site.zone)
        rows = (register_row(problem, dates) for problem in chosen.iterator(chunk_size=500))
        return register.produce(
            rows,
            organisation=site.name,
            period=period,
            language=language,
            at=clock.now(),
            check=checked(check, dates) if check else None,
        )


def register_row(problem: Problem, dates: Dates) -> register.RegisterRow:
    """The frozen row where there is one, else the row as it stands. The closing comes after archiving: it is added."""
    entry = getattr(problem, "register_entry", None)
    row = entry.content if entry is not None and entry.frozen_at and entry.content else register_entry.row(problem)
    resolved = dates.day(moment(row["resolved_at"]))
    reviewed = " ".join(text for text in (resolved, row["minutes"]) if text) if row["minutes"] else ""
    return register.RegisterRow(
        ref=row["number"],
        title=row["title"],
        source=name_of("source", row["source"]),
        category=name_of("category", row["category"]),
        level=name_of("level", row["level"]),
        service=row["service"],
        submitter=row["submitter"],
        registered_on=dates.day(moment(row["registered_at"])),
        owner=row["owner"],
        cause=row["root_cause"],
        solution=row["solution"],
        change=changed(problem, row["changes"]),
        status=status(problem),
        resolved_on=resolved,
        review=reviewed,
        closed_on=dates.day(problem.closed_at),
        remarks=problem.closing_note or row["note"],
    )


def moment(value: datetime | str | None) -> datetime | None:
    """A moment from a live row or from a frozen one."""
    return parse_datetime(value) if isinstance(value, str) else value


def changed(problem: Problem, numbers: Iterable[str]) -> str:
    """Whether a change was needed, and which."""
    listed_numbers = listed(numbers)
    return listed_numbers or {None: "", True: _("Yes"), False: _("No")}[problem.change_needed]


def status(problem: Problem) -> str:
    """The reported status with the outcome; what the totals leave out has an outcome only. 历史导入 where imported."""
    text = name_of("status", problem.status)
    if problem.outcome in LEFT_OUT:
        text = name_of("outcome", problem.outcome)
    elif problem.outcome:
        text = f"{text} ({name_of('outcome', problem.outcome)})"
    return f"{text} · {_('Imported history')}" if problem.is_imported else text


def checked(check: MonthEnd, dates: Dates) -> register.Check:
    """The month-end check as the workbook prints it."""
    done = {one.owner_id: dates.day(one.confirmed_at) for one in check.confirmations}
    return register.Check(
        month=check.month,
        looked_at=check.looked_at,
        missing=tuple(register.MissingRow(gap.ref, gap.title, gap.owner, gap.missing) for gap in check.gaps),
        owners=tuple(register.OwnerCheck(str(owner), done.get(owner.pk, "")) for owner in check.owners),
    )
