"""The list of refused rows: a csv file that a person can open, mend and send again."""

import csv
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path

from genyin import config
from genyin.base.sentences import say_text
from genyin.intake.mending import HEADER, harmless
from genyin.intake.rows import RowProblem, Shape

NAME = "rejects.csv"


class Rejects:
    """Appends to the list; what was appended after the last checkpoint is cut off when a killed run goes on."""

    def __init__(self, folder: Path, shape: Shape) -> None:
        self.path = folder / NAME
        self._shape = shape
        self._columns = shape.columns
        self._keeps_record = shape.form in (".jsonl", ".json")

    def append(self, problems: Iterable[RowProblem], *, at: int) -> int:
        """Write the problems at this size of the list; answers its size after them."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerows(map(harmless, self._line(problem)) for problem in problems)
        body = text.getvalue()
        if not body:
            return at
        if not at:
            header = io.StringIO(newline="")
            more = ("original",) if self._keeps_record else ()
            csv.writer(header).writerow(map(harmless, (*HEADER, *self._columns, *more)))
            body = "\ufeff" + header.getvalue() + body  # the mark tells Excel that this is UTF-8
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.truncate(at)
            file.seek(at)
            # Bytes that belong to no encoding must not make the list itself unreadable.
            file.write(body.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())  # on disk before the checkpoint that counts on it
            return file.tell()

    def _line(self, problem: RowProblem) -> list[str]:
        reason = say_text(problem.reason, dict(problem.params))
        place = [problem.file, str(problem.line), problem.column, problem.value, reason]
        known = [problem.original.get(name, "") for name in self._columns]
        if self._keeps_record:
            # Fields that only later records have, and that have no column in the list, are kept here.
            return [*place, *known, json.dumps(dict(problem.original), ensure_ascii=False) if problem.original else ""]
        beyond = [value for name, value in problem.original.items() if name not in self._columns]
        return [*place, *known, *beyond]


def folder(run_id: int) -> Path:
    """Where the files of a run lie."""
    return config.load().home / "imports" / str(run_id)


def uploads() -> Path:
    """Where uploaded files lie until they are imported."""
    return config.load().home / "imports" / "uploads"
