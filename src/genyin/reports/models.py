from django.db import models
from django.db.models import Q

from genyin.incidents.models import Customer, Project
from genyin.people.models import User
from genyin.reports.facts import ScopeKind

SCOPES = [kind.value for kind in ScopeKind]


class ServiceReport(models.Model):
    """《服务报告》 as it was issued: never changed. Issuing a month again makes a new version beside the old one.

    `figures` is the canonical JSON, byte for byte; `sha256` is its digest. `facts_sha256` names the stored file of
    what it was computed from, `files` the documents made from it, by format.
    """

    number = models.CharField(max_length=80, unique=True)
    month = models.CharField(max_length=7)
    scope = models.CharField(max_length=10)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="reports")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="reports")
    source = models.CharField(max_length=40, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    zone = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    definitions = models.CharField(max_length=20)
    figures = models.TextField()
    sha256 = models.CharField(max_length=64)
    facts_sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=dict)
    after_freeze = models.JSONField(default=list)  # [month, incidents, problems] told by this report
    remarks = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # why the month was issued again
    as_of = models.DateTimeField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_by_name = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(scope__in=SCOPES), name="report_scope_known"),
            models.CheckConstraint(
                condition=Q(scope="all", customer__isnull=True, project__isnull=True)
                | Q(scope="customer", customer__isnull=False, project__isnull=True)
                | Q(scope="project", customer__isnull=True, project__isnull=False),
                name="report_scope_named",
            ),
        )
        indexes = (models.Index(fields=("-month", "-id"), name="report_newest"),)

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> str:
        return self.number


class MonthEndConfirmation(models.Model):
    """An owner has checked that every problem of the month is in the register (R56)."""

    month = models.CharField(max_length=7)
    owner = models.ForeignKey(User, models.PROTECT, related_name="month_ends")
    problems = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=150)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("month", "owner"), name="month_end_once"),)

    def __str__(self) -> str:
        return f"{self.month}: {self.owner_id}"

    @property
    def ref(self) -> str:
        return self.month
