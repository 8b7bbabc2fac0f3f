"""A family that an arrival has made grow: is it a candidate already? The nightly analysis asks again."""

from datetime import datetime, timedelta

from genyin.base import clock, events
from genyin.base.actor import job
from genyin.problems.models import IncidentLink
from genyin.trends import rules
from genyin.trends.models import Candidate, CandidateState, Family, Run
from genyin.trends.runs import listing, reading, standing


def look(family: Family, occurred_at: datetime) -> Candidate | None:
    """List the family if it meets a rule now and the list has room. Call within the arrival's turn.

    Nobody who waits for the night sees a storm before it is over. Before the first analysis there is no list; what
    comes of a time long past is no storm, and the night judges it in its own time.
    """
    run, rule = Run.objects.order_by("-id").first(), listing.rule()
    if run is None or occurred_at < clock.now() - timedelta(days=rule.days):
        return None
    if Candidate.objects.filter(family=family, state=CandidateState.OPEN).exists():
        return None
    history = reading.of_family(family)
    rows = history.row_of()
    recent = listing.recent(history, rule.days)
    linked = set(IncidentLink.objects.filter(incident__membership__family=family).values_list("incident_id", flat=True))
    stand = standing.of([family])[family.pk]
    one = listing.proposed(family, list(rows.values()), history, stand, recent, linked, rule=rule)
    if one is None or not _has_place(one, history, rule):
        return None
    candidate = listing.new(run, one)
    candidate.save()
    after = {"family": family.ref, "rules": candidate.rules, "incidents": one.evidence["count"]}
    events.record("candidate.listed", candidate, by=job("trends"), after=after)
    return candidate


def _has_place(one: listing.Proposed, history: reading.History, rule: listing.Rule) -> bool:
    listed, incidents = listing.listed_lately(history, rule.days), _recent(history, rule.days)
    return rules.has_place(one.rank, listed=listed, incidents=incidents, at_least=rule.at_least)


def _recent(history: reading.History, days: int) -> int:
    """Incidents of the last days of the family's sources, those of other families too."""
    since = clock.now() - timedelta(days=days)
    return reading.counting(clock.now()).filter(source__in=list(history.sources), occurred_at__gt=since).count()
