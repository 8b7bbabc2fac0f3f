"""Facts and figures as bytes that are the same whenever they are written again, and back.

Canonical JSON: UTF-8, sorted keys, no spaces, moments in UTC, shares as [numerator, denominator] and never as
floats, record ids as runs ([1, 5] is 1 to 5), so that 9,000 incidents of one import take one pair.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from pydantic import TypeAdapter

from genyin.reports.breakdowns import AgeRow, Count, Handling
from genyin.reports.facts import Facts, RegisterGap, Scope, ScopeKind
from genyin.reports.figures import Figures, Line
from genyin.reports.findings import Finding
from genyin.reports.metrics import Figure

FORMAT = 1

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)
_LINES: TypeAdapter[tuple[Line, ...]] = TypeAdapter(tuple[Line, ...])
_GAPS: TypeAdapter[tuple[RegisterGap, ...]] = TypeAdapter(tuple[RegisterGap, ...])


def freeze_facts(facts: Facts) -> bytes:
    """The facts as canonical bytes: kept with the report, so that its figures can be computed again."""
    return canonical(_FACTS.dump_python(facts, mode="json"))


def thaw_facts(content: bytes) -> Facts:
    """The facts that `freeze_facts` wrote."""
    return _FACTS.validate_json(content)


def freeze(figures: Figures) -> bytes:
    """The figures as canonical bytes; their SHA-256 is the report's seal."""
    return canonical(
        {
            "format": FORMAT,
            "definitions": figures.definitions,
            "scope": {
                "kind": figures.scope.kind.value,
                "id": figures.scope.id,
                "name": figures.scope.name,
                "source": figures.scope.source,
            },
            "zone": figures.zone,
            "month": figures.month,
            "window": [moment(figures.start), moment(figures.end)],
            "as_of": moment(figures.as_of),
            "months": list(figures.months),
            "values": {
                code: {column: figure_out(figure) for column, figure in columns.items()}
                for code, columns in figures.values.items()
            },
            "counts": {
                dimension: [[row.key, runs(row.total), runs(row.resolved), runs(row.unresolved)] for row in rows]
                for dimension, rows in figures.counts.items()
            },
            "handling": [
                [row.key, runs(row.handled), figure_out(row.on_time), figure_out(row.mean)] for row in figures.handling
            ],
            "ages_by_stage": [[row.key, [runs(ids) for ids in row.bands]] for row in figures.ages_by_stage],
            "ages_by_level": [[row.key, [runs(ids) for ids in row.bands]] for row in figures.ages_by_level],
            "left_out": [[outcome, runs(ids)] for outcome, ids in figures.left_out],
            "imported": runs(figures.imported),
            "findings": [[found.code, found.number, runs(found.records)] for found in figures.findings],
            "register_gaps": _GAPS.dump_python(figures.register_gaps, mode="json"),
            "unconfirmed": list(figures.unconfirmed),
            "lines": {name: _LINES.dump_python(getattr(figures, name), mode="json") for name in LINE_LISTS},
        }
    )


LINE_LISTS = ("major", "carried", "risks", "gaps")


def thaw(content: bytes) -> Figures:
    """The figures that `freeze` wrote; the documents are made from these."""
    data = json.loads(content)
    start, end = (parsed(text) for text in data["window"])
    scope = data["scope"]
    return Figures(
        definitions=data["definitions"],
        scope=Scope(ScopeKind(scope["kind"]), scope["id"], scope["name"], scope["source"]),
        zone=data["zone"],
        month=data["month"],
        start=start,
        end=end,
        as_of=parsed(data["as_of"]),
        months=tuple(data["months"]),
        values={
            code: {column: figure_in(figure) for column, figure in columns.items()}
            for code, columns in data["values"].items()
        },
        counts={
            dimension: tuple(Count(key, *(unrun(ids) for ids in sets)) for key, *sets in rows)
            for dimension, rows in data["counts"].items()
        },
        handling=tuple(
            Handling(key, unrun(handled), figure_in(on_time), figure_in(mean))
            for key, handled, on_time, mean in data["handling"]
        ),
        ages_by_stage=tuple(AgeRow(key, tuple(unrun(ids) for ids in bands)) for key, bands in data["ages_by_stage"]),
        ages_by_level=tuple(AgeRow(key, tuple(unrun(ids) for ids in bands)) for key, bands in data["ages_by_level"]),
        left_out=tuple((outcome, unrun(ids)) for outcome, ids in data["left_out"]),
        imported=unrun(data["imported"]),
        findings=tuple(Finding(code, number, unrun(ids)) for code, number, ids in data["findings"]),
        register_gaps=_GAPS.validate_json(json.dumps(data["register_gaps"])),
        unconfirmed=tuple(data["unconfirmed"]),
        **{name: _LINES.validate_json(json.dumps(data["lines"][name])) for name in LINE_LISTS},
    )


def digest(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def canonical(value: Any) -> bytes:
    """The value as JSON that is the same on every machine. A float is a mistake: it may print differently."""
    refuse_floats(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def refuse_floats(value: Any) -> None:
    """Raises TypeError for a float anywhere inside."""
    if isinstance(value, float):
        raise TypeError("a frozen figure is a fraction, not a float")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        refuse_floats(item)


def figure_out(figure: Figure) -> dict[str, Any]:
    """A figure as JSON; a dash is null."""
    return {
        "value": pair(figure.value),
        "numerator": pair(figure.numerator),
        "denominator": pair(figure.denominator),
        "records": runs(figure.records),
        "of": runs(figure.of),
    }


def figure_in(data: dict[str, Any]) -> Figure:
    """A figure from JSON."""
    return Figure(
        unpair(data["value"]),
        unpair(data["numerator"]) or Fraction(0),
        unpair(data["denominator"]),
        unrun(data["records"]),
        unrun(data["of"]),
    )


def pair(value: Fraction | None) -> list[int] | None:
    """A fraction in lowest terms."""
    return None if value is None else [value.numerator, value.denominator]


def unpair(value: list[int] | None) -> Fraction | None:
    """The fraction of a pair."""
    return None if value is None else Fraction(value[0], value[1])


def runs(ids: Iterable[int]) -> list[list[int]]:
    """Ascending ids as runs of first and last."""
    found: list[list[int]] = []
    for number in sorted(set(ids)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def unrun(pairs: Iterable[list[int]]) -> tuple[int, ...]:
    """The ids of runs."""
    return tuple(number for first, last in pairs for number in range(first, last + 1))


def moment(value: datetime) -> str:
    """A moment in UTC, to the microsecond."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def parsed(text: str) -> datetime:
    """The moment that `moment` wrote."""
    return datetime.fromisoformat(text)
