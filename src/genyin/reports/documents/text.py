"""Text made safe for documents, and figures as people write them."""

import re
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from genyin.reports.metrics import Unit

# What XML 1.0 forbids: Word and Excel call a file with any of these damaged. Lone surrogates cannot be encoded.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DASH = "—"


def printable(text: str) -> str:
    """The text without characters that no document may hold; line ends as one newline."""
    return FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def shortened(text: str, most: int) -> str:
    """The first line's worth of a text, for a table cell."""
    flat = " ".join(printable(text).split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def decimal(value: Fraction, places: int) -> str:
    """The number with so many decimals, halves rounded away from zero."""
    scale = 10**places
    scaled = abs(value) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and whole else ""
    digits = str(whole).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def figure_text(value: Fraction | None, unit: Unit) -> str:
    """The value as it is printed: a dash for none, one decimal for percent and days, two for ratios."""
    if value is None:
        return DASH
    match unit:
        case Unit.COUNT:
            return decimal(value, 0)
        case Unit.PERCENT:
            # Exactly all and exactly none lose their decimal: 100% is not 99.96%.
            return decimal(value * 100, 0 if value in (0, 1) else 1) + "%"
        case Unit.DAYS:
            return decimal(value, 1)
        case Unit.RATIO:
            return decimal(value, 2)


def day(moment: datetime | None, zone: str) -> str:
    """The calendar day in the zone, ISO; a dash for none."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d") if moment else DASH


def minute(moment: datetime | None, zone: str) -> str:
    """Day and time in the zone; a dash for none."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if moment else DASH


class Dates:
    """Dates in one zone, nothing where there is none: an empty field of a form stays empty."""

    def __init__(self, zone: str) -> None:
        self.zone = zone

    def minute(self, moment: datetime | None) -> str:
        """Day and time."""
        return minute(moment, self.zone) if moment else ""

    def day(self, moment: datetime | None) -> str:
        """The calendar day."""
        return day(moment, self.zone) if moment else ""
