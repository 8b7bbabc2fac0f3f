"""`report` and `register`."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.base.errors import UnknownReference, gettext_noop
from genyin.cli import voice
from genyin.cli.command import command, wrong_use
from genyin.cli.operator import operator
from genyin.incidents.models import Customer, Project
from genyin.intake import library
from genyin.intake.models import ImportRun
from genyin.procedure import queries as procedures
from genyin.reports import actions, printing, queries
from genyin.reports.facts import Scope
from genyin.reports.figures import Figures, summary
from genyin.reports.gathering import scope_of
from genyin.reports.models import ServiceReport
from genyin.reports.register_book import register_book

app = typer.Typer()
Month = Annotated[str, typer.Argument(help=_("The month, as 2026-09."))]


@command(app, "report")
def report(
    month: Month,
    *,
    issue: Annotated[bool, typer.Option("--issue", help=_("Freeze the figures; the month must be over."))] = False,
    formats: Annotated[str, typer.Option("--format", help=_("docx, xlsx, pdf; several with commas."))] = "",
    out: Annotated[Path | None, typer.Option(help=_("Folder for the files; here when left out."))] = None,
    source: Annotated[str, typer.Option(help=_("Only incidents of this source."))] = "",
    customer: Annotated[str, typer.Option(help=_("Only this customer's services."))] = "",
    project: Annotated[str, typer.Option(help=_("Only this project's services."))] = "",
) -> dict[str, object]:
    by, wanted = operator(), _formats(formats, issue=issue)
    scope, zone = _scope(customer, project, source), _zone(source)
    if issue:
        issued = actions.issue(month, scope=scope, zone=zone, by=by)
        figures, frozen = queries.figures_of(issued), issued
    else:
        figures, frozen = queries.report_for(month, scope=scope, zone=zone, seen_by=by)
    files = [_write(figures, frozen, name, out or Path()) for name in wanted]
    figured = summary(figures)
    _say(figures, frozen, figured, files)
    return {
        "month": figures.month,
        "zone": figures.zone,
        "issued": frozen.number if frozen else None,
        "sha256": frozen.sha256 if frozen else None,
        **figured,
        "files": [str(path) for path in files],
    }


@command(app, "register")
def register(
    *,
    month: Annotated[str, typer.Option(help=_("The month, as 2026-09; the whole register when left out."))] = "",
    out: Annotated[Path | None, typer.Option(help=_("Write the workbook (xlsx) there."))] = None,
) -> dict[str, object]:
    by = operator()
    chosen = queries.register(month=month, seen_by=by)
    check = queries.month_end_check(month, seen_by=by) if month else None
    rows = chosen.count()
    missing = [
        {"ref": gap.ref, "title": gap.title, "missing": list(gap.missing)} for gap in (check.gaps if check else ())
    ]
    if out is not None:
        language = procedures.site().language
        out.write_bytes(register_book(chosen, period=month, check=check, language=language))
        voice.say(_("Written: %(file)s") % {"file": out})
    voice.say(_("%(rows)s problems in the register.") % {"rows": rows})
    for gap in missing:
        voice.warn(_("Incomplete: %(ref)s %(title)s: %(missing)s") % {**gap, "missing": ", ".join(gap["missing"])})
    unconfirmed = [owner.name for owner in check.unconfirmed] if check else []
    return {
        "month": month,
        "rows": rows,
        "missing": missing,
        "unconfirmed": unconfirmed,
        "file": str(out) if out else None,
    }


def _formats(said: str, *, issue: bool) -> list[str]:
    wanted = [name.strip() for name in said.split(",") if name.strip()]
    for name in wanted:
        if name not in actions.FORMATS:
            known = ", ".join(actions.FORMATS)
            raise wrong_use(_("“%(name)s” is no format. Choose of: %(known)s.") % {"name": name, "known": known})
    return wanted


def _scope(customer: str, project: str, source: str) -> Scope:
    of_customer = Customer.objects.filter(name=customer).first() if customer else None
    if customer and of_customer is None:
        raise UnknownReference(gettext_noop("There is no customer “%(name)s”."), field="customer", name=customer)
    projects = Project.objects.filter(name=project)
    of_project = (projects.filter(customer=of_customer) if of_customer else projects).first() if project else None
    if project and of_project is None:
        raise UnknownReference(gettext_noop("There is no project “%(name)s”."), field="project", name=project)
    return scope_of(customer=of_customer, project=of_project, source=source)


def _zone(source: str) -> str:
    """The zone in which a source's own mapping reads its dates; empty for the site's."""
    last = ImportRun.objects.filter(source=source).order_by("-id").first() if source else None
    if last is None:
        return ""
    own = Path(last.mapping_path)
    mapping = library.load(own) if last.mapping_path and own.exists() else library.ready(last.mapping)
    return mapping.zone if mapping else ""


def _write(figures: Figures, issued: ServiceReport | None, name: str, folder: Path) -> Path:
    if issued is not None:
        content, stem = actions.document(issued, name), issued.number
    else:
        content = printing.of_draft(figures, name, language=procedures.site().language)
        stem = f"FWBG-{figures.month.replace('-', '')}-draft"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.{name}"
    path.write_bytes(content)
    return path


def _say(
    figures: Figures, frozen: ServiceReport | None, figured: dict[str, dict[str, int | float | None]], files: list[Path]
) -> None:
    rate = figured["problems"]["resolution_rate"]
    told = {**figured["problems"], "month": figures.month, "rate": "–" if rate is None else f"{rate:.1%}"}
    voice.say(
        _("%(month)s: %(total)s problems, %(resolved)s resolved, %(unresolved)s unresolved, resolution rate %(rate)s.")
        % told
    )
    voice.say(
        _("Incidents: %(opened)s opened, %(resolved)s resolved, %(closed)s closed (months in %(zone)s).")
        % {**figured["incidents"], "zone": figures.zone}
    )
    voice.say(_("Issued as %(number)s.") % {"number": frozen.number} if frozen else _("A draft: nothing is frozen."))
    for path in files:
        voice.say(_("Written: %(file)s") % {"file": path})
