from django.db import models

from genyin.people.models import User


class Site(models.Model):
    """The organisation that runs this installation: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=60, default="Asia/Shanghai")
    language = models.CharField(max_length=10, default="zh-hans")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_site"),)

    def __str__(self) -> str:
        return self.name


class ProcedureVersion(models.Model):
    """A published version of the procedure. Never changed: a problem is judged by the one it is bound to."""

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    note = models.TextField(blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"v{self.number}"

    @property
    def ref(self) -> str:
        return f"v{self.number}"


class Counter(models.Model):
    """The last number drawn in a series (problem, known error, minutes ...) and period. Never goes back."""

    series = models.CharField(max_length=30)
    period = models.CharField(max_length=10, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("series", "period"), name="counter_once"),)

    def __str__(self) -> str:
        return f"{self.series} {self.period}: {self.last}"
