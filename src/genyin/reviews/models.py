from django.db import models
from django.db.models import Q

from genyin.people.models import User
from genyin.problems.models import Problem


class Effect(models.TextChoices):
    EFFECTIVE = "effective"
    PARTLY = "partly"
    INEFFECTIVE = "ineffective"


class Review(models.Model):
    """回顾和评审 of one cycle of a problem, with its minutes 《会议纪要》 (procedure.md 3d).

    `customer_text` is what the customer's representatives may read; everything else is internal. A review without
    a meeting has no `held_at`; a major problem needs one, dated, with attendees.
    """

    number = models.CharField(max_length=40, unique=True)
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="reviews")
    cycle = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=200)
    held_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    chair = models.CharField(max_length=150, blank=True)
    recorder = models.CharField(max_length=150, blank=True)
    attendees = models.TextField(blank=True)
    representatives = models.TextField(blank=True)  # who of the users was asked, or why nobody
    course = models.TextField(blank=True)
    cause_confirmed = models.TextField(blank=True)
    went_well = models.TextField(blank=True)
    to_improve = models.TextField(blank=True)
    prevention = models.TextField(blank=True)
    third_party = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)
    customer_text = models.TextField(blank=True)
    effect = models.CharField(max_length=12, blank=True)
    effect_evidence = models.TextField(blank=True)
    passed = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("problem", "cycle"), condition=Q(passed=None), name="one_undecided_review_a_cycle"
            ),
        )
        indexes = (models.Index(fields=("-written_at", "-id"), name="review_newest"),)

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def ref(self) -> str:
        return self.number


class FollowUp(models.Model):
    """行动项: what is still to be done after a review, with owner and date (R54)."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="follow_ups")
    content = models.CharField(max_length=300)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="follow_ups")
    due = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.content


class WatchVerdict(models.Model):
    """The last word of the recurrence watch on a problem's cycle, told from above by trends."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="verdicts")
    cycle = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)  # stopped reduced unchanged worse too_little_data not_applicable
    text = models.JSONField(default=dict)  # counts, days, expectation with its range
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("problem", "-at"), name="verdict_latest"),)

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.code}"
