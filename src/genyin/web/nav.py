"""The areas of the bar, in its order, and the addresses other screens link to."""

from dataclasses import dataclass

from genyin.base.errors import gettext_noop


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the bar. `outside`: those on the customer's side see it too. `tab`: it has a place on the phone."""

    name: str
    path: str
    icon: str
    outside: bool = False
    tab: bool = False


AREAS = (
    Area(gettext_noop("My work"), "/", "home", outside=True, tab=True),
    Area(gettext_noop("Incidents"), "/incidents/", "bell"),
    Area(gettext_noop("Problems"), "/problems/", "list", outside=True, tab=True),
    Area(gettext_noop("Known errors"), "/known-errors/", "book"),
    Area(gettext_noop("Trends"), "/trends/", "rise", tab=True),
    Area(gettext_noop("Changes"), "/changes/", "change"),
    Area(gettext_noop("Reviews"), "/reviews/", "people", outside=True),
    Area(gettext_noop("Reports"), "/reports/", "chart"),
    Area(gettext_noop("Register"), "/register/", "table"),
    Area(gettext_noop("Procedure"), "/procedure/", "steps"),
)
NEW_PROBLEM = "/problems/new/"
SEARCH = "/search/"
MORE = "/more/"


def areas(*, outside: bool) -> tuple[Area, ...]:
    """The areas that are shown to somebody."""
    return tuple(area for area in AREAS if area.outside or not outside)


def is_at(area: Area, path: str) -> bool:
    """Whether a page lies in the area."""
    return path == "/" if area.path == "/" else path.startswith(area.path)


def problem_url(ref: str) -> str:
    return f"/problems/{ref}/"


def verb_url(ref: str, verb: str) -> str:
    """Where a verb of a problem is done."""
    return f"/problems/{ref}/{verb}/"
