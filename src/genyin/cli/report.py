"""`report`: the monthly service report."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin import config
from genyin.base.actor import Actor
from genyin.base.errors import NotAvailable, UnknownReference, gettext_noop
from genyin.base.sentences import say as sentence
from genyin.cli import voice
from genyin.cli.command import command, wrong_use
from genyin.cli.operator import operator
from genyin.cli.papers import lay
from genyin.incidents import queries as incidents
from genyin.incidents.models import Project
from genyin.intake import library
from genyin.intake import queries as intake
from genyin.procedure import queries as procedures
from genyin.reports import actions, printing, queries
from genyin.reports.catalogue import BY_CODE, SURE_LINES
from genyin.reports.documents.sections import formula_with_numbers
from genyin.reports.documents.service_report import period, scope_name
from genyin.reports.documents.text import figure_text
from genyin.reports.facts import Scope
from genyin.reports.figures import Figures, summary
from genyin.reports.gathering import scope_of
from genyin.reports.models import ServiceReport

app = typer.Typer()
LINES = (*(metric.code for metric in SURE_LINES), "incidents_opened", "incidents_resolved", "incidents_closed")


@command(app, "report")
def report(
    *,
    month: Annotated[str, typer.Argument(help=_("As 2026-10, cut in the time zone of the source or the site."))],
    issue: Annotated[bool, typer.Option("--issue", help=_("Freeze the figures of a month that is over."))] = False,
    reason: Annotated[
        str, typer.Option(help=_("Why it is issued again, or before the month-end check is complete."))
    ] = "",
    formats: Annotated[str, typer.Option("--format", help=_("Some of docx,xlsx,pdf; all when left out."))] = "",
    out: Annotated[Path | None, typer.Option(file_okay=False, help=_("Folder for the documents."))] = None,
    source: Annotated[str, typer.Option(help=_("Incidents of this source only."))] = "",
    customer: Annotated[str, typer.Option(help=_("One customer's."))] = "",
    project: Annotated[str, typer.Option(help=_("One project's."))] = "",
) -> dict[str, object]:
    if reason and not issue:
        raise wrong_use(_("%(flag)s is missing.") % {"flag": "--issue"})
    wanted, by = _formats(formats), operator()
    scope, zone = _scope(customer, project, source, by), zone_of(source, seen_by=by)
    if issue:
        actions.issue(month, scope=scope, zone=zone, reason=reason, by=by)
    figures, issued = queries.report_for(month, scope=scope, zone=zone, seen_by=by)
    _say(figures, issued)
    folder = out or config.load().home / "reports"
    files = []
    for name in wanted or actions.FORMATS:
        try:
            content = _document(figures, issued, name)
        except NotAvailable as lacking:
            if wanted:
                raise
            voice.warn(sentence(lacking))
            continue
        files.append(lay(content, folder / f"{_stem(figures, issued)}.{name}"))
    for file in files:
        voice.say(file)
    frozen = {"number": issued.number, "sha256": issued.sha256} if issued else {"number": None, "sha256": None}
    return {**summary(figures), "files": files, "month": figures.month, "zone": figures.zone, **frozen}


def _formats(given: str) -> Sequence[str]:
    """The formats asked for, in the order asked; none when every one is meant. Raises Exit(2) for an unknown one."""
    names = [name.strip() for name in given.split(",") if name.strip()]
    if unknown := [name for name in names if name not in actions.FORMATS]:
        raise wrong_use(
            _("There is no format “%(format)s”. Choose from: %(known)s.")
            % {"format": unknown[0], "known": ", ".join(actions.FORMATS)}
        )
    return list(dict.fromkeys(names))


def _scope(customer: str, project: str, source: str, by: Actor) -> Scope:
    """Everybody's, a customer's or a project's figures. Raises UnknownReference, also where two have such a project."""
    whose = incidents.visible_customers(by).filter(name=customer).first() if customer else None
    if customer and whose is None:
        nobody = gettext_noop("There is no customer “%(name)s” that you may see.")
        raise UnknownReference(nobody, field="customer", name=customer)
    if not project:
        return scope_of(customer=whose, source=source)
    found = Project.objects.filter(name=project, **({"customer": whose} if whose else {}))
    if found.count() > 1:
        several = gettext_noop("Several customers have a project “%(name)s”; say whose with --customer.")
        raise UnknownReference(several, field="project", name=project)
    one = found.first()
    if one is None:
        raise UnknownReference(gettext_noop("There is no project “%(name)s”."), field="project", name=project)
    return scope_of(project=one, source=source)


def zone_of(source: str, *, seen_by: Actor) -> str:
    """The zone in which a source writes its dates: its months are cut there. Empty for the site's."""
    last = intake.visible_to(seen_by).filter(source=source).first() if source else None
    if last is None:
        return ""
    own = Path(last.mapping_path)
    mapping = library.load(own) if last.mapping_path and own.is_file() else library.ready(last.mapping)
    return mapping.zone if mapping else ""


def _say(figures: Figures, issued: ServiceReport | None) -> None:
    """The sure lines and the incidents, each with its formula."""
    voice.say(f"{scope_name(figures)}, {period(figures)} ({figures.zone})")
    for code in LINES:
        metric, figure = BY_CODE[code], figures.of_month(code)
        said = {"name": _(metric.name), "value": figure_text(figure.value, metric.unit)}
        formula = formula_with_numbers(metric, figure)
        voice.say(_("%(name)s: %(value)s") % said + f"  [{formula}]")
    if issued is None:
        voice.say(_("A draft: the figures are not frozen. Freeze them with --issue when the month is over."))
    else:
        voice.say(
            _("Issued as %(number)s, frozen: SHA-256 %(digest)s") % {"number": issued.number, "digest": issued.sha256}
        )


def _document(figures: Figures, issued: ServiceReport | None, name: str) -> bytes:
    if issued is not None:
        return actions.document(issued, name)
    return printing.of_draft(figures, name, language=procedures.site().language)


def _stem(figures: Figures, issued: ServiceReport | None) -> str:
    """The number of the report, or for a draft its month and scope, fit to be a file's name."""
    if issued is not None:
        return issued.number
    parts = ("draft", figures.month, figures.scope.name, figures.scope.source)
    return "-".join(re.sub(r"[^\w-]+", "-", part) for part in parts if part)
