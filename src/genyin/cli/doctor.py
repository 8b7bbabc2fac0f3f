"""`doctor`: what this installation lacks."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from django.utils.translation import gettext as _

from genyin import config
from genyin.base import events
from genyin.cli import database, voice
from genyin.cli.command import REFUSED, command
from genyin.cli.install import leads
from genyin.people import queries as people

app = typer.Typer()
FONTS = Path("/usr/share/fonts")
LEAST_FREE = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `blocks`: Genyin cannot work like this; otherwise it is advice."""

    code: str
    ok: bool
    text: str
    blocks: bool = False


@command(app, "doctor", needs_database=False)
def doctor() -> None:
    findings = [*_machine(), *_database()]
    for finding in findings:
        (voice.say if finding.ok else voice.refuse if finding.blocks else voice.warn)(finding.text)
    well = not any(finding.blocks and not finding.ok for finding in findings)
    checks = [{"code": f.code, "ok": f.ok, "message": f.text} for f in findings]
    voice.answer({"ok": well, "checks": checks})
    if not well:
        raise typer.Exit(REFUSED)


def _machine() -> Iterator[Finding]:
    home = config.load().home
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    yield Finding(
        "disk", free >= LEAST_FREE, _("%(home)s has %(free)s MB free.") % {"home": home, "free": free // 2**20}
    )
    fonts = any(FONTS.glob("**/NotoSansCJK*")) if FONTS.exists() else False
    yield Finding(
        "font", fonts,
        _("A Chinese font for PDF is installed.") if fonts
        else _("PDF needs a Chinese font. On Debian: apt-get install fonts-noto-cjk"),
    )  # fmt: skip


def _database() -> Iterator[Finding]:
    if not database.exists():
        yield Finding("database", False, _("There is no database yet. Run: genyin setup"), blocks=True)
        return
    lacking = database.pending()
    if lacking:
        yield Finding("database", False, _("The database is older than this program. Run: genyin upgrade"), blocks=True)
        return
    seq, _digest = events.head()
    yield Finding("database", True, _("The database is of this version and holds %(count)s events.") % {"count": seq})
    administrators = people.holders_of("administrator").count()
    yield Finding(
        "administrators", administrators > 0,
        _("%(count)s people are administrators.") % {"count": administrators},
    )  # fmt: skip
    yield Finding(
        "leads", leads() >= 2,
        _("%(count)s people can confirm waivers and review; two are needed.") % {"count": leads()},
    )  # fmt: skip
