from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from genyin.people.roles import PERSONAL


class User(AbstractUser):
    """A person who signs in. `name` is what others read; roles say what they may do."""

    name = models.CharField(max_length=80)
    email = models.EmailField(unique=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    zone = models.CharField(max_length=60, blank=True)  # empty: the site's

    REQUIRED_FIELDS = ["email", "name"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def ref(self) -> str:
        return self.username


class Team(models.Model):
    """A support team; services name one as theirs."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(User, related_name="teams", blank=True)

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role held by a person."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "role"), name="role_once"),
            models.CheckConstraint(condition=Q(role__in=PERSONAL), name="role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class Delegation(models.Model):
    """代理: one person's roles and parts handed to another, from one day to another (both included, site's zone)."""

    giver = models.ForeignKey(User, models.CASCADE, related_name="delegations_given")
    taker = models.ForeignKey(User, models.CASCADE, related_name="delegations_taken")
    starts = models.DateField()
    ends = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="delegation_to_another"),
        )

    def __str__(self) -> str:
        return f"{self.giver_id} -> {self.taker_id}"


class ApiToken(models.Model):
    """A token of another system (CRM, monitoring, after-sales) or of a person's script.

    Only the SHA-256 is kept; `prefix` lets a person recognise it in a list. `source` is the coded source
    that what arrives through it gets. With `user` the token acts as that person, else as an integration.
    """

    name = models.CharField(max_length=80, unique=True)
    prefix = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=30, blank=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="tokens")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return self.name

    @property
    def sends_as(self) -> str:
        """The source of the incidents it sends: its name, as far as a source can hold it."""
        return self.name.replace(":", "-")[:40]
