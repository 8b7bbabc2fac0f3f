"""Lines of machines grouped into the events that wrote them: one setting for all systems, no look at their names.

Folder: NAME_2k.log_structured.csv.xz with the columns Content (what is grouped, as the log parsing benchmark of Zhu
et al. 2019 does: the line without its header of time, level and component) and EventId (the truth); NAME_2k.log.xz with
the whole lines. Grouping accuracy is the share of lines whose group holds exactly the lines of their event; one line
astray spoils a whole event. The mean is over systems.

by_system     accuracy, and how many groups were found for how many events
leave_one_out `enough`, the one constant that matters, chosen on the other systems and judged on the one left out. The
              other constants of lines.py and slots.py were chosen on all systems of the folder and on written lines
perturbed     half of the lines, the first 500, the last 500, lines in another order
whole_lines   the same from the whole raw lines; their header names the component, which the truth ignores
written       lines of `machine_lines`: other systems, statements written for this bench; their bias is told there
incremental   line by line: accuracy of what `Catalogue` says in the end (resolved) and of what it said at once,
              agreement with the batch as grouping accuracy and as adjusted Rand index, milliseconds of CPU a line

    python -m bench.events FOLDER [SEED]
"""

import csv
import json
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import opening
from bench.machine_lines import STATEMENTS, logged
from genyin.sift.events import ENOUGH, Catalogue, templates
from genyin.sift.measure import adjusted_rand, grouping_accuracy

CHOICES = (3.0, 4.0, 5.0, 6.0, 8.0)
STRUCTURED, RAW = "_2k.log_structured.csv", "_2k.log"
Rows = list[int]


@dataclass(frozen=True, slots=True)
class System:
    """The lines of one system and the event of each."""

    lines: Sequence[str]
    truth: Sequence[int]

    def accuracy(self, enough: float = ENOUGH) -> float:
        return grouping_accuracy(self.truth, templates(self.lines, enough=enough).ids)

    def only(self, rows: Rows) -> "System":
        return System([self.lines[row] for row in rows], [self.truth[row] for row in rows])


def read(folder: Path) -> dict[str, System]:
    """The systems of a folder by their names."""
    files = opening.named(folder, STRUCTURED)
    if not files:
        raise FileNotFoundError(folder / f"*{STRUCTURED}")
    return {file.name.partition(STRUCTURED)[0]: _system(file) for file in files}


def main(data_dir: str | Path, seed: int = 0) -> dict[str, object]:
    """All figures; see the head of this module. The seed draws what `perturbed` and `written` are measured on."""
    started = time.process_time()
    systems = read(Path(data_dir))
    by_system = {name: system.accuracy() for name, system in systems.items()}
    written = {name: _written(name, seed).accuracy() for name in STATEMENTS}
    return {
        "mean": _mean(by_system),
        "by_system": {name: round(accuracy, 4) for name, accuracy in by_system.items()},
        "groups": {name: _groups(system) for name, system in systems.items()},
        "leave_one_out": leave_one_out(systems),
        "perturbed": {how: _mean(perturbed(systems, rows, seed)) for how, rows in PERTURBATIONS.items()},
        "whole_lines": _mean({name: one.accuracy() for name, one in _whole(Path(data_dir), systems).items()}),
        "written": {"mean": _mean(written), **{name: round(accuracy, 4) for name, accuracy in written.items()}},
        "incremental": incremental(systems),
        "settings": {"enough": ENOUGH, "seed": seed},
        "seconds": round(time.process_time() - started, 1),
    }


def leave_one_out(systems: Mapping[str, System]) -> dict[str, object]:
    """Each system judged with the `enough` that is best for the others; at equal accuracy the one that ships."""
    accuracy = {enough: {name: one.accuracy(enough) for name, one in systems.items()} for enough in CHOICES}
    chosen = {name: _best({enough: _others(found, name) for enough, found in accuracy.items()}) for name in systems}
    return {
        "mean": _mean({name: accuracy[enough][name] for name, enough in chosen.items()}),
        "chosen": chosen,
        "mean_by_enough": {enough: _mean(found) for enough, found in accuracy.items()},
    }


def perturbed(systems: Mapping[str, System], rows: Callable[[int, random.Random], Rows], seed: int) -> dict[str, float]:
    """Accuracy by system on some of its lines, or on its lines in another order."""
    return {
        name: system.only(rows(len(system.lines), random.Random(f"{name}/{seed}"))).accuracy()
        for name, system in systems.items()
    }


PERTURBATIONS: Mapping[str, Callable[[int, random.Random], Rows]] = {
    "half": lambda n, draw: sorted(draw.sample(range(n), n // 2)),
    "first_500": lambda n, _: list(range(n))[:500],
    "last_500": lambda n, _: list(range(n))[-500:],
    "shuffled": lambda n, draw: draw.sample(range(n), n),
}


def incremental(systems: Mapping[str, System]) -> dict[str, object]:
    """Each system's lines one by one into a catalogue of its own."""
    took: list[float] = []
    resolved, at_once, agreement, rand = {}, {}, {}, {}
    for name, system in systems.items():
        catalogue = Catalogue()
        said = [_timed(catalogue, line, took) for line in system.lines]
        now = [catalogue.current(event) for event in said]
        batch = templates(system.lines).ids
        resolved[name], at_once[name] = grouping_accuracy(system.truth, now), grouping_accuracy(system.truth, said)
        agreement[name], rand[name] = grouping_accuracy(batch, now), adjusted_rand(batch, said)
    return {
        "resolved": _mean(resolved),
        "at_once": _mean(at_once),
        "agreement": _mean(agreement),
        "agreement_ari_at_once": _mean(rand),
        "ms_p50": round(float(np.percentile(took, 50)), 3),
        "ms_p99": round(float(np.percentile(took, 99)), 3),
        "ms_max": round(max(took), 2),
    }


def _system(file: Path) -> System:
    with opening.text(file) as lines:
        rows = [(row["Content"], row["EventId"]) for row in csv.DictReader(lines)]
    number: dict[str, int] = {}
    return System([content for content, _ in rows], [number.setdefault(event, len(number)) for _, event in rows])


def _whole(folder: Path, systems: Mapping[str, System]) -> dict[str, System]:
    """The systems with the header of each line; one whose file of whole lines has another length is left out."""
    whole = {}
    for path in opening.named(folder, RAW):
        system = systems.get(name := path.name.partition(RAW)[0])
        with opening.text(path) as file:
            lines = [line for line in file.read().split("\n") if line.strip()]
        if system is not None and len(lines) == len(system.truth):
            whole[name] = System([line.rstrip("\r") for line in lines], system.truth)
    return whole


def _written(name: str, seed: int) -> System:
    found = logged(name, seed=seed)
    return System(found.lines, found.truth)


def _groups(system: System) -> str:
    return f"{len(templates(system.lines).templates)} for {len(set(system.truth))}"


def _timed(catalogue: Catalogue, line: str, took: list[float]) -> int:
    started = time.process_time()
    event = catalogue.add(line)
    took.append(1000 * (time.process_time() - started))
    return event


def _others(accuracy: Mapping[str, float], name: str) -> float:
    return sum(value for other, value in accuracy.items() if other != name)


def _best(accuracy: Mapping[float, float]) -> float:
    return max(accuracy, key=lambda enough: (accuracy[enough], enough == ENOUGH))


def _mean(accuracy: Mapping[str, float]) -> float:
    return round(sum(accuracy.values()) / len(accuracy), 4) if accuracy else 0.0


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *map(int, sys.argv[2:3])), indent=1))
