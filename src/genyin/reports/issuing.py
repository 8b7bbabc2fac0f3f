"""Issuing the monthly service report."""

import re
from collections.abc import Sequence

from django.db import transaction

from genyin.base import clock, events, files, quiet
from genyin.base.actor import Actor
from genyin.base.claims import first_come
from genyin.base.errors import BadInput, NotAllowed, NotAvailable, WrongStage, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident, Service
from genyin.people.roles import require
from genyin.problems.models import Problem
from genyin.procedure import queries as procedures
from genyin.reports import figures, freezing, gathering, metrics, printing, queries
from genyin.reports.facts import Facts, Scope, ScopeKind
from genyin.reports.gathering import EVERYTHING
from genyin.reports.models import ServiceReport

FORMATS = tuple(printing.PRODUCERS)


def issue(
    month: str, *, scope: Scope = EVERYTHING, zone: str = "", language: str = "", remarks: str = "", reason: str = "",
    formats: Sequence[str] = FORMATS, by: Actor,
) -> ServiceReport:  # fmt: skip
    """Freeze the figures of a month that is over and make its documents (R34, R58).

    Issuing it again without a `reason` gives the report that stands: what came later belongs to the next one.
    With a reason a new version is issued beside the old, and a first one whose month-end check is not complete.
    A format this machine cannot make is left for later.
    """
    through = require(by, "report.issue")
    visible_scope(scope, by)
    standing = queries.issued(month, scope=scope, seen_by=by)
    if standing is not None and not reason.strip():
        return standing
    with quiet.nobody_writes(Incident, Problem):
        # What is not counted here must come later than this report, or no report would ever tell of it.
        facts = gathering.gather(month, seen_by=by, scope=scope, zone=zone)
    if facts.window.end > facts.window.as_of:
        early = gettext_noop("%(month)s is not over. A report is issued after its month.")
        raise BadInput(early, field="month", month=month)
    if not reason.strip():
        _month_end_done(facts)
    report = frozen(facts, by=by)
    report.version = standing.version + 1 if standing else 1
    report.number = number_of(report)
    report.language = language or procedures.site().language
    report.remarks, report.reason = remarks.strip(), reason.strip()
    report.after_freeze = [
        list(row) for row in queries.after_freeze(month, scope=scope, as_of=report.as_of, seen_by=by)
    ]
    contents = made(report, formats)
    with transaction.atomic():
        report.facts_sha256 = files.keep(freezing.freeze_facts(facts))
        report.files = {name: files.keep(content) for name, content in contents.items()}
        with first_come(gettext_noop("Somebody else issued this report meanwhile. Reload it.")):  # its number is unique
            report.save(force_insert=True)
        after = {"month": month, "scope": scope.name, "sha256": report.sha256, "files": report.files}
        events.record("report.issued", report, by=by, after=after, note=reason, through=through)
    return report


def _month_end_done(facts: Facts) -> None:
    """R56 before R58: the register is complete and every owner has confirmed it; else a reason must be given.

    Asked of the report's own problems: one customer's report does not wait for another's.
    """
    if facts.register_gaps or facts.unconfirmed:
        raise WrongStage(
            gettext_noop(
                "The month-end check is not complete: %(gaps)s incomplete rows, %(owners)s owners have not confirmed. "
                "Complete it, or say why the report is issued all the same."
            ),
            field="reason",
            gaps=len(facts.register_gaps),
            owners=len(facts.unconfirmed),
        )


def frozen(facts: Facts, *, by: Actor) -> ServiceReport:
    """The report with its figures, not yet written."""
    scope = facts.scope
    content = freezing.freeze(figures.compute(facts))
    return ServiceReport(
        month=facts.window.month,
        scope=scope.kind,
        customer_id=scope.id if scope.kind is ScopeKind.CUSTOMER else None,
        project_id=scope.id if scope.kind is ScopeKind.PROJECT else None,
        source=scope.source,
        zone=facts.zone,
        definitions=metrics.DEFINITIONS,
        figures=content.decode(),
        sha256=freezing.digest(content),
        as_of=facts.window.as_of,
        issued_at=clock.now(),
        issued_by_id=by.user_id,
        issued_by_name=by.name,
    )


def number_of(report: ServiceReport) -> str:
    """FWBG-202610, with the customer's or project's id and the version where there are any."""
    number = f"FWBG-{report.month.replace('-', '')}"
    if report.customer_id or report.project_id:
        number += f"-K{report.customer_id}" if report.customer_id else f"-X{report.project_id}"
    if report.source:
        # The number stands in addresses and file names.
        number += "-" + re.sub(r"[^\w]+", "-", report.source)
    return number if report.version == 1 else f"{number}-v{report.version}"


def made(report: ServiceReport, formats: Sequence[str]) -> dict[str, bytes]:
    """The documents by format. PDF without a Chinese font is left out: it can be made later from the same figures."""
    contents = {}
    for name in formats:
        try:
            contents[name] = printing.of_report(report, name)
        except NotAvailable:
            continue
    return contents


def visible_scope(scope: Scope, actor: Actor) -> None:
    """Refuse a scope that holds more than the actor may see. Raises NotAllowed."""
    if actor.sees_all:
        return
    hidden = Service.objects.exclude(id__in=incidents.visible_services(actor).values("id"))
    if scope.kind is not ScopeKind.ALL:
        hidden = hidden.filter(**{queries.SCOPE_FIELDS[scope.kind]: scope.id})
    if hidden.exists():
        raise NotAllowed(gettext_noop("You do not see every service of this report, so you cannot issue it."))


def document(report: ServiceReport, name: str) -> bytes:
    """A format of an issued report: the kept file, or one made now from the frozen figures.

    Raises BadInput for an unknown format and NotAvailable where this machine cannot make it.
    """
    kept = report.files.get(name)
    return files.read(kept) if kept else printing.of_report(report, name)
