"""Which mapping fits a file: by its header row, whatever the order of its columns."""

from collections.abc import Iterable

from genyin.base.errors import BadFile, gettext_noop
from genyin.intake.library import all_ready
from genyin.intake.mapping import Mapping
from genyin.intake.records import Columns
from genyin.intake.rows import Shape, bad_file
from genyin.intake.targets import KINDS

SHOWN = 12  # column names repeated in a refusal


def recognised(shape: Shape, *, kind: str = "", among: Iterable[Mapping] | None = None) -> Mapping:
    """The one mapping that fits the columns. Raises BadFile, naming them, when none or more than one does."""
    everything = tuple(all_ready() if among is None else among)
    candidates = [mapping for mapping in everything if not kind or mapping.kind == kind]
    fitting = [mapping for mapping in candidates if fits(mapping, shape)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise bad_file(
            gettext_noop("%(file)s fits several mappings (%(names)s); say which with --mapping or --source."),
            file=shape.file,
            line=shape.header_line or 1,
            names=", ".join(mapping.name for mapping in fitting),
        )
    if other := next((mapping for mapping in everything if fits(mapping, shape)), None):
        raise bad_file(
            gettext_noop(
                "%(file)s holds %(has)s (mapping %(mapping)s), not %(wanted)s; import it with --kind %(has)s."
            ),
            file=shape.file,
            line=shape.header_line or 1,
            has=other.kind,
            mapping=other.name,
            wanted=kind,
        )
    raise _unknown(shape, candidates)


def fits(mapping: Mapping, shape: Shape) -> bool:
    """Whether the file has every column by which the mapping is recognised, and none that speaks against it."""
    columns = Columns(shape)
    return (
        bool(mapping.recognise)
        and all(any(columns.has(name) for name in names) for names in mapping.recognise)
        and not any(columns.has(name) for name in mapping.unless)
    )


def check(mapping: Mapping, shape: Shape) -> None:
    """Raises BadFile naming each column without which this mapping can tell no record of this file."""
    if lacking := _lacking(mapping, shape):
        raise bad_file(
            gettext_noop("%(file)s cannot be read with the mapping %(mapping)s: it has no column %(lacking)s."),
            file=shape.file,
            line=shape.header_line or 1,
            mapping=mapping.name,
            lacking="; ".join(lacking),
        )


def _lacking(mapping: Mapping, shape: Shape) -> list[str]:
    """What is required and has no column in the file: our name, and how the column may be called."""
    columns = Columns(shape)
    specs = [
        (names, [mapping.fields[n] for n in names if n in mapping.fields]) for names in KINDS[mapping.kind].required
    ]
    groups = [(" / ".join(names), [c for spec in them for c in spec.columns + spec.join]) for names, them in specs]
    return [
        f"{ours} ({', '.join(theirs[:6])})" for ours, theirs in groups if not any(columns.has(name) for name in theirs)
    ]


def _unknown(shape: Shape, candidates: list[Mapping]) -> BadFile:
    """What to say of a file that no mapping fits: that it lacks a number or a date, or which mapping comes nearest."""
    columns = Columns(shape)
    found = ", ".join(shape.columns[:SHOWN]) + (", …" if len(shape.columns) > SHOWN else "")
    line = shape.header_line or 1

    def any_filled(names: tuple[str, ...]) -> bool:
        specs = (mapping.fields[name] for mapping in candidates for name in names if name in mapping.fields)
        return any(columns.has(column) for spec in specs for column in spec.columns)

    has_number, has_date = any_filled(("external_id",)), any_filled(("opened_at", "occurred_at", "registered_at"))
    if not has_number and not has_date:
        return bad_file(
            gettext_noop("%(file)s has neither a column with the number of each record "
                "nor one with its date; its columns are %(found)s."),
            file=shape.file, line=line, found=found,
        )  # fmt: skip
    if not has_number:
        return bad_file(
            gettext_noop("%(file)s has no column with the number of each record; its columns are %(found)s."),
            file=shape.file, line=line, found=found,
        )  # fmt: skip
    nearest = max(candidates, key=lambda m: sum(any(columns.has(n) for n in names) for names in m.recognise))
    missing = [" / ".join(names[:4]) for names in nearest.recognise if not any(columns.has(n) for n in names)]
    return bad_file(
        gettext_noop(
            "%(file)s fits none of the known mappings (%(names)s); the nearest is %(nearest)s, "
            "for which it lacks %(missing)s. Give a mapping with --mapping."
        ),
        file=shape.file,
        line=line,
        names=", ".join(mapping.name for mapping in candidates),
        nearest=nearest.name,
        missing="; ".join(missing) or "-",
    )
