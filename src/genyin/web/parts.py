"""What the parts of a page are given: plain values, ready to be shown. templates/parts/README.md shows each in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Tone = Literal["", "late", "soon", "ok", "mute"]


@dataclass(frozen=True, slots=True)
class Button:
    """A verb. A link to its form by default, opened over the page; `post` does it at once with `values`.

    look   "primary" (one a region), "quiet", "wait" (refused for now: a link to what is missing), "more" (a narrow ▾)
    key    a letter that clicks it
    """

    label: str
    url: str
    look: Literal["", "primary", "quiet", "wait", "more"] = ""
    post: bool = False
    dialog: bool = False
    values: Mapping[str, object] = field(default_factory=dict)
    key: str = ""
    hint: str = ""  # read instead of a label that is only a sign


@dataclass(frozen=True, slots=True)
class Flag:
    """A dated mark on an object: word and tone."""

    word: str
    tone: Tone = "mute"


@dataclass(frozen=True, slots=True)
class Todo:
    """A row of work or an open control point: what, on what, why, who and since when, and the button that does it.

    level   a level's code, shown at the left; else `icon`; else a ring, blue when `mine`
    """

    what: str
    why: str = ""
    title: str = ""
    url: str = ""
    ref: str = ""
    clause: str = ""
    level: str = ""
    icon: str = ""
    mine: bool = False
    flags: Sequence[Flag] = ()
    wait: str = ""
    tone: Tone = ""
    since: str = ""
    buttons: Sequence[Button] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the stage bar; `days` are working days spent in it (so far, when it is the present one)."""

    word: str
    state: Literal["done", "now", ""] = ""
    entered: date | datetime | None = None
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Working days used against a target. The target's tick stands at `at` of 200 whatever the target is."""

    label: str
    used: float
    target: float
    running: bool = False
    url: str = ""
    at: int = 124

    @property
    def late(self) -> float:
        return max(0.0, self.used - self.target)

    @property
    def left(self) -> float:
        return max(0.0, self.target - self.used)

    @property
    def tone(self) -> Tone:
        if self.late > 0:
            return "late"
        return "soon" if self.running and self.left < self.target * 0.2 else ""

    @property
    def bar(self) -> int:
        """Width of the part within the target."""
        return round(self.at * min(1.0, self.used / self.target)) if self.target else 0

    @property
    def beyond(self) -> int:
        """Width of the part beyond the target; it ends with the drawing."""
        return min(200 - self.at, max(2, round(self.at * self.late / self.target))) if self.late and self.target else 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a timeline. `said` follows the name; a change of value is before → after."""

    at: datetime
    who: str = ""
    said: str = ""
    before: str = ""
    after: str = ""
    note: str = ""
    url: str = ""
    title: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the recurrence watch says, with the figures it says it by."""

    word: str
    detail: str
    tone: Literal["", "ok", "soon", "bad"] = ""
