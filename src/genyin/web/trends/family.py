"""One family: what is proposed about it, how often it comes, why it is one, its members, its problems."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.people.roles import may
from genyin.problems import queries as problems
from genyin.problems.models import Problem
from genyin.trends import queries, tables
from genyin.trends.models import CandidateState, Decision, DecisionKind, Family
from genyin.trends.queries import CandidateSeen, FamilySeen
from genyin.trends.runs import volume
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.trends import candidates, decisions, reasons, rise
from genyin.web.trends.marks import marked
from genyin.web.words import listed, sentences, word

MEMBERS = 20
READ = 400  # members whose words are counted
ITEMS = 8
OPEN = (CandidateState.OPEN, CandidateState.WATCHING)


@dataclass(frozen=True, slots=True)
class Share:
    """A word or value with how many members have it; `bar` is its length of 200."""

    name: str
    count: int
    bar: int


@dataclass(frozen=True, slots=True)
class Member:
    """An incident of the family, its title with the shared words marked."""

    incident: Incident
    title: SafeString


@require_safe
@inside_only
def family(request: Request, ref: str) -> HttpResponse:
    """Everything of one family that the reader may see."""
    actor = request.actor
    found = queries.family(ref, seen_by=actor)
    if found.ref != ref:  # it went into another one
        return redirect("family", found.ref)
    (seen,) = queries.described([found], seen_by=actor)
    members = queries.members(found, seen_by=actor)
    shown = page(request, members, by=("-occurred_at", "-id"), size=MEMBERS)
    words, read = terms(members, seen)
    every = list(candidates.about(found, seen_by=actor))
    waiting = [one for one in every if one.state in OPEN and one.family_id == found.pk]
    proposed = queries.explained(waiting, seen_by=actor)
    context = {
        "family": seen,
        "proposed": [
            (one, candidates.answers(one, keys=n == 0, first=n == 0), *strip(one)) for n, one in enumerate(proposed)
        ],
        "may_decide": may(actor, "candidate.accept"),
        "may_edit": may(actor, "family.edit"),
        "weeks": weeks(found, actor),
        "risen": rise.risen(seen, actor),
        "page": shown,
        "members": [Member(one, marked(one.title, seen.terms)) for one in shown.rows],
        "why": why(seen, words, read),
        "terms": words,
        "items": items(members),
        "customers": customers(members),
        "problems": linked(found, actor),
        "decided": decisions.earlier(
            found, [one for one in every if one not in waiting], partly=seen.partly, seen_by=actor
        ),
        "parted": parted(found, actor),
        "place": "families",
    }
    return respond.page_or_fragment(request, "trends/family.html", context)


def strip(seen: CandidateSeen) -> tuple[str, str]:
    """The heading and the sentence of the strip above the family."""
    if seen.candidate.state == CandidateState.WATCHING:
        return _("Watched"), sentences(reasons.why(seen), *candidates.watched(seen.candidate))
    return _("Proposed as a problem"), reasons.why(seen)


def weeks(found: Family, actor: Actor) -> list[volume.Week]:
    """Half a year by week, up to where there are data."""
    latest = tables.latest(actor)
    until = latest.date() if latest else clock.now().date()
    return volume.weekly(found, seen_by=actor, until=until)


def terms(members: QuerySet[Incident], seen: FamilySeen) -> tuple[list[Share], int]:
    """How many of the newest members have each shared word, and how many were read."""
    texts = [f"{title}\n{text}".lower() for title, text in members.values_list("title", "description")[:READ]]
    counts = [(term, sum(term.lower() in text for text in texts)) for term in seen.terms]
    most = max((n for _term, n in counts), default=0) or 1
    return [Share(term, n, round(196 * n / most)) for term, n in counts], len(texts)


def why(seen: FamilySeen, words: Sequence[Share], read: int) -> str:
    """Why these are one family, with counts."""
    most = sorted(words, key=lambda one: -one.count)[:3]
    said = [_("%(n)s of %(of)s contain “%(word)s”") % {"n": one.count, "of": read, "word": one.name} for one in most]
    fields = [
        _("%(share)s have %(field)s “%(value)s”")
        % {"share": f"{share * 100:.0f}%", "field": word("record_field", name), "value": value}
        for name, value, share in seen.fields
    ]
    return listed([*said, *fields])


def items(members: QuerySet[Incident]) -> list[tuple[str, int, int]]:
    """Configuration items hit, with how many in the last 28 days."""
    since = clock.now() - timedelta(days=28)
    rows = members.order_by().filter(item__isnull=False).values_list("item__name")
    counted = rows.annotate(n=Count("id"), lately=Count("id", filter=Q(occurred_at__gte=since)))
    return list(counted.order_by("-n", "item__name")[:ITEMS])


def customers(members: QuerySet[Incident]) -> list[tuple[str, int]]:
    """Customers hit, of those the reader may see."""
    names = members.order_by().filter(service__customer__isnull=False).values_list("service__customer__name")
    return list(names.annotate(n=Count("id")).order_by("-n", "service__customer__name"))


def linked(found: Family, actor: Actor) -> list[tuple[Problem, int]]:
    """Problems that members are linked to, with how many members each."""
    seen = incidents.visible_to(actor).filter(membership__family=found, links__isnull=False)
    counts = Counter(seen.values_list("links__problem_id", flat=True))
    known = problems.visible_to(actor).select_related("owner").in_bulk(counts)
    return sorted(((known[pk], n) for pk, n in counts.items() if pk in known), key=lambda pair: -pair[0].pk)


def parted(found: Family, actor: Actor) -> Iterable[Decision]:
    """Incidents that somebody said do not belong here."""
    said = Decision.objects.filter(kind=DecisionKind.APART, family=found)
    seen = said.filter(incident__in=incidents.visible_to(actor).values("id"))
    return seen.select_related("incident").order_by("-at", "-id")[:MEMBERS]


urlpatterns = [path("trends/families/<str:ref>/", family, name="family")]
