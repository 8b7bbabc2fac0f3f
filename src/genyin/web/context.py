"""What every page knows: where it stands in the bar, who reads it, what waits."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from genyin import config
from genyin.people.roles import Right, held, is_outside, may
from genyin.web import nav
from genyin.web.http import person

HTML_LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class Item:
    """A place of the bar as it is shown."""

    word: str
    path: str
    icon: str
    current: bool
    tab: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame around every page. Counts are lazy: a page without the bar asks the database nothing."""
    demo, language = config.load().demo, get_language() or settings.LANGUAGE_CODE
    frame: dict[str, Any] = {
        "layout": "base.html",
        "html_lang": HTML_LANGUAGES.get(language, language),
        "theme": _theme(request),
        "demo": demo,
        "languages": settings.LANGUAGES,
        "organisation": SimpleLazyObject(lambda: getattr(request, "organisation", "")),
    }
    if not person(request) or not hasattr(request, "actor"):
        return frame
    return frame | {
        "actor": request.actor,
        "nav": SimpleLazyObject(partial(_items, request)),
        "may_register": SimpleLazyObject(lambda: bool(held(request.actor) & {Right.SUPPORT, Right.LEAD})),
        "may_people": SimpleLazyObject(lambda: may(request.actor, "user.edit")),
        "is_outside": SimpleLazyObject(lambda: is_outside(request.actor)),
    }


def _items(request: HttpRequest) -> tuple[Item, ...]:
    shown = nav.areas(outside=is_outside(request.actor))  # type: ignore[attr-defined]
    return tuple(Item(gettext(a.name), a.path, a.icon, nav.is_at(a, request.path), a.tab) for a in shown)


def _theme(request: HttpRequest) -> str:
    """What the person chose; without a choice the script looks at the system before anything is drawn."""
    return "dark" if request.COOKIES.get("theme") == "dark" else "light"
