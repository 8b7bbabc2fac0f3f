from django.db import models
from django.db.models import F, Q

from genyin.incidents.models import Incident, Service
from genyin.problems.models import Problem


class Run(models.Model):
    """A trend analysis (R10, R17): what was read, what was found, what the lead concluded.

    `watermark` is the last incident there was; `sources` says per source how many incidents were read, and until
    which day it has data. `held_back` counts families that met a
    rule but were ranked below the length of the list. Nothing found is a finding too.
    """

    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    window_days = models.PositiveIntegerField()
    watermark = models.BigIntegerField(default=0)
    sources = models.JSONField(default=dict)
    incidents = models.PositiveIntegerField(default=0)
    families = models.PositiveIntegerField(default=0)
    rising = models.PositiveIntegerField(default=0)
    risen = models.JSONField(default=list)  # services and categories that rise, see runs.rising
    candidates = models.PositiveIntegerField(default=0)
    held_back = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    peak_mb = models.FloatField(default=0)
    conclusion = models.TextField(blank=True)
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = (models.Index(fields=("-at", "-id"), name="run_newest"),)

    def __str__(self) -> str:
        return f"{self.ref} {self.at:%Y-%m-%d}"

    @property
    def ref(self) -> str:
        return f"RUN-{self.pk:04d}"


class Family(models.Model):
    """Incidents that tell of the same fault, under a number that stays from run to run.

    `title`, `terms`, `fields`, `size` and `rise` come from all members: only who sees every member may read
    them (`queries.described`). Retired: a run or a merge left it without members. Its number is never used again; it
    leads to the family that most of them went to (`became`).
    """

    number = models.PositiveIntegerField(unique=True)
    service = models.ForeignKey(Service, models.PROTECT, related_name="families")
    title = models.CharField(max_length=500)
    terms = models.JSONField(default=list)
    fields = models.JSONField(default=list)  # [field, value, share]
    size = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    rise = models.JSONField(null=True)  # see runs.rising
    retired_at = models.DateTimeField(null=True)
    became = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (
            models.Index(fields=("-size", "-id"), name="family_largest"),
            models.Index(fields=("-last_at", "-id"), name="family_latest"),
        )

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def ref(self) -> str:
        return f"FAM-{self.number:04d}"


class FamilyMember(models.Model):
    """An incident is in one family at most."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="members")
    incident = models.OneToOneField(Incident, models.CASCADE, related_name="membership")

    def __str__(self) -> str:
        return f"{self.incident_id} in {self.family_id}"


class DecisionKind(models.TextChoices):
    APART = "apart"
    SAME = "same"


class Decision(models.Model):
    """A person's word on two incidents: "the same" or "not the same". It survives every run.

    Said about a family, `other` is the member that stood for it, and `family` is kept for the reader.
    """

    kind = models.CharField(max_length=6, choices=DecisionKind.choices)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="decisions")
    other = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="decisions")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_known"),
            models.CheckConstraint(condition=~Q(incident=F("other")), name="decision_on_two"),
        )

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind} {self.other_id}"


class CandidateState(models.TextChoices):
    OPEN = "open"
    WATCHING = "watching"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class Proposal(models.TextChoices):
    REGISTER = "register"
    LINK = "link"  # the family has an open problem: link what came since


class Candidate(models.Model):
    """What a trend analysis proposes as a problem (R39): a family, or a major incident that stands alone.

    `rules` says why, as codes: count, rise, major. `evidence` is what was seen when it was last renewed, of all
    members: `queries.explained` gives each reader what they may see of it. `found_on` is the day of the data, not
    of the run. A decided candidate is never reopened: new evidence makes a new one (`again` names the old).
    """

    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="candidates")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="candidates")
    run = models.ForeignKey(Run, models.PROTECT, related_name="found")
    rules = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)
    rank = models.FloatField(default=0)
    proposes = models.CharField(max_length=8, choices=Proposal.choices, default=Proposal.REGISTER)
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, related_name="candidates")
    again = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    found_on = models.DateField()
    found_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CandidateState.choices, default=CandidateState.OPEN)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=CandidateState.values), name="candidate_state_known"),
            models.CheckConstraint(
                condition=Q(family__isnull=True) ^ Q(incident__isnull=True), name="candidate_family_or_incident"
            ),
            models.UniqueConstraint(fields=("family",), condition=Q(state="open"), name="one_open_candidate_a_family"),
            models.UniqueConstraint(fields=("incident",), name="one_candidate_an_incident"),
        )
        indexes = (models.Index(fields=("state", "-rank", "-id"), name="candidate_ranked"),)

    def __str__(self) -> str:
        return f"{self.ref} {self.state}"

    @property
    def ref(self) -> str:
        return f"CAND-{self.pk:04d}"


class SetAside(models.Model):
    """An incident that was there when somebody dismissed or watched its family: the last such decision on it.

    It goes with the incident: whatever family that is in later, by a merge, a split or another analysis, is not
    proposed again for it alone.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="set_aside")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="set_aside")

    def __str__(self) -> str:
        return f"{self.incident_id} by {self.candidate_id}"


class NoveltyState(models.TextChoices):
    TOO_LITTLE = "too_little"  # too few incidents before it to say
    KNOWN = "known"
    SUGGESTED = "suggested"
    WAIVED = "waived"


class Novelty(models.Model):
    """How alike an incident was to the nearest before it, and whether it is suggested as the first of its kind (R38).

    Judged once, when it came. `alike` (None: hardly anything came before) is what the next of its `kind` are judged by.
    `nearest` are incidents, the most alike first, [id, alike]; `unseen` words that none before had. Whether a problem
    was made of it stands in the incident's links and nowhere else.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="novelty")
    kind = models.CharField(max_length=8)
    alike = models.FloatField(null=True)
    nearest = models.JSONField(default=list)
    unseen = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=NoveltyState.choices)
    reason = models.TextField(blank=True)
    waived_at = models.DateTimeField(null=True)
    waived_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(state__in=NoveltyState.values), name="novelty_state_known"),)
        indexes = (
            models.Index(fields=("kind", "-id"), name="novelty_latest", condition=Q(alike__isnull=False)),
            models.Index(fields=("state", "-id"), name="novelty_suggested"),
        )

    def __str__(self) -> str:
        return f"{self.incident_id} {self.state}"

    @property
    def ref(self) -> str:
        return f"NEW-{self.pk:04d}"


class Watch(models.Model):
    """The watch over one cycle of a fixed problem: is the fault coming back?

    `recurrence` proposes to reopen a resolved problem: why (not_fewer, came_back, recurring) and what was seen; it
    is answered by reopening, or by a reason to leave it, and comes again only on new evidence.
    """

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="watches")
    cycle = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    code = models.CharField(max_length=20)
    stopped_at = models.DateTimeField(null=True)  # when the watch first said "stopped"
    recurrence = models.JSONField(null=True)  # why, seen, latest
    recurred_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_by = models.CharField(max_length=150, blank=True)
    left_reason = models.TextField(blank=True)
    left_seen = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("problem", "cycle"), name="watch_once_a_cycle"),)
        indexes = (models.Index(fields=("recurred_at",), name="watch_recurred"),)

    def __str__(self) -> str:
        return f"watch of {self.problem_id}: {self.code}"
