"""The folder of the cache: Parquet files, a list of those that count, and locks between processes.

A file is written once under a name of its own and never changed. The list is written beside and renamed: whoever is
killed in the middle leaves the old list with its files, and some files that nobody lists, which the next writer sweeps.
"""

import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import connection

from genyin import config
from genyin.base.errors import NotAvailable, gettext_noop

CLOSED = gettext_noop(
    "The cache of the figures in %(folder)s cannot be written (%(why)s). "
    "Delete that folder, or give it to the user that Genyin runs as: it is made anew."
)
FORMAT = 1  # another number, and what an older version wrote is written anew


@dataclass(frozen=True, slots=True)
class Part:
    """A file with incidents of one month: how many there are, the sum of their ids, and its size in bytes."""

    month: str
    file: str
    rows: int
    ids: int
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the cache holds. Read when the event log ended with `seq` and `hash` and `last` was the newest incident.

    `at`: that moment, UTC. Months are cut in `zone`.
    """

    zone: str
    seq: int
    hash: str
    last: int
    at: datetime
    parts: tuple[Part, ...]

    def files(self, *wanted: str) -> list[str]:
        """The files that hold these months; all of them where none are named."""
        return [str(folder() / part.file) for part in self.parts if not wanted or part.month in wanted]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


def folder() -> Path:
    """Where the cache of this database lies: another database, another folder."""
    named = connection.settings_dict
    identity = repr([str(named.get(key, "")) for key in ("HOST", "PORT", "NAME")])
    return config.load().home / "statistics" / hashlib.sha256(identity.encode()).hexdigest()[:12]


def new_file(month: str) -> Path:
    """A file that does not exist yet."""
    return folder() / f"{month}.{uuid.uuid4().hex}.parquet"


def load() -> Manifest | None:
    """The list of what counts; None where there is none, or where a file of it is missing or cut off."""
    try:
        told = json.loads((folder() / "manifest.json").read_text())
        if told.pop("format") != FORMAT:
            return None
        parts = tuple(Part(**part) for part in told.pop("parts"))
        found = Manifest(**{**told, "at": datetime.fromisoformat(told["at"])}, parts=parts)
        return found if all((folder() / p.file).stat().st_size == p.size for p in parts) else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def save(manifest: Manifest) -> None:
    """Make this the list, at once and whole."""
    told = {**asdict(manifest), "at": manifest.at.isoformat(), "format": FORMAT}
    beside = folder() / f"manifest.{uuid.uuid4().hex}"
    with beside.open("w") as file:
        file.write(json.dumps(told))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder() / "manifest.json")


def sweep(manifest: Manifest) -> None:
    """Delete what is not listed, unless somebody is reading by an older list: the next writer does it then."""
    listed = {"manifest.json", "writing", "reading", *(part.file for part in manifest.parts)}
    with _locked("reading", fcntl.LOCK_EX | fcntl.LOCK_NB) as alone:
        for path in folder().iterdir() if alone else ():
            if path.name not in listed:
                path.unlink()


def forget() -> None:
    """Delete the cache of this database."""
    shutil.rmtree(folder(), ignore_errors=True)


@contextmanager
def writing(*, wait: bool) -> Iterator[bool]:
    """Be the only writer, of all processes. False when another one is and `wait` is not wanted."""
    with _locked("writing", fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)) as alone:
        yield alone


@contextmanager
def reading() -> Iterator[Manifest | None]:
    """The list, whose files stay until the end of the block."""
    with _locked("reading", fcntl.LOCK_SH):
        yield load()


@contextmanager
def _locked(name: str, how: int) -> Iterator[bool]:
    with _opened(folder() / name) as file:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            yield False
            return
        yield True  # closing the file gives the lock back, also when the process is killed


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w")
    except OSError as refused:
        raise NotAvailable(CLOSED, folder=path.parent, why=refused.strerror) from refused
