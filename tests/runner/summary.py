"""How each part ended, and the closing lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True, slots=True)
class Outcome:
    """One part's figures. `problem` is a sentence when the part failed, empty when it passed."""

    title: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    problem: str

    @property
    def ok(self) -> bool:
        return not self.problem


def read(report: Path, title: str, *, problem: str) -> Outcome:
    """The figures of pytest's JUnit file; a part that failed without a failed test still counts as one."""
    try:
        suites = ElementTree.parse(report).getroot().findall("testsuite")  # noqa: S314 - pytest wrote it a moment ago
    except (FileNotFoundError, ElementTree.ParseError):
        return Outcome(title, 0, 1, 0, 0.0, problem or "pytest left no report")

    def total(attribute: str) -> int:
        return sum(int(suite.get(attribute, 0)) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    return Outcome(
        title=title,
        passed=max(0, total("tests") - failed - skipped),
        failed=max(failed, 1) if problem else failed,
        skipped=skipped,
        seconds=sum(float(suite.get("time", 0)) for suite in suites),
        problem=problem,
    )


def lines(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each part and one in the plain form that every tool reads."""
    told = [
        f"{part.title:<14} {_figures(part):<42} {part.seconds:7.1f} s{'   ' + part.problem if part.problem else ''}"
        for part in outcomes
    ]
    return ["", *told, _figures(_sum(outcomes))]


def as_json(outcomes: Sequence[Outcome]) -> dict[str, object]:
    whole = _sum(outcomes)
    parts = {
        part.title: {"passed": part.passed, "failed": part.failed, "skipped": part.skipped, "problem": part.problem}
        for part in outcomes
    }
    return {
        "passed": whole.passed,
        "failed": whole.failed,
        "skipped": whole.skipped,
        "seconds": round(whole.seconds, 1),
        "parts": parts,
    }


def _sum(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(
        title="",
        passed=sum(part.passed for part in outcomes),
        failed=sum(part.failed for part in outcomes),
        skipped=sum(part.skipped for part in outcomes),
        seconds=sum(part.seconds for part in outcomes),
        problem="",
    )


def _figures(part: Outcome) -> str:
    return f"{part.passed} passed, {part.failed} failed, {part.skipped} skipped"
