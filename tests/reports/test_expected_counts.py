"""Incident counts by month come out exactly as counted by somebody else from the same real files, months cut in UTC."""

import csv
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genyin.intake import actions as intake
from genyin.procedure import actions as procedure
from genyin.reports import figures, gathering, queries
from genyin.reports.facts import Facts
from genyin.reports.gathering import scope_of
from tests.cast import SETUP, Cast

EXTRACT = Path(__file__).parent / "data" / "uci_extract.csv.xz"
CODES = ("opened", "resolved", "closed")
Counts = dict[str, tuple[int, ...]]


@pytest.fixture
def in_utc(cast: Cast) -> Cast:
    """The cast on a site whose months are cut in UTC, as those of the sources are."""
    procedure.set_site(name="Example Provider", zone="UTC", language="en", by=SETUP)
    return cast


def counted(cast: Cast, months: Iterable[str], *, source: str = "") -> Counts:
    """Opened, resolved, closed of every month with any, from as many reports of twelve columns as that takes."""
    years = range(int(min(months)[:4]), int(max(months)[:4]) + 1)
    counts: Counts = {}
    for year in years:
        found = queries.draft(f"{year}-12", scope=scope_of(source=source), seen_by=cast.lead)
        for month in found.months:
            counts[month] = tuple(int(found.values[f"incidents_{code}"][month].numerator) for code in CODES)
    return busy(counts)


def busy(counts: Counts) -> Counts:
    """Without months in which nothing happened: the expected tables leave them out."""
    return {month: numbers for month, numbers in counts.items() if any(numbers)}


def by_hand(path: Path) -> Counts:
    """The same, from the file alone: of each incident the last event, by its own counter."""
    last: dict[str, dict[str, str]] = {}
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["number"] not in last or int(row["sys_mod_count"]) >= int(last[row["number"]]["sys_mod_count"]):
                last[row["number"]] = row
    months: dict[str, Counter[str]] = defaultdict(Counter)
    for row in last.values():
        for code in CODES:
            if row[f"{code}_at"] != "?":
                months[f"{datetime.strptime(row[f'{code}_at'], '%d/%m/%Y %H:%M').replace(tzinfo=UTC):%Y-%m}"][code] += 1
    return {month: tuple(numbers[code] for code in CODES) for month, numbers in months.items()}


def test_a_shipped_extract_is_counted_exactly(in_utc: Cast) -> None:
    intake.run(EXTRACT, source="servicenow", by=in_utc.lead)
    expected = by_hand(EXTRACT)
    assert sum(numbers[0] for numbers in expected.values()) > 100
    assert counted(in_utc, expected) == expected


def test_the_records_behind_a_month_are_those_counted(in_utc: Cast) -> None:
    intake.run(EXTRACT, source="servicenow", by=in_utc.lead)
    for month, (opened, resolved, closed) in by_hand(EXTRACT).items():
        facts: Facts = gathering.gather(month, seen_by=in_utc.lead)
        computed = figures.compute(facts)
        for code, number in (("opened", opened), ("resolved", resolved), ("closed", closed)):
            figure = computed.of_month(f"incidents_{code}")
            assert len(figure.records) == number == figure.value


@pytest.mark.data
@pytest.mark.slow
def test_jira_apache_is_counted_exactly_for_each_of_three_sources(in_utc: Cast, real_data: Path) -> None:
    folder = real_data / "jira_apache"
    expected: dict[str, Counts] = defaultdict(dict)
    for row in table(folder / "expected_monthly.csv"):
        expected[row["project"]][row["month_utc"]] = (int(row["created"]), int(row["resolved"]))
    for project, months in expected.items():
        intake.run(folder / f"{project}.issues.jsonl.xz", source=project.lower(), by=in_utc.lead)
        found = counted(in_utc, months, source=project.lower())
        assert busy({month: numbers[:2] for month, numbers in found.items()}) == busy(months)


def table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
