from django.db import models
from django.db.models import Q

from genyin.people.models import User
from genyin.problems.models.problem import Problem


class PointState(models.TextChoices):
    OPEN = "open"
    SATISFIED = "satisfied"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"  # the level or a condition no longer asks for it
    SUPERSEDED = "superseded"  # reopened later: the old evidence is kept in this row


class ControlPoint(models.Model):
    """A step that the procedure demands of one problem, with its evidence. Rows are never deleted."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="points")
    code = models.CharField(max_length=30)
    clause = models.CharField(max_length=40, blank=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=PointState.choices, default=PointState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    evidence = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    waiver_reason = models.TextField(blank=True)
    waiver_asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    waiver_asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("problem", "code"),
                condition=Q(state__in=("open", "satisfied", "waived")),
                name="point_live_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.problem_id} {self.code}: {self.state}"
