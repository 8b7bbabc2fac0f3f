"""Reads a whole file without writing a record, so that it is known beforehand what an import will do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from genyin.incidents.data import Record
from genyin.intake import kinds
from genyin.intake.progress import MAX_CHUNK, Listener, Meter, nobody
from genyin.intake.records import Told
from genyin.intake.rejects import Rejects
from genyin.intake.rows import RowProblem
from genyin.intake.stream import Reading

MAX_SERVICES = 200  # names of new services that are listed


@dataclass(slots=True)
class Survey:
    """`foreseen`: created, updated, unchanged, and the names of services that would be new."""

    rows: int = 0
    records: int = 0
    rejected: int = 0
    foreseen: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """The first records of a file and the first rows that are refused."""

    records: tuple[Record, ...]
    problems: tuple[RowProblem, ...]


def survey(reading: Reading, bad: Rejects, progress: Listener = nobody) -> Survey:
    """Count everything the file tells and list what is refused. Raises BadFile when it proves damaged."""
    found, size = Survey(), 0
    created = updated = unchanged = 0
    services: set[str] = set()
    meter = Meter("checking", progress, total=None)
    for chunk in _chunks(reading.told()):
        problems = [problem for told in chunk for problem in told.problems]
        size = bad.append(problems, at=size)
        taken = kinds.foresee(reading.mapping.kind, [told.record for told in chunk if told.record is not None])
        created, updated, unchanged = created + taken.created, updated + taken.updated, unchanged + taken.unchanged
        if len(services) < MAX_SERVICES:
            services.update(taken.new_services)
        found.rows += sum(told.rows for told in chunk)
        found.records += sum(told.record is not None for told in chunk)
        found.rejected += sum(told.rows for told in chunk if told.problems)
        meter.at(found.rows, found.rejected)
    meter.at(found.rows, found.rejected, last=True)
    names = sorted(services)[:MAX_SERVICES]
    found.foreseen = {"created": created, "updated": updated, "unchanged": unchanged, "new_services": names}
    return found


def preview(reading: Reading, *, records: int = 20, problems: int = 20, within: int = 2000) -> Preview:
    """The beginning of what the file tells; looks at no more than `within` of it."""
    seen: list[Record] = []
    refused: list[RowProblem] = []
    for told in islice(reading.told(), within):
        if told.record is not None:
            seen.append(told.record)
        refused += told.problems
        if len(seen) >= records and (len(refused) >= problems or len(seen) >= 10 * records):
            break
    return Preview(tuple(seen[:records]), tuple(refused[:problems]))


def _chunks(told: Iterator[Told]) -> Iterator[list[Told]]:
    while chunk := list(islice(told, MAX_CHUNK)):
        yield chunk
