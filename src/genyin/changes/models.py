from django.db import models
from django.db.models import Q

from genyin.problems.models import Problem


class ChangeState(models.TextChoices):
    PLANNED = "planned"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    BACKED_OUT = "backed_out"
    CANCELLED = "cancelled"


class Change(models.Model):
    """变更单: a request for change raised from a problem. It runs under 《变更管理程序》, often in another system.

    `number` is that system's own: two customers' systems may give the same one, so it is unique within a problem only.
    """

    number = models.CharField(max_length=60, db_index=True)
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="changes")
    cycle = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=ChangeState.choices, default=ChangeState.PLANNED)
    planned_at = models.DateTimeField(null=True)
    implemented_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("problem", "number"), name="change_once"),
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="change_state_known"),
        )
        indexes = (models.Index(fields=("-raised_at", "-id"), name="change_newest"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def ref(self) -> str:
        return self.number

    @property
    def address(self) -> str:
        """Names it whoever reads; the number alone does where the reader sees one change of that number."""
        return f"{self.number}@{self.problem.number}"
