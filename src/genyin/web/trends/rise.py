"""A rise on screen: since when, how much more than expected, what is more frequent in it, which changes came before."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from genyin.base.actor import Actor
from genyin.changes.models import Change
from genyin.trends import rising
from genyin.trends.queries import FamilySeen
from genyin.web.trends.reasons import chance, number
from genyin.web.words import word


@dataclass(frozen=True, slots=True)
class More:
    """A value and how many incidents of the rise have it, against those before."""

    field: str
    value: str
    after: str
    before: str


@dataclass(frozen=True, slots=True)
class Risen:
    """The rise of a family, for its page."""

    since: date
    said: str
    more: list[More]
    changes: list[Change]


def risen(seen: FamilySeen, actor: Actor) -> Risen | None:
    """None for a family that does not rise, or that the reader sees a part of only."""
    found = seen.rise
    if found is None:
        return None
    since = date.fromisoformat(found["from"])
    before = rising.changes_before(since, seen.family.service_id, seen_by=actor)
    return Risen(since, told(found), [_more(one) for one in found.get("more", [])], before)


def told(rise: dict[str, Any]) -> str:
    """31 since then, 12.4 expected (7–19): 2.5 times as often (1.8–3.4). So much comes by chance in 1% of years."""
    if "past" in rise and rise["ratio_high"] is None:
        return _from_nothing(rise)
    said = _(
        "%(observed)s since then, %(expected)s expected (%(low)s–%(high)s): %(ratio)s times as often "
        "(%(ratio_low)s–%(ratio_high)s). Without a rise a year of daily looks shows this in %(chance)s of cases."
    )
    figures = ("expected", "low", "high", "ratio", "ratio_low", "ratio_high")
    values = {name: number(round(rise[name], 1) if name in rise else None) for name in figures}
    return said % {**values, "observed": rise["observed"], "chance": chance(rise["p"])}


def _from_nothing(rise: dict[str, Any]) -> str:
    """20 since then, none in the 290 days before: so many times as often would mean nothing."""
    said = _(
        "%(observed)s since then, none in the %(past)s days before. "
        "Without a rise a year of daily looks shows this in %(chance)s of cases."
    )
    return said % {"observed": rise["observed"], "past": rise["past"], "chance": chance(rise["p"])}


def _more(one: list[Any]) -> More:
    field, value, after, of_after, before, of_before = one
    share = _("%(n)s of %(of)s")
    return More(
        field=_("Word") if field == "word" else word("record_field", field),
        value=value,
        after=share % {"n": after, "of": of_after},
        before=share % {"n": before, "of": of_before},
    )
