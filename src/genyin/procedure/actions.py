from typing import Any

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.claims import first_come
from genyin.base.errors import BadInput, gettext_noop
from genyin.people.roles import require
from genyin.procedure.content import parse
from genyin.procedure.models import Counter, ProcedureVersion, Site
from genyin.procedure.queries import current, read, site


def publish(content: dict[str, Any], *, note: str, by: Actor) -> ProcedureVersion:
    """Publish a new version; problems registered from now on are judged by it. Raises BadInput when unreadable."""
    through = require(by, "procedure.publish") if by.kind != "job" else None
    parse(content)
    with transaction.atomic():
        last = ProcedureVersion.objects.order_by("-number").first()
        with first_come():  # the number is unique
            version = ProcedureVersion.objects.create(
                number=(last.number if last else 0) + 1,
                content=content,
                note=note,
                published_at=clock.now(),
                published_by_id=by.user_id,
            )
        events.record("procedure.published", version, by=by, note=note, through=through)
    return version


def set_site(*, name: str, zone: str, language: str, by: Actor) -> Site:
    """Name the organisation, its zone and its language."""
    through = require(by, "site.edit")
    after = {"name": name, "zone": zone, "language": language}
    with transaction.atomic():
        row, _made = Site.objects.update_or_create(id=1, defaults=after)
        events.record("site.set", row, by=by, after=after, through=through)
    return row


def draw_number(series: str) -> str:
    """The next number of a series in the form the current procedure gives it. Call within the verb's transaction."""
    form = read(current()).numbering.get(series)
    if form is None:
        raise BadInput(gettext_noop("The procedure has no numbering for %(series)s."), field="numbering", series=series)
    month = clock.month_of(clock.now(), site().zone).replace("-", "")
    counter, _made = Counter.objects.get_or_create(series=series, period=month if "{month}" in form else "")
    # The row is locked until the verb commits: two registrations at once cannot draw the same number.
    counter = Counter.objects.select_for_update().get(pk=counter.pk)
    counter.last += 1
    counter.save(update_fields=["last"])
    return form.format(month=month, n=counter.last)
