from django.db import models
from django.db.models import Q

from genyin.people.models import Team, User


class Customer(models.Model):
    """Whose services these are. No text of one customer reaches another."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """项目: a system-integration or O&M project of a customer (R14)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="projects")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "name"), name="project_once"),)

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """What incidents hit. `confirmed` is False for one that an import met before anybody entered it."""

    name = models.CharField(max_length=200, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="services")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="services")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="services")
    default_owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    availability_target = models.DecimalField(max_digits=6, decimal_places=3, null=True)  # percent a calendar month
    confirmed = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return self.name


class Access(models.Model):
    """Who may see which service: one row opens a customer's services, or one service."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="access")
    token = models.ForeignKey("people.ApiToken", models.CASCADE, null=True, related_name="access")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True)
    service = models.ForeignKey(Service, models.CASCADE, null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(token__isnull=True), name="access_of_user_or_token"
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=True) ^ Q(service__isnull=True), name="access_to_customer_or_service"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id or self.token_id} sees {self.customer or self.service}"


class ConfigurationItem(models.Model):
    """A component of a service, known by its name within it."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="items")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("service", "name"), name="item_once"),)

    def __str__(self) -> str:
        return self.name


class IncidentState(models.TextChoices):
    OPEN = "open"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELED = "canceled"


class Environment(models.TextChoices):
    PRODUCTION = "production"
    TEST = "test"
    DEVELOPMENT = "development"


class Incident(models.Model):
    """An incident, known by the source that sent it and its number there.

    `digest` covers what the source said, so that the same row arriving again changes nothing. A missing
    environment counts as production and is marked assumed (R15). `search` holds the search tokens.
    """

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    service = models.ForeignKey(Service, models.PROTECT, related_name="incidents")
    item = models.ForeignKey(ConfigurationItem, models.SET_NULL, null=True, related_name="incidents")
    category = models.CharField(max_length=120, blank=True)
    subcategory = models.CharField(max_length=120, blank=True)
    symptom = models.CharField(max_length=120, blank=True)
    environment = models.CharField(max_length=12, choices=Environment.choices, default=Environment.PRODUCTION)
    environment_assumed = models.BooleanField(default=False)
    impact = models.CharField(max_length=40, blank=True)
    urgency = models.CharField(max_length=40, blank=True)
    priority = models.CharField(max_length=40, blank=True)
    is_major = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=IncidentState.choices)
    occurred_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    outage_minutes = models.PositiveIntegerField(null=True)
    service_impact = models.CharField(max_length=10, blank=True)  # none | degraded | down
    team = models.CharField(max_length=120, blank=True)
    reporter = models.CharField(max_length=120, blank=True)
    resolution = models.TextField(blank=True)
    resolution_code = models.CharField(max_length=120, blank=True)
    external_problem = models.CharField(max_length=120, blank=True)
    external_change = models.CharField(max_length=120, blank=True)
    caused_by_change = models.CharField(max_length=120, blank=True)
    history = models.JSONField(default=list)
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "external_id"), name="incident_once"),
            models.CheckConstraint(condition=Q(state__in=IncidentState.values), name="incident_state_known"),
        )
        indexes = (
            # The default list: newest first within what one may see; the report: counts by month and source.
            models.Index(fields=("-occurred_at", "-id"), name="incident_newest"),
            models.Index(fields=("service", "-occurred_at", "-id"), name="incident_service"),
            models.Index(fields=("source", "opened_at"), name="incident_source"),
            models.Index(fields=("opened_at",), name="incident_opened"),
            models.Index(fields=("resolved_at",), name="incident_resolved"),
            models.Index(fields=("closed_at",), name="incident_closed"),
            models.Index(fields=("-received_at", "-id"), name="incident_received"),
        )

    def __str__(self) -> str:
        return f"{self.external_id} {self.title}"

    @property
    def ref(self) -> str:
        """How people and programs name it: source and number there."""
        return f"{self.source}:{self.external_id}"
