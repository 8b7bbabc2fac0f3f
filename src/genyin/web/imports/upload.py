"""Taking a file in: bounded before a byte of it is read, understood before it is queued."""

import shutil
from pathlib import Path

from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from genyin.base.errors import BadFile, BadInput, gettext_noop
from genyin.intake.actions import MAX_UPLOAD, begin
from genyin.intake.models import ImportRun, RunState
from genyin.people.roles import require
from genyin.web import respond
from genyin.web.http import Request, initial
from genyin.web.imports import jobs
from genyin.web.imports.forms import LARGEST_MAPPING, Upload
from genyin.web.inside import inside_only

RUNS_SHOWN = 20
AROUND = LARGEST_MAPPING + 64 * 2**10  # the other fields of the form


@csrf_exempt  # only to look at the length first: checking the token reads the whole file
@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def upload(request: Request) -> HttpResponse:
    """The form, and the imports so far."""
    require(request.actor, "import.run")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_UPLOAD + AROUND:
        raise BadInput(
            gettext_noop("The file is larger than %(limit)s MB; import it on the server with the command."),
            field="file",
            limit=MAX_UPLOAD // 2**20,
        )
    answer: HttpResponse = _guarded(request)
    return answer


@csrf_protect
def _guarded(request: Request) -> HttpResponse:
    if request.method != "POST":
        return _page(request, Upload(initial=initial(request), action=request.path))
    form = Upload.read(request, action=request.path)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        run = _begun(form, request)
    except (BadFile, BadInput) as refusal:
        form.refuse(refusal)
        return _page(request, form, status=refusal.status)
    if run.state == RunState.CHECKING:
        jobs.ask(run, request.user)
    return respond.done(request, reverse("import_run", args=[run.pk]))


def _begun(form: Upload, request: Request) -> ImportRun:
    """A run for the file; a file that is refused is not kept."""
    file, mapping = form.keep()
    said = form.cleaned_data
    try:
        return begin(file, source=said["source"].strip(), kind=said["kind"], mapping=mapping, by=request.actor)
    except (BadFile, BadInput):
        _forget(file)
        if said["own_mapping"] and mapping:
            _forget(mapping)
        raise


def _forget(file: Path) -> None:
    shutil.rmtree(file.parent, ignore_errors=True)


def _page(request: Request, form: Upload, status: int = 200) -> HttpResponse:
    form.back = reverse("incidents")
    context = {"form": form, "runs": ImportRun.objects.order_by("-begun_at", "-id")[:RUNS_SHOWN]}
    return respond.page_or_fragment(request, "imports/upload.html", context, fragment="parts/form.html", status=status)


urlpatterns = [path("incidents/import/", upload, name="imports")]
