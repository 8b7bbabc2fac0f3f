"""The verbs of reports: `reports.issue(...)`, `reports.archive(...)`, `reports.confirm_month_end(...)`."""

from genyin.reports.filing import archive, confirm_month_end
from genyin.reports.issuing import FORMATS, document, issue

__all__ = ["FORMATS", "archive", "confirm_month_end", "document", "issue"]
