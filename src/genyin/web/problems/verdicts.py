"""What the recurrence watch says, in words."""

from django.utils.translation import gettext as _

from genyin.base.errors import gettext_noop
from genyin.reviews.models import WatchVerdict
from genyin.web.parts import Verdict

WORDS = {
    "stopped": (gettext_noop("Stopped"), "ok"),
    "reduced": (gettext_noop("Reduced"), "ok"),
    "unchanged": (gettext_noop("Unchanged"), "soon"),
    "worse": (gettext_noop("Worse"), "bad"),
    "too_little_data": (gettext_noop("Too little data"), ""),
    "not_applicable": (gettext_noop("Not applicable"), ""),
}


def shown(verdict: WatchVerdict | None) -> Verdict:
    """The watch's last word with the figures it says it by."""
    if verdict is None:
        return Verdict(_(WORDS["too_little_data"][0]), _("The watch has not looked yet."), "")
    name, tone = WORDS[verdict.code]
    return Verdict(_(name), _figures(verdict.text), tone)  # type: ignore[arg-type]


def _figures(said: dict[str, object]) -> str:
    if "after" not in said or "expected" not in said:
        return str(said.get("reason", ""))
    return _("%(after)s in %(days)s days; without the fix %(expected)s expected (%(low)s–%(high)s)") % {
        "low": "?",
        "high": "?",
        "days": "?",
        **said,
    }
