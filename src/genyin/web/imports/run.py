"""One import: looked at, let go, followed, and its result."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents.models import Service
from genyin.intake import actions, rejects
from genyin.intake.models import ImportRun, RunState
from genyin.people.roles import require
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.imports import jobs, shown
from genyin.web.inside import inside_only

BUSY = (RunState.CHECKING, RunState.WRITING)
SEPARATORS = {"\t": "TAB"}


@require_safe
@inside_only
def run(request: Request, pk: int) -> HttpResponse:
    """One import at whatever step it is."""
    found = _get(request, pk)
    names = found.new_services if found.state == RunState.DONE else found.foreseen.get("new_services", [])
    busy = _busy(found)
    context = {
        "run": found,
        "busy": busy,
        "separator": SEPARATORS.get(found.separator, found.separator),
        "table": shown.first_rows(found) if found.state in (RunState.CHECKING, RunState.CHECKED) else None,
        "refused": shown.refused_rows(found),
        "has_rejects": (rejects.folder(found.pk) / rejects.NAME).exists(),
        "notes": shown.notes(found),
        "names": names,
        "unconfirmed": set(Service.objects.filter(name__in=names, confirmed=False).values_list("name", flat=True)),
        "standing": shown.standing(found) if busy else None,
    }
    return respond.page_or_fragment(request, "imports/run.html", context)


@require_safe
@inside_only
def progress(request: Request, pk: int) -> HttpResponse:
    """How far it is: the piece that the page asks for again and again. When the step is over, the page is reloaded."""
    found = _get(request, pk)
    if not _busy(found) or found.state != request.GET.get("state", found.state):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {"run": found, "standing": shown.standing(found)}
    return respond.page_or_fragment(request, "imports/_progress.html", context)


@require_POST
@inside_only
def write(request: Request, pk: int) -> HttpResponse:
    """Let the worker write the records, or go on with it after it was cut off."""
    found = _get(request, pk)
    jobs.ask(found, request.user)
    return respond.done(request, reverse("import_run", args=[pk]))


@require_POST
@inside_only
def discard(request: Request, pk: int) -> HttpResponse:
    """Let go of what was only looked at."""
    found = actions.discard(_get(request, pk), by=request.actor)
    return respond.done(request, reverse("imports"), _("%(file)s was discarded.") % {"file": found.file})


@require_safe
@inside_only
def rejected(request: Request, pk: int) -> HttpResponse:
    """The list of refused rows, to mend and send again."""
    found = _get(request, pk)
    path_ = rejects.folder(found.pk) / rejects.NAME
    if not path_.exists():
        raise NotFound(gettext_noop("No row of this import was refused."))
    return respond.download(path_.read_bytes(), name=f"rejects-{found.pk}.csv", kind="text/csv; charset=utf-8")


def _busy(found: ImportRun) -> bool:
    """Whether the worker has it, or has been asked to."""
    return found.state in BUSY or (found.state == RunState.CHECKED and jobs.asked_at(found.pk) is not None)


def _get(request: Request, pk: int) -> ImportRun:
    require(request.actor, "import.run")
    return get_object_or_404(ImportRun, pk=pk)


urlpatterns = [
    path("incidents/import/<int:pk>/", run, name="import_run"),
    path("incidents/import/<int:pk>/progress/", progress, name="import_progress"),
    path("incidents/import/<int:pk>/write/", write, name="import_write"),
    path("incidents/import/<int:pk>/discard/", discard, name="import_discard"),
    path("incidents/import/<int:pk>/rejects.csv", rejected, name="import_rejects"),
]
