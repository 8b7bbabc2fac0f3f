"""The event log: append-only, hash-chained, in the same transaction as what it tells of."""

from django.db import models


class Event(models.Model):
    """One row per verb: audit, timeline, outbox and statistics at once.

    `seq` is gapless and rises in commit order, because the chain's head stays locked from the moment a
    number is drawn until the transaction ends. `hash` covers every column here and the previous row's hash;
    the content itself sits in `EventContent`, covered by `digest`, so that personal data can be erased
    without breaking the chain.
    """

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    subject_ref = models.CharField(max_length=80, blank=True)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    on_behalf_of_id = models.BigIntegerField(null=True)
    on_behalf_of_name = models.CharField(max_length=150, blank=True)
    # The API token through which a person's program acted for them. NULL and not "": older rows were chained without.
    actor_token = models.CharField(max_length=80, null=True)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "seq"), name="event_subject"),
            models.Index(fields=("verb", "seq"), name="event_verb"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject_ref}"


class EventContent(models.Model):
    """What changed: before, after and a note. May be blanked by `redact`; the digest in `Event` stays."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="content")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    redacted = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"content of {self.event_id}"


class ChainHead(models.Model):
    """The last number and hash of the chain: one row, locked last in a transaction."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_chain_head"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class StoredFile(models.Model):
    """A file known by its content: attachments, issued reports, templates. The bytes lie under GENYIN_HOME/files."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256
