"""Dates as people and programs write them, by the order of their parts rather than by one pattern each.

A day may stand in for `5/3`, `05.03` or `5-3`, the clock may have twelve hours or twenty-four, Chinese or none of
its words; all that is settled by looking. What is never settled here is whether the day or the month comes first.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

#: "ymd", "dmy", "mdy": figures in that order; "named": the month is a word, so that the order does not matter;
#: "either": day and month in figures, the order of which the file must show (see `order_shown`).
FORMS = ("ymd", "dmy", "mdy", "named", "either")
EXAMPLES = {
    "iso": "2024-03-25T14:02:00Z", "ymd": "2024-03-25 14:02", "dmy": "25/3/2024 14:02", "mdy": "3/25/2024 2:02 PM",
    "named": "25/Mar/2024 14:02", "excel": "45376.5", "unix": "1711375320", "unix_ms": "1711375320000",
}  # fmt: skip

_CLOCK = (
    r"(?:\s*[T,]?\s*(?P<before>上午|下午|晚上|中午|凌晨)?\s*(?P<h>\d{1,2})(?:[:时點点](?P<mi>\d{1,2})?分?)"
    r"(?::?(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,6})\d*)?秒?)?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_YEAR, _SHORT = r"(?P<y>\d{4})", r"(?P<y>\d{4}|\d{2})"
_MARK = r"\s*[-/.]\s*"
_WORD = r"(?P<word>[a-zà-ÿ]{3,9})\.?"
_YMD = rf"{_YEAR}(?:\s*[-/.年]\s*)(?P<m>\d{{1,2}})(?:\s*[-/.月]\s*)(?P<d>\d{{1,2}})\s*[日号]?"
_PATTERNS = {
    "ymd": (_YMD, r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[T ]?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?)?"),
    "dmy": (rf"(?P<d>\d{{1,2}}){_MARK}(?P<m>\d{{1,2}}){_MARK}{_SHORT}",),
    "mdy": (rf"(?P<m>\d{{1,2}}){_MARK}(?P<d>\d{{1,2}}){_MARK}{_SHORT}",),
    "named": (
        rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/. ]+{_WORD}[-/., ]+{_SHORT}",
        rf"{_WEEKDAY}{_WORD}[-/. ]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+{_SHORT}",
        rf"{_YEAR}[-/. ]+{_WORD}[-/. ]+(?P<d>\d{{1,2}})",
    ),
}
_COMPILED = {
    name: tuple(re.compile(text if "(?P<h>" in text else text + _CLOCK, re.IGNORECASE) for text in texts)
    for name, texts in _PATTERNS.items()
}  # fmt: skip
_EITHER = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?![\d.])")
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip
_AFTERNOON = ("下午", "晚上", "中午")


def example(form: str) -> str:
    """A date as the form has it, for people: a form's own example, or a moment written by the pattern."""
    return EXAMPLES.get(form) or datetime(2024, 3, 25, 14, 2).strftime(form)  # noqa: DTZ001  shown, never computed with


def read(text: str, form: str) -> datetime | None:
    """The moment, with its zone where it names one; None when the text has not this form."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    for pattern in _COMPILED.get(form, ()):
        if found := pattern.fullmatch(text.strip()):
            return _moment(found.groupdict())
    return None


def either(text: str) -> tuple[int, int] | None:
    """The first two numbers of a date that begins with its day or with its month."""
    found = _EITHER.match(text.strip())
    return (int(found[1]), int(found[2])) if found else None


def order_shown(texts: Iterable[str]) -> tuple[str, str] | None:
    """Which order the dates of one file are in ("dmy" or "mdy"), with the first of them that shows it.

    A number above twelve is no month. None as long as every date could be read both ways.
    """
    for text in texts:
        if numbers := either(text):
            first, second = numbers
            if 12 < first <= 31 and second <= 12:
                return "dmy", text
            if 12 < second <= 31 and first <= 12:
                return "mdy", text
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    year = int(parts["y"] or 0)
    month = int(parts["m"] or 0) if parts.get("m") else _MONTHS.get((parts.get("word") or "")[:3].lower(), 0)
    hour = _hour(int(parts["h"] or 0), parts) if parts.get("h") else 0
    fraction = int((parts.get("f") or "").ljust(6, "0"))
    found = datetime(  # noqa: DTZ001  the zone of the source is added by the caller
        year + (2000 if year < 100 else 0), month, int(parts["d"] or 0), hour,
        int(parts.get("mi") or 0), int(parts.get("s") or 0), fraction,
    )  # fmt: skip
    return found.replace(tzinfo=_zone(parts["zone"])) if parts.get("zone") else found


def _hour(hour: int, parts: dict[str, str | None]) -> int:
    """On the clock of twenty-four hours; an hour no clock shows is refused by datetime."""
    half, before = (parts.get("half") or "").lower(), parts.get("before")
    if half:
        return (hour % 12 + (12 if half.startswith("p") else 0)) if 1 <= hour <= 12 else 24
    if before in _AFTERNOON and 1 <= hour < 12:
        return hour + 12 if before != "中午" or hour < 3 else hour
    return 0 if before == "凌晨" and hour == 12 else hour


def _zone(text: str | None) -> timezone:
    digits = (text or "").replace(":", "")
    if digits[:1] not in ("+", "-"):
        return timezone.utc  # noqa: UP017  named beside the offsets
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-offset if digits[0] == "-" else offset)
