from django.db import models
from django.db.models import Q


class RunState(models.TextChoices):
    CHECKING = "checking"  # the whole file is read, nothing is written
    CHECKED = "checked"  # waits for a person, or for the command to go on
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"  # looked at and not wanted; nothing was written


class ImportRun(models.Model):
    """One import of one file.

    `told` is the checkpoint: how many of the things the file tells have been dealt with, in its order. It moves in
    the same transaction as the records, so that a run killed at any moment goes on exactly where it stood.
    `rejects_size` is the length of the list of rejects at that moment, in bytes.
    """

    file = models.CharField(max_length=255)
    path = models.TextField()
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    mapping = models.CharField(max_length=80)
    mapping_path = models.TextField(blank=True)
    mapping_digest = models.CharField(max_length=64)
    form = models.CharField(max_length=8)
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.CHECKING)
    failure = models.TextField(blank=True)

    rows_found = models.BigIntegerField(default=0)  # by the check: rows of the file, records, refused rows
    records_found = models.BigIntegerField(default=0)
    rejects_found = models.BigIntegerField(default=0)
    foreseen = models.JSONField(default=dict)  # created, updated, unchanged, new_services as the check saw it
    told = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    records = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    rejects_size = models.BigIntegerField(default=0)
    new_services = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=150)
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(state__in=RunState.values), name="import_state_known"),)
        indexes = (models.Index(fields=("-begun_at", "-id"), name="import_newest"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.file}"

    @property
    def ref(self) -> str:
        return f"import:{self.pk}"
