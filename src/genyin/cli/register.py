"""`register`: 《问题记录汇总表》 of a month."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.cli import voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.cli.papers import lay
from genyin.procedure import queries as procedures
from genyin.reports import queries
from genyin.reports.documents.words import joined, listed
from genyin.reports.facts import RegisterGap
from genyin.reports.register_book import register_book

app = typer.Typer()


@command(app, "register")
def register(
    *,
    month: Annotated[str, typer.Option(help=_("As 2026-10, cut in the site's time zone."))],
    out: Annotated[Path | None, typer.Option(dir_okay=False, help=_("Write the workbook here."))] = None,
) -> dict[str, object]:
    by = operator()
    check = queries.month_end_check(month, seen_by=by)
    rows = queries.register(month=month, seen_by=by)
    count = rows.count()
    voice.say(_("%(month)s: %(count)s problems in the register.") % {"month": month, "count": count})
    for gap in check.gaps:
        voice.say(f"{gap.ref}  {gap.title}  {gap.owner or '-'}: {_lacks(gap)}")
    if not check.gaps:
        voice.say(_("Nothing is missing."))
    unconfirmed = [owner.name for owner in check.unconfirmed]
    if unconfirmed:
        voice.say(_("Not yet confirmed by: %(names)s") % {"names": listed(unconfirmed)})
    file = None
    if out is not None:
        book = register_book(rows, period=month, check=check, language=procedures.site().language)
        file = lay(book, out)
        voice.say(file)
    missing = [{"ref": g.ref, "title": g.title, "owner": g.owner, "missing": g.missing} for g in check.gaps]
    return {"rows": count, "missing": missing, "unconfirmed": unconfirmed, "complete": check.complete, "file": file}


def _lacks(gap: RegisterGap) -> str:
    return joined("missing", gap.missing) if gap.missing else _("no row in the register")
