"""Every verb of a problem: its form, and the action the form calls. No rule lives here."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from genyin.base.errors import NotFound, gettext_noop
from genyin.problems import queries
from genyin.web import nav, respond
from genyin.web.http import Request, initial
from genyin.web.problems.forms import FORMS
from genyin.web.words import word


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: Request, ref: str, verb: str) -> HttpResponse:
    """Show the form of a verb, or do it. What the verb refuses is shown in the form, beside its field."""
    if verb not in FORMS:
        raise NotFound(gettext_noop("There is no such step: %(verb)s."), verb=verb)
    problem = queries.get(ref, seen_by=request.actor, version=_version(request))
    kind = FORMS[verb]
    queries.check(problem, verb, by=request.actor)
    if request.method != "POST":
        form = kind(problem=problem, actor=request.actor, initial=initial(request), action=request.path)
        return respond.form(request, form)
    form = kind.read(request, problem=problem, actor=request.actor, action=request.path)
    if not form.is_valid():
        return respond.form_errors(request, form)
    form.act()
    said = _("%(verb)s: done (%(ref)s).") % {"verb": word("verb", verb), "ref": problem.number}
    return respond.done(request, nav.problem_url(problem.number), said)


def _version(request: Request) -> int | None:
    """The version the form was made from. One that is no number is left to the form to refuse."""
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None
