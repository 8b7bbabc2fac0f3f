"""The analyses that were made: what each read and found, what was concluded, and a new one on demand."""

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from genyin.base.errors import NotFound, gettext_noop
from genyin.people.roles import may, require
from genyin.trends import actions, analyses
from genyin.trends.models import Run
from genyin.trends.runs import asked
from genyin.web import respond
from genyin.web.forms import Form
from genyin.web.http import Request, is_htmx
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.problems.forms.base import reason

SIZE = 30


class Conclude(Form):
    title = gettext_lazy("Conclude the analysis")
    submit = gettext_lazy("Conclude")
    intro = gettext_lazy("What it came to, also when nothing was found: this is what an auditor asks for.")
    conclusion = reason(gettext_lazy("Conclusion"))


@require_safe
@inside_only
def every_analysis(request: Request) -> HttpResponse:
    """Every analysis, the newest first; `after_run` in the address shows that a new one is on its way."""
    shown = page(request, analyses.runs(request.actor), by=("-at", "-id"), size=SIZE)
    context = {
        "page": shown,
        "rows": analyses.figures(shown.rows, seen_by=request.actor),
        "may_run": may(request.actor, "trend.run"),
        "may_conclude": may(request.actor, "candidate.dismiss"),
        "after_run": request.GET.get("after_run", ""),
        "place": "analyses",
    }
    return respond.page_or_fragment(request, "trends/analyses.html", context)


@require_POST
@inside_only
def run(request: Request) -> HttpResponse:
    """Ask the worker for a new analysis."""
    last = analyses.runs(request.actor).values_list("id", flat=True).first() or 0
    asked.run_later(by=request.actor)
    return respond.done(request, f"{reverse('analyses')}?after_run={last}")


@require_safe
@inside_only
def progress(request: Request, last: int) -> HttpResponse:
    """Whether an analysis newer than `last` is done: a piece that asks again until it is."""
    done = analyses.runs(request.actor).filter(id__gt=last).last()
    seen = analyses.figures([done], seen_by=request.actor)[0] if done else None
    if seen and is_htmx(request):  # the table below is older than the analysis
        return respond.done(request, reverse("analyses"), _("The analysis is done."))
    return respond.page_or_fragment(request, "trends/progress.html", {"done": seen, "last": last})


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def conclude(request: Request, ref: str) -> HttpResponse:
    """Write down what an analysis came to."""
    require(request.actor, "candidate.dismiss")
    found = _run(request, ref)
    if request.method != "POST":
        return respond.form(request, Conclude(action=request.path, initial={"conclusion": found.conclusion}))
    form = Conclude.read(request, action=request.path)
    if not form.is_valid():
        return respond.form_errors(request, form)
    actions.conclude_run(found, conclusion=form.cleaned_data["conclusion"], by=request.actor)
    return respond.done(request, reverse("analyses"), _("Concluded."))


def _run(request: Request, ref: str) -> Run:
    number = ref.removeprefix("RUN-")
    known = number.isdecimal() and len(number) < 10
    found = analyses.runs(request.actor).filter(pk=int(number)).first() if known else None
    if found is None:
        raise NotFound(gettext_noop("There is no analysis %(ref)s."), ref=ref)
    return found


urlpatterns = [
    path("trends/analyses/", every_analysis, name="analyses"),
    path("trends/analyses/run/", run, name="run_analysis"),
    path("trends/analyses/after/<int:last>/", progress, name="analysis_progress"),
    path("trends/analyses/<str:ref>/conclude/", conclude, name="conclude_analysis"),
]
