"""Files on a problem: put there by the verb `attach`, given back as downloads only."""

from typing import Annotated
from urllib.parse import quote

from django.http import HttpResponse
from ninja import File, Router, UploadedFile

from genyin.api.fields import PathId, PathRef, storable
from genyin.api.inside import inside
from genyin.api.refusals import answers, too_large
from genyin.api.shapes import work
from genyin.api.shapes.problem import CustomerDetail, Detail
from genyin.api.signing import Request
from genyin.api.verbs.registry import ROUTED, shown
from genyin.base import files
from genyin.base.errors import BadInput, NotFound, gettext_noop
from genyin.problems import actions, queries
from genyin.problems.actions.records import LARGEST_FILE

router = Router(tags=["problems"])
ROUTED.append("attach")


@router.post("/problems/{ref}/attach", operation_id="problem_attach", response=answers(Detail | CustomerDetail))
def attach(request: Request, ref: PathRef, file: Annotated[UploadedFile, File()]) -> Detail | CustomerDetail:
    """Attach a file of at most 20 MB"""
    problem = queries.get(ref, seen_by=request.auth)
    queries.check(problem, "attach", by=request.auth)
    if file.size is None or file.size > LARGEST_FILE:
        raise too_large("file")
    actions.attach(problem, name=_name(file), content=file.read(), by=request.auth)
    return shown(problem, to=request.auth)


@router.get(
    "/problems/{ref}/attachments",
    operation_id="problem_attachments",
    response=answers(list[work.AttachmentShape]),
)
def attachments(request: Request, ref: PathRef) -> list[work.AttachmentShape]:
    """The files of a problem."""
    problem = queries.get(ref, seen_by=inside(request))
    return [work.attachment(row, problem=problem.number) for row in problem.attachments.order_by("id")]


@router.get(
    "/problems/{ref}/attachments/{number}",
    operation_id="download_attachment",
    response=answers(bytes),
)
def download(request: Request, ref: PathRef, number: PathId) -> HttpResponse:
    """The file itself; never shown in the browser, whatever it is."""
    problem = queries.get(ref, seen_by=inside(request))
    attachment = problem.attachments.filter(pk=number).first()
    if attachment is None:
        raise NotFound(gettext_noop("This problem has no such file."))
    return as_download(files.read(attachment.sha256), attachment.name)


def as_download(content: bytes, name: str, *, content_type: str = "application/octet-stream") -> HttpResponse:
    """An answer that a browser saves and never runs."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _name(file: UploadedFile) -> str:
    try:
        return storable(file.name or "")
    except ValueError as unstorable:
        raise BadInput(gettext_noop("This contains characters that cannot be stored."), field="file") from unstorable
