"""The service report as a document, from frozen figures or from a draft."""

from datetime import datetime
from typing import Protocol

from genyin.base.errors import BadInput, gettext_noop
from genyin.procedure import queries as procedures
from genyin.reports import queries
from genyin.reports.documents import service_report, service_report_docx, service_report_pdf, service_report_xlsx
from genyin.reports.documents.blocks import Report
from genyin.reports.figures import Figures
from genyin.reports.models import ServiceReport


class Producer(Protocol):
    """Lays a report out in one format."""

    def __call__(self, report: Report, *, at: datetime) -> bytes: ...


PRODUCERS: dict[str, Producer] = {
    "docx": service_report_docx.produce,
    "xlsx": service_report_xlsx.produce,
    "pdf": service_report_pdf.produce,
}


def of_report(report: ServiceReport, name: str) -> bytes:
    """One format of an issued report, from its frozen figures alone."""
    particulars = service_report.Particulars(
        organisation=procedures.site().name,
        language=report.language,
        number=report.number,
        version=report.version,
        written_by=report.issued_by_name,
        written_at=report.issued_at,
        digest=report.sha256,
        remarks=report.remarks,
        after_freeze=tuple(service_report.AfterFreeze(*row) for row in report.after_freeze),
    )
    return producer(name)(service_report.build(queries.figures_of(report), particulars), at=report.issued_at)


def of_draft(figures: Figures, name: str, *, language: str) -> bytes:
    """One format of figures that are not frozen; it says so on its first page."""
    number = f"FWBG-{figures.month.replace('-', '')}"
    particulars = service_report.Particulars(procedures.site().name, language, number, written_at=figures.as_of)
    return producer(name)(service_report.build(figures, particulars), at=figures.as_of)


def producer(name: str) -> Producer:
    """What makes a format. Raises BadInput for one that there is not."""
    if name not in PRODUCERS:
        known = ", ".join(PRODUCERS)
        raise BadInput(gettext_noop("Choose one of: %(formats)s."), field="format", formats=known)
    return PRODUCERS[name]
