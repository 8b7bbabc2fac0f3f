"""Tags and filters of every template (a builtin: no {% load %}). templates/parts/README.md shows them in use."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from genyin.base.actor import Actor
from genyin.base.events import plain
from genyin.web import paging, times, words
from genyin.web.parts import Button, Clock, Entry, Flag, Step, Todo, Verdict

register = template.Library()
ONE_OF_TWO = 28  # letters of a choice that has room beside another one

register.filter("when", times.when)
register.filter("day", times.day)
register.filter("full", times.full)
register.filter("days", times.days)
register.filter("weekday", times.weekday)


@register.filter
def iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return str(plain(value)) if value else ""


@register.filter
def word(code: str, kind: str) -> str:
    """{{ problem.stage|word:"stage" }}: the word for a code."""
    return words.word(kind, code)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "check" %}: a sign from the sprite of base.html; silent unless labelled."""
    if label:
        return format_html('<svg class="ic" role="img" aria-label="{}"><use href="#i-{}"/></svg>', label, name)
    return format_html('<svg class="ic" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def level(code: str) -> SafeString:
    """{% level problem.level %}: the level as ink weight."""
    return format_html('<span class="lv lv-{}">{}</span>', code[:1], words.word("level", code))


@register.simple_tag
def flag(what: str | Flag, tone: str = "mute") -> SafeString:
    """{% flag "major" "late" %} by code, or {% flag row_flag %} ready made."""
    shown = what if isinstance(what, Flag) else Flag(words.word("flag", what), tone)  # type: ignore[arg-type]
    return format_html('<span class="flag {}">{}</span>', shown.tone, shown.word)


@register.simple_tag
def roles(actor: Actor) -> str:
    """{% roles actor %}: as whom somebody acts, delegations included."""
    own = [words.word("role", code) for code in sorted(actor.roles)]
    return words.listed([*own, *(gettext("acting for %(name)s") % {"name": d.name} for d in actor.delegated)])


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """{% moment event.at %}: a <time> that tells its zone when pointed at."""
    return format_html('<time datetime="{}" title="{}">{}</time>', iso(value), times.full(value), times.when(value))


@register.simple_tag
def asset(path: str) -> str:
    """{% asset "genyin.css" %}: a static file under an address that changes with its content."""
    return f"{static(path)}?{_version(path)}"


@register.inclusion_tag("parts/button.html", takes_context=True)
def button(context: dict[str, Any], it: Button) -> dict[str, Any]:
    """{% button it %}"""
    return {"b": it, "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("parts/todo.html", takes_context=True)
def todo(context: dict[str, Any], rows: Sequence[Todo], wide: bool = False) -> dict[str, Any]:
    """{% todo rows wide=True %}: rows of work or open control points."""
    levels = any(row.level for row in rows)
    return {"rows": rows, "wide": wide, "levels": levels, "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("parts/stages.html")
def stages(steps: Sequence[Step]) -> dict[str, Any]:
    """{% stages steps %}: the stage bar, and one sentence on the phone."""
    number, now = next(((n, s) for n, s in enumerate(steps, 1) if s.state == "now"), (len(steps), None))
    return {"steps": steps, "now": now, "number": number}


@register.inclusion_tag("parts/clocks.html")
def clocks(rows: Sequence[Clock], named: bool = False) -> dict[str, Any]:
    """{% clocks rows %}; named=True when each is a clock of another problem."""
    return {"rows": rows, "named": named}


@register.inclusion_tag("parts/log.html")
def log(entries: Sequence[Entry]) -> dict[str, Any]:
    """{% log entries %}: the timeline."""
    return {"entries": entries}


@register.inclusion_tag("parts/verdict.html")
def verdict(it: Verdict) -> dict[str, Any]:
    """{% verdict it %}"""
    return {"v": it}


@register.inclusion_tag("parts/empty.html")
def empty(title: str, hint: str = "") -> dict[str, Any]:
    """{% empty title hint %}: what is not there yet, and who makes it appear."""
    return {"title": title, "hint": hint}


@register.inclusion_tag("parts/pages.html", takes_context=True)
def pages(context: dict[str, Any], page: paging.Page[Any]) -> dict[str, Any]:
    """{% pages page %}: how many, and the way to the next rows."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """{% field form.owner %}: label, control, help, and its errors beside it."""
    widget = bound.field.widget
    many = isinstance(widget, CheckboxSelectMultiple | RadioSelect)
    long = many and any(len(str(option.choice_label)) > ONE_OF_TWO for option in bound)
    return {"f": bound, "many": many, "long": long, "box": isinstance(widget, CheckboxInput)}


@register.inclusion_tag("parts/form_fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """{% fields form %}: what is wrong with the whole form, then every field."""
    return {"form": form}


@cache
def _version(path: str) -> str:
    found = finders.find(path)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8] if isinstance(found, str) else ""
