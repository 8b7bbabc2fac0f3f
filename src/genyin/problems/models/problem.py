from django.db import models
from django.db.models import Q

from genyin.incidents.models import ConfigurationItem, Environment, Service
from genyin.people.models import User
from genyin.problems.lifecycle import OWNED, Flag, Outcome, Stage, Status, status_of
from genyin.procedure.models import ProcedureVersion

STAGES = [stage.value for stage in Stage]
OUTCOMES = [outcome.value for outcome in Outcome]


class Problem(models.Model):
    """A problem (问题): the cause, not yet found or not yet removed, of one or more incidents.

    `version` is the optimistic lock; `cycle` counts how often it was opened (a reopened problem starts a new one,
    its old points and review stay). `fixed_at` is when the fix went live, `resolved_at` when the review passed.
    """

    number = models.CharField(max_length=40, unique=True)
    version = models.PositiveIntegerField(default=1)
    cycle = models.PositiveSmallIntegerField(default=1)
    procedure = models.ForeignKey(ProcedureVersion, models.PROTECT)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=40)
    subcategory = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=30)
    reason = models.CharField(max_length=30)
    level = models.CharField(max_length=10)
    level_reason = models.TextField(blank=True)
    impact = models.CharField(max_length=10, blank=True)
    urgency = models.CharField(max_length=10, blank=True)
    impact_text = models.TextField(blank=True)
    environment = models.CharField(max_length=12, choices=Environment.choices, default=Environment.PRODUCTION)
    environment_assumed = models.BooleanField(default=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="problems")
    items = models.ManyToManyField(ConfigurationItem, blank=True)

    stage = models.CharField(max_length=16, default="submitted")
    outcome = models.CharField(max_length=24, blank=True)
    is_major = models.BooleanField(default=False)
    is_sent_back = models.BooleanField(default=False)
    send_back_reason = models.TextField(blank=True)
    is_reassigned = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)  # 历史导入

    submitter = models.ForeignKey(User, models.PROTECT, null=True, related_name="problems_submitted")
    submitter_token = models.ForeignKey("people.ApiToken", models.PROTECT, null=True, related_name="problems_submitted")
    submitter_name = models.CharField(max_length=150)
    contact = models.CharField(max_length=120, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="problems_owned")
    dispatcher = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    hold_reason = models.TextField(blank=True)
    hold_asked_at = models.DateTimeField(null=True)
    hold_until = models.DateField(null=True)
    held_since = models.DateTimeField(null=True)
    held_days = models.FloatField(default=0)  # working days on hold, taken off every clock

    workaround = models.TextField(blank=True)
    workaround_since = models.DateTimeField(null=True)
    interim_measure = models.TextField(blank=True)
    interim_at = models.DateTimeField(null=True)
    reproduced = models.CharField(max_length=12, blank=True)  # yes | no | impossible
    reproduction = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    preventive_measure = models.TextField(blank=True)
    solution_test = models.JSONField(default=dict)  # where, result, by, or why_not
    evaluation = models.JSONField(default=dict)  # effect, cost, risk, back_out
    change_needed = models.BooleanField(null=True)
    change_reason = models.TextField(blank=True)
    change_numbers = models.JSONField(default=list)  # told by changes, for the register
    minutes_number = models.CharField(max_length=40, blank=True)  # told by reviews, for the register
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    closing_note = models.TextField(blank=True)
    risk_until = models.DateField(null=True)
    look_again_at = models.DateField(null=True)
    planned_finish = models.DateField(null=True)

    found_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    cause_found_at = models.DateTimeField(null=True)
    solution_planned_at = models.DateTimeField(null=True)
    fixed_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    stage_since = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="problem_stage_known"),
            models.CheckConstraint(condition=Q(level__in=("high", "medium", "low")), name="problem_level_known"),
            # Closed and outcome belong together: neither without the other.
            models.CheckConstraint(
                condition=Q(stage="closed", outcome__in=OUTCOMES) | (~Q(stage="closed") & Q(outcome="")),
                name="problem_closed_with_outcome",
            ),
            # R45: never without an owner while it is worked on. Imported history may lack one.
            models.CheckConstraint(
                condition=~Q(stage__in=[stage.value for stage in OWNED]) | Q(owner__isnull=False) | Q(is_imported=True),
                name="problem_owned",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="duplicate") | Q(duplicate_of__isnull=False) | Q(is_imported=True),
                name="problem_duplicate_of",
            ),
        )
        indexes = (
            models.Index(fields=("-registered_at", "-id"), name="problem_newest"),
            models.Index(fields=("service", "-registered_at", "-id"), name="problem_service"),
            models.Index(fields=("stage", "-registered_at", "-id"), name="problem_stage"),
            models.Index(fields=("owner", "stage"), name="problem_owner"),
            models.Index(fields=("resolved_at",), name="problem_resolved"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def ref(self) -> str:
        return self.number

    @property
    def status(self) -> Status:
        """上报状态, derived from stage and outcome."""
        return status_of(self.stage, self.outcome)

    @property
    def flags(self) -> frozenset[Flag]:
        """The flags that stand on the record itself (OWNER_LEADS depends on the owner's roles, see standing)."""
        said = {
            Flag.SENT_BACK: self.is_sent_back,
            Flag.REASSIGNED: self.is_reassigned,
            Flag.HOLD_ASKED: self.hold_asked_at is not None,
            Flag.ON_HOLD: self.held_since is not None,
            Flag.MAJOR: self.is_major,
            Flag.ARCHIVED: self.archived_at is not None,
        }
        return frozenset(flag for flag, on in said.items() if on)
