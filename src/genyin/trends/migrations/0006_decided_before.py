"""What was decided before it was kept where it goes.

Candidates that were dismissed or watched: the incidents that was about are, as near as can be told, those that are in
the family now and occurred before the decision's last day was over. Families that were merged away: the log says into
which one.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from django.db import migrations

BATCH = 500


def keep(apps, schema_editor):
    Candidate, Member, SetAside = (apps.get_model("trends", name) for name in ("Candidate", "FamilyMember", "SetAside"))
    decided = Candidate.objects.filter(state__in=("dismissed", "watching"), family__isnull=False).exclude(decided_by="")
    for candidate in decided.order_by("id"):
        end = datetime.combine(date.fromisoformat(candidate.evidence["to"]) + timedelta(days=1), time(), UTC)
        members = Member.objects.filter(family_id=candidate.family_id, incident__occurred_at__lt=end)
        rows = (SetAside(incident_id=ref, candidate=candidate) for ref in members.values_list("incident_id", flat=True))
        while some := list(islice(rows, BATCH)):
            SetAside.objects.bulk_create(
                some, update_conflicts=True, unique_fields=("incident",), update_fields=("candidate",)
            )


def lead_on(apps, schema_editor):
    Event, Family = apps.get_model("base", "Event"), apps.get_model("trends", "Family")
    merges = Event.objects.filter(verb="family.merged").order_by("seq")
    for into, after in merges.values_list("subject_id", "content__after"):
        number = str((after or {}).get("merged", "")).removeprefix("FAM-")
        if number.isdecimal() and Family.objects.filter(pk=into).exists():
            gone = Family.objects.filter(number=int(number), became=None).exclude(retired_at=None).exclude(pk=into)
            gone.update(became=into)


class Migration(migrations.Migration):
    dependencies = [("trends", "0005_what_was_set_aside"), ("base", "0004_actor_token")]
    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RunPython(lead_on, migrations.RunPython.noop),
    ]
