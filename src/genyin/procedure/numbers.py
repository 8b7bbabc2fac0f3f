"""Numbers that came from elsewhere must not be drawn a second time."""

import re
from collections.abc import Iterable

from genyin.procedure.models import Counter
from genyin.procedure.queries import current, read

#: The counter that draws nothing: whoever imports into the series holds it.
IMPORT = "import"


def one_import_at_a_time(series: str) -> None:
    """Wait for others who import into the series, until their verb commits: each sees the numbers the other kept.

    Two at once would want the same numbers, and in opposite orders wait for each other. Who works here does not wait
    for it. Call first of all within the verb's transaction.
    """
    Counter.objects.get_or_create(series=series, period=IMPORT)
    Counter.objects.select_for_update().get(series=series, period=IMPORT)


def keep_clear(series: str, numbers: Iterable[str]) -> None:
    """Let the series go on behind these numbers, where they have its own form. Call within the verb's transaction.

    Without it an imported WT-202611-001 would stand in the way of the first problem registered that month.
    """
    form = read(current()).numbering.get(series, "")
    # Braces are special to both languages: the literal parts are quoted, the two places become groups.
    pattern = re.escape(form).replace(r"\{month\}", r"(?P<month>\d{6})")
    pattern = re.sub(r"\\\{n(:[^}]*?)?\\\}", r"(?P<n>\\d+)", pattern)
    highest: dict[str, int] = {}
    for number in numbers:
        if (found := re.fullmatch(pattern, number)) and "n" in found.groupdict():
            period = found.groupdict().get("month") or ""
            highest[period] = max(highest.get(period, 0), int(found["n"]))
    for period, last in sorted(highest.items()):  # one order for all: each is locked
        Counter.objects.get_or_create(series=series, period=period)
        Counter.objects.filter(series=series, period=period, last__lt=last).update(last=last)
