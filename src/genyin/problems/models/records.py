"""What accumulates on a problem."""

from django.db import models

from genyin.incidents.models import Incident, Service
from genyin.people.models import User
from genyin.problems.models.problem import Problem


class Cause(models.Model):
    """A coded root cause with its text and how it was established."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="causes")
    code = models.CharField(max_length=40)
    text = models.TextField()
    established = models.TextField()
    cycle = models.PositiveSmallIntegerField(default=1)
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.text[:60]


class PartKind(models.TextChoices):
    TEAM = "team"
    REPRESENTATIVE = "representative"


class Part(models.Model):
    """A person's part in a problem: member of the analysis team, or invited as the users' representative."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="parts")
    user = models.ForeignKey(User, models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=14, choices=PartKind.choices)
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("problem", "user", "kind"), name="part_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} in {self.problem_id}"


class IncidentLink(models.Model):
    """An incident that this problem caused. `origin` marks the one it was raised from (R8, R41)."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="links")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="links")
    origin = models.BooleanField(default=False)
    moved_from = models.ForeignKey(Problem, models.PROTECT, null=True, related_name="links_moved")
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=150)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("problem", "incident"), name="incident_linked_once"),)

    def __str__(self) -> str:
        return f"{self.problem_id} - {self.incident_id}"


class Task(models.Model):
    """A piece of work within a problem, with owner and date."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(User, models.PROTECT, related_name="tasks")
    due = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title


class Visibility(models.TextChoices):
    INTERNAL = "internal"
    CUSTOMER = "customer"


class Comment(models.Model):
    """A remark. Internal, unless its writer says that the customer may read it."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="comments")
    text = models.TextField()
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL)
    kind = models.CharField(max_length=12, default="comment")  # comment | evidence | assistance
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.text[:60]


class Attachment(models.Model):
    """A file attached to a problem; the bytes lie in the content-addressed store."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    attached_at = models.DateTimeField()
    attached_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.name


class Rollout(models.Model):
    """Where and since when a fix is live; the recurrence watch judges only sites listed here."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="rollouts")
    kind = models.CharField(max_length=12)  # fix | workaround | preventive
    service = models.ForeignKey(Service, models.PROTECT, null=True)
    site = models.CharField(max_length=120, blank=True)
    live_at = models.DateTimeField()
    cycle = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.kind} live {self.live_at:%Y-%m-%d}"


class RegisterEntry(models.Model):
    """The problem's row in the register 汇总表: there from registration, completed and frozen at archive or closing."""

    problem = models.OneToOneField(Problem, models.PROTECT, related_name="register_entry")
    entered_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    content = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"register row of {self.problem_id}"
