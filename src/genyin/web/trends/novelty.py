"""The first of its kind (R38): suggested on the incident and under Trends, made a problem or waived, never forced."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from genyin.base.actor import Actor
from genyin.incidents.models import Incident
from genyin.knowledge.reasons import joined
from genyin.people.roles import Right, held, may, require
from genyin.trends import actions, novelties
from genyin.trends.novelties import NoveltySeen
from genyin.web import nav, respond
from genyin.web.forms import Form
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.parts import Button, Todo
from genyin.web.problems.forms.base import reason
from genyin.web.times import when
from genyin.web.words import listed, sentences

SHOWN = 10


class Waive(Form):
    """Why no problem is made of it."""

    title = gettext_lazy("Waive")
    submit = gettext_lazy("Waive")
    reason = reason(gettext_lazy("Why no problem is made of it"))


def waiting(actor: Actor) -> list[Todo]:
    """Suggestions that nobody has answered yet, newest first."""
    found = novelties.suggestions(actor, state="open")[:SHOWN]
    return [row(one, actor=actor) for one in novelties.seen(found, seen_by=actor)]


def row(seen: NoveltySeen, *, actor: Actor) -> Todo:
    """One suggestion: which incident, why, and the two answers."""
    return Todo(
        what=_("First of its kind"),
        title=seen.incident.title,
        url=reverse("incident", args=[seen.incident.ref]),
        ref=seen.incident.external_id,
        icon="bell",
        why=sentences(seen.incident.service.name, why(seen)),
        wait=_("new"),
        since=_("since %(when)s") % {"when": when(seen.incident.occurred_at)},
        buttons=answers(seen, actor=actor),
    )


def answers(seen: NoveltySeen, *, actor: Actor) -> Sequence[Button]:
    """Register a problem, filled in from the incident, or waive: for whom may do which."""
    if seen.state != "open":
        return ()
    ref = seen.incident.ref
    asked = urlencode({"incident": ref, "reason": "first_occurrence"})
    register = Button(_("Register problem"), f"{nav.NEW_PROBLEM}?{asked}")
    waive = Button(_("Waive"), reverse("waive_novelty", args=[ref]), dialog=True)
    return [
        *([register] if held(actor) & {Right.SUPPORT, Right.LEAD} else []),
        *([waive] if may(actor, "novelty.waive") else []),
    ]


def why(seen: NoveltySeen) -> str:
    """What speaks for it: the nearest one and how alike it is, the words that were never seen."""
    unseen = joined(list(seen.unseen), f"{seen.incident.title}\n{seen.incident.description}")
    nearest = (
        _("most like it: %(title)s (%(alike)d%% alike)")
        % {"title": f"{seen.nearest.external_id} {seen.nearest.title}", "alike": round(100 * seen.alike)}
        if seen.nearest
        else _("nothing before it is like it at all")
    )
    return sentences(nearest, _("never seen before: %(words)s") % {"words": listed(unseen)} if unseen else "")


def said_of(incident: Incident, *, actor: Actor) -> dict[str, object]:
    """What the incident's page says of it."""
    seen = novelties.of_incident(incident, seen_by=actor)
    if seen is None or seen.state == "known":
        return {}
    return {
        "novelty": seen,
        "novelty_why": why(seen),
        "novelty_among": novelties.compared_with(incident, seen_by=actor),
        "novelty_least": novelties.least(),
        "novelty_buttons": answers(seen, actor=actor),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def waive(request: Request, ref: str) -> HttpResponse:
    """Say that no problem is made of it."""
    require(request.actor, "novelty.waive")
    found = novelties.suggestion(ref, seen_by=request.actor)
    if request.method != "POST":
        return respond.form(request, Waive(action=request.path))
    form = Waive.read(request, action=request.path)
    if not form.is_valid():
        return respond.form_errors(request, form)
    actions.waive_novelty(found, reason=form.cleaned_data["reason"], by=request.actor)
    return respond.done(request, reverse("incident", args=[ref]), _("Waived."))


urlpatterns = [path("trends/novelties/<path:ref>/waive/", waive, name="waive_novelty")]
