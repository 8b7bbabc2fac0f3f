"""The list of problems, filtered by what people ask for: whose, which stage, which level, late, major."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from genyin.problems import queries
from genyin.problems.models import Problem
from genyin.problems.stages import Stage
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.paging import page
from genyin.web.words import word

#: Query parameter -> the field it filters.
FILTERS = {"stage": "stage", "level": "level", "category": "category", "source": "source", "outcome": "outcome"}


@dataclass(frozen=True, slots=True)
class Chip:
    """A saved filter above the list."""

    word: str
    show: str | None
    current: bool


@require_safe
def problem_list(request: Request) -> HttpResponse:
    """Problems the reader may see, newest first."""
    rows = filtered(queries.visible_to(request.actor), request)
    chosen = rows.select_related("service", "service__customer", "owner")
    context = {
        "page": page(request, chosen, by=("-registered_at", "-id")),
        "chips": chips(request),
        "stages": [(stage.value, word("stage", stage)) for stage in Stage],
        "q": request.GET.get("q", ""),
        "stage": request.GET.get("stage", ""),
    }
    return respond.page_or_fragment(request, "problems/list.html", context)


def filtered(problems: QuerySet[Problem], request: Request) -> QuerySet[Problem]:
    """The problems that the query parameters ask for. Unknown values find nothing, they are no error."""
    asked = request.GET
    for name, field in FILTERS.items():
        if asked.get(name):
            problems = problems.filter(**{field: asked[name]})
    if asked.get("show") == "open":
        problems = problems.exclude(stage=Stage.CLOSED)
    if asked.get("show") == "mine":
        problems = problems.filter(owner_id=request.actor.user_id).exclude(stage=Stage.CLOSED)
    if asked.get("show") == "major":
        problems = problems.filter(is_major=True)
    if text := asked.get("q", "").strip().replace("\x00", ""):
        problems = problems.filter(
            Q(number__icontains=text) | Q(title__icontains=text) | Q(service__name__icontains=text)
        )
    return problems


def chips(request: Request) -> list[Chip]:
    """The filters people use most; each keeps what is typed in the search."""
    shown, stage = request.GET.get("show", ""), request.GET.get("stage", "")
    named = (("", _("All")), ("open", _("Open")), ("mine", _("Mine")), ("major", _("Major")))
    return [Chip(said, code or None, code == shown and not stage) for code, said in named]


urlpatterns = [path("problems/", problem_list, name="problems")]
