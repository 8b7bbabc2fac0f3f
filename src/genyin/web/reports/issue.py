"""Downloads of a report, issuing it, and checking that its figures are still the same."""

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from genyin.base.errors import Conflict, gettext_noop
from genyin.people.roles import require
from genyin.reports import actions, printing, queries
from genyin.reports.facts import Scope
from genyin.web import respond
from genyin.web.forms import Form
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.problems.forms.base import reason
from genyin.web.reports import scopes

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


class Issue(Form):
    title = gettext_lazy("Issue and freeze")
    submit = gettext_lazy("Issue")
    intro = gettext_lazy("The figures are frozen with their SHA-256; what arrives later is told in the next report.")
    remarks = reason(gettext_lazy("Issues and recommendations in your own words"), required=False, rows=5)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES)
    reason = reason(gettext_lazy("Why it is issued again"), rows=2)
    scope = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def issue(request: Request, month: str) -> HttpResponse:
    """Freeze a month and make its documents; a month that was issued before needs a reason."""
    require(request.actor, "report.issue")
    scope = scopes.read(request)
    standing = queries.issued(month, scope=scope, seen_by=request.actor)
    first = {"scope": scopes.code_of(scope), "language": request.organisation.language}
    form = Issue.read(request, action=request.path) if request.method == "POST" else Issue(initial=first)
    if standing is None:
        del form.fields["reason"]
    if request.method != "POST":
        return respond.form(request, form)
    if not form.is_valid():
        return respond.form_errors(request, form)
    said = {name: value for name, value in form.cleaned_data.items() if name != "scope"}
    report = actions.issue(month, scope=scope, **said, by=request.actor)
    to = reverse("report", args=[month]) + scopes.query(scope)
    return respond.done(request, to, _("Issued as %(number)s.") % {"number": report.number})


@require_safe
@inside_only
def download(request: Request, month: str, name: str) -> HttpResponse:
    """The report as last issued, else the draft, in one format."""
    scope = scopes.read(request)
    report = queries.issued(month, scope=scope, seen_by=request.actor)
    if report is not None:
        return _file(actions.document(report, name), report.number, name)
    figures = queries.draft(month, scope=scope, seen_by=request.actor)
    content = printing.of_draft(figures, name, language=get_language() or settings.LANGUAGE_CODE)
    return _file(content, f"{_('Service report')}_{figures.month}{_named(scope)}_{_('draft')}", name)


@require_safe
@inside_only
def issued(request: Request, number: str, name: str) -> HttpResponse:
    """One format of an issued version."""
    report = queries.get(number, seen_by=request.actor)
    return _file(actions.document(report, name), report.number, name)


@require_POST
@inside_only
def verify(request: Request, number: str) -> HttpResponse:
    """Compute an issued report's figures again from the facts kept with it, and compare the seals."""
    report = queries.get(number, seen_by=request.actor)
    digest, same = queries.recompute(report)
    if not same:
        raise Conflict(
            gettext_noop("Computed again the figures are not the same: SHA-256 %(digest)s. Tell your administrator."),
            digest=digest,
        )
    said = _("Computed again: the figures are the same, SHA-256 %(digest)s.") % {"digest": digest}
    scope = scopes.of_report(report)
    return respond.done(request, reverse("report", args=[report.month]) + scopes.query(scope), said)


def _file(content: bytes, stem: str, name: str) -> HttpResponse:
    return respond.download(content, name=f"{stem}.{name}", kind=KINDS[name])


def _named(scope: Scope) -> str:
    return f"_{scope.name}" if scope.name else ""


urlpatterns = [
    path("reports/<str:month>/issue/", issue, name="issue_report"),
    path("reports/<str:month>/download/<slug:name>/", download, name="download_report"),
    path("reports/issued/<str:number>/<slug:name>/", issued, name="issued_report"),
    path("reports/issued/<str:number>/verify/now/", verify, name="verify_report"),
]
