"""Beside the form of a new problem: what is like it already, shown while somebody types, so that nothing is twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident, Service
from genyin.knowledge import matching
from genyin.knowledge.matching import Similar
from genyin.knowledge.matching.coded import fields_of
from genyin.knowledge.reasons import why
from genyin.web import nav, respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.parts import Button

SHOWN = 4  # of each kind: all of it is read while somebody talks
TITLE, BODY = 200, 2000  # characters that are looked at
SHORTEST = 2  # 断网 says enough
REMARK = 500  # characters of a remark that an address carries


@dataclass(frozen=True, slots=True)
class Known:
    """Something like it: the hit, why it is shown, its page, and what can be done there instead of registering."""

    hit: Similar
    why: str
    url: str
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the form.

    asked : whether there is a text to compare
    ready : whether matching has answered; if not, it is asked again
    failing : whether it could not, the last time
    """

    asked: bool
    ready: bool = True
    failing: bool = False
    same: Sequence[Known] = ()
    helps: Sequence[Known] = ()
    alike: Sequence[Known] = ()


@require_POST  # it reads: what is typed can be longer than an address may be
@inside_only
def beside(request: Request) -> HttpResponse:
    """What is like the problem that is being typed: a piece of the page."""
    found = known_already(request, origin=origin_of(request))
    return respond.page_or_fragment(request, "problems/_beside.html", {"beside": found, "live": True})


def known_already(request: Request, *, origin: Incident | None) -> Beside:
    """Open problems, known errors and incidents like what was typed, all of them such as the reader may see."""
    text = _text(request.POST)
    if len(text) < SHORTEST:
        return Beside(asked=False)
    if not matching.ready():  # being prepared meanwhile: the piece says so and asks again
        return Beside(asked=True, ready=False, failing=matching.is_failing())
    service, actor = _service(request), request.actor
    fields = fields_of(origin) if origin else matching.NO_FIELDS
    same = matching.similar_problems(text, service=service, origin=origin, seen_by=actor, k=SHOWN, only_open=True)
    helps = matching.known_errors_for(text, service=service, fields=fields, origin=origin, seen_by=actor, k=SHOWN)
    alike = matching.similar_incidents(text, service=service, fields=fields, origin=origin, seen_by=actor, k=SHOWN)
    return Beside(
        asked=True,
        same=[Known(hit, why(hit), nav.problem_url(hit.ref), _instead(hit, text, origin)) for hit in same],
        helps=_shown(helps, "known_error"),
        alike=_shown(alike, "incident"),
    )


def origin_of(request: Request) -> Incident | None:
    """The incident that the problem is registered from. Raises NotFound."""
    ref = (request.POST.get("origin", "") or request.GET.get("incident", "")).replace("\x00", "")
    return incidents.get(ref, seen_by=request.actor) if ref else None


def _shown(hits: Sequence[Similar], address: str) -> list[Known]:
    return [Known(hit, why(hit), reverse(address, args=[hit.ref])) for hit in hits]


def _text(said: QueryDict) -> str:
    title, body = (said.get(name, "").replace("\x00", "") for name in ("title_", "description"))
    return f"{title[:TITLE]}\n{body[:BODY]}".strip()


def _service(request: Request) -> Service | None:
    """The service that is chosen; none yet, or nothing the reader may see, is no service."""
    number = request.POST.get("service", "")
    known = number.isascii() and number.isdigit() and len(number) < 10
    return incidents.visible_services(request.actor).filter(pk=int(number)).first() if known else None


def _instead(hit: Similar, text: str, origin: Incident | None) -> Button:
    """The incident belongs to that problem, or what was heard is added to it."""
    if origin is not None:
        to = reverse("link_to_problem", args=[origin.ref])
        return Button(_("Link the incident to it instead"), to, post=True, values={"problem": hit.ref})
    heard = urlencode({"text": text[:REMARK]})
    return Button(_("Add this to it instead"), f"{nav.verb_url(hit.ref, 'comment')}?{heard}", dialog=True)


urlpatterns = [path("problems/new/beside/", beside, name="beside_new_problem")]
