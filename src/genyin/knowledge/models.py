from django.db import models
from django.db.models import Q

from genyin.incidents.models import Incident, Service
from genyin.problems.models import Problem


class KnownErrorState(models.TextChoices):
    ACTIVE = "active"
    FIXED = "fixed"
    RETIRED = "retired"


class KnownError(models.Model):
    """已知错误: an error whose cause is found (R36), kept where first line looks. Internal text."""

    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    symptom = models.TextField()
    cause = models.TextField()
    workaround = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    keywords = models.CharField(max_length=300, blank=True)
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, related_name="known_errors")
    service = models.ForeignKey(Service, models.PROTECT, related_name="known_errors")
    state = models.CharField(max_length=10, choices=KnownErrorState.choices, default=KnownErrorState.ACTIVE)
    is_imported = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)
    retired_at = models.DateTimeField(null=True)
    retired_reason = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=KnownErrorState.values), name="known_error_state_known"),
        )
        indexes = (models.Index(fields=("state", "-published_at", "-id"), name="known_error_newest"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def ref(self) -> str:
        return self.number


class Trial(models.Model):
    """Did the known error help with an incident? worked | failed | not_applicable."""

    known_error = models.ForeignKey(KnownError, models.PROTECT, related_name="trials")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="trials")
    result = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("known_error", "incident"), name="trial_once"),)

    def __str__(self) -> str:
        return f"{self.known_error_id} on {self.incident_id}: {self.result}"


class LearnedWeights(models.Model):
    """Weights of matching, learned from this site's links; the newest row counts.

    rank_before, rank_after : mean reciprocal rank of the links left out while learning, with the weights before and
    with new ones.
    """

    values = models.JSONField()
    links = models.PositiveIntegerField()
    rank_before = models.FloatField()
    rank_after = models.FloatField()
    learned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"weights of {self.learned_at:%Y-%m-%d}"
