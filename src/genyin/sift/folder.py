"""An index whose segments lie in a folder: mapped by all processes of a node, written by one of them at a time.

Every process appends what arrives to a tail of its own, from wherever the records are kept. Whoever has a full tail
and gets the lock writes it as a segment, merges, and replaces the manifest in one step; the others see another
manifest and map what it names. Files that no manifest names any more are unlinked: who still maps them keeps them.

The folder is a cache. What is torn, unknown or of another version is as good as not there, and is written anew. It may
be deleted at any time; where it cannot be made or written, everything stays in memory.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from genyin.sift.files import UNREADABLE, Torn, read, write
from genyin.sift.index import Index, State
from genyin.sift.manifest import MANIFEST, Manifest
from genyin.sift.segment import Part, Segment, Tail, merged_pieces, to_merge

LOCK = "lock"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything up to a moment: the state of the index, and what its owner says it holds."""

    state: State
    note: str


class Folder:
    """Keeps an index in a folder. `note` is the owner's word for what has been added: it comes back with the rows.

    The owner calls `refresh` before use and `checkpoint` after adding:

        if folder.refresh():            # others wrote more than we have: start from what they say
            mark = folder.note
        index.extend(records_after(mark))
        folder.checkpoint(mark_now)

    A process may have one Folder for a path, used by several threads; `close` it before there is another one.
    """

    def __init__(self, path: Path, index: Index) -> None:
        self.path, self.index, self.note = path, index, ""
        self.failed: OSError | None = None  # why the last round in the background wrote nothing
        index.seals_itself = False
        self._manifest = Manifest()
        self._seen: tuple[int, int] | None = None
        self._files: dict[Part, str] = {}
        self._checkpoint: Checkpoint | None = None
        self._worker: threading.Thread | None = None
        self._busy = threading.Lock()

    def refresh(self) -> bool:
        """Map what another process has written since; True when it did, and the tail of this one begins anew."""
        with self.index.lock:
            # While our own thread is writing nobody else has written; what it is about to say is no news to us.
            if not self._busy.acquire(blocking=False):
                return False
            try:
                return self._look()
            finally:
                self._busy.release()

    def checkpoint(self, note: str, *, flush: bool = False) -> None:
        """Everything added so far is what `note` says. A full tail is written in the background; `flush`: any tail."""
        index = self.index
        with index.lock:
            if index.full or (flush and index.may_seal):
                index.rotate()
                self._checkpoint = Checkpoint(index.state(), note)
            if self._checkpoint is None or (self._worker is not None and self._worker.is_alive()):
                return
            self._worker = threading.Thread(target=self._in_background, name="index", daemon=True)
            self._worker.start()

    def settle(self) -> None:
        """Do now what is otherwise done in the background, and wait for what is being done there."""
        self.close()
        self.work()

    def close(self) -> None:
        """Wait for what is being written in the background. From then on another Folder may take the place of this."""
        while self._worker is not None and self._worker.is_alive():
            self._worker.join()

    def work(self) -> bool:
        """Write full tails as segments and merge; False where another process is at it, or has been ahead of us."""
        with self._busy, self._locked() as mine:
            if not mine or not self._is_current():
                return False
            while (due := self._due()) or self._merge():
                if due is not None:
                    self._write_tails(due)
            return True

    def discard(self) -> None:
        """Forget all rows, also those in the folder: what is written next takes their place."""
        with self._busy, self.index.lock:
            self._files, self._checkpoint, self.note = {}, None, ""
            self.index.begin_with([], State.empty())

    def _look(self) -> bool:
        seen = _stamp(self.path / MANIFEST)
        if seen is None or seen == self._seen:
            return False
        first, self._seen = self._seen is None, seen
        found = Manifest.read(self.path, self.index.settings)
        if found is None or found.generation == self._manifest.generation:
            return False
        if self._adopt(found, checked=first):
            return True
        # Merged away while we mapped? Then the manifest is another one by now, and worth another look.
        again = Manifest.read(self.path, self.index.settings)
        return again is not None and again.generation != found.generation and self._adopt(again, checked=first)

    def _in_background(self) -> None:
        try:
            self.failed = None
            self.work()
        except OSError as failed:  # a full disk: everything stays in memory, and is tried again
            self.failed = failed
            _log.warning("The index in %s could not be written; it is kept in memory: %s", self.path, failed)

    def _due(self) -> Checkpoint | None:
        with self.index.lock:
            due, self._checkpoint = self._checkpoint, None
            return due

    def _is_current(self) -> bool:
        found = Manifest.read(self.path, self.index.settings)
        if found is None:  # deleted, or torn: the files we knew may be gone too, so all are written anew
            with self.index.lock:
                self._files = {}
        return found is None or found.generation == self._manifest.generation

    def _write_tails(self, due: Checkpoint) -> None:
        rows, written = 0, list[str]()
        for part in self.index.parts():
            rows += part.n
            if rows > due.state.rows:
                break
            segment = self._on_disk(part)
            written.append(self._files[segment])
        self._publish(self._manifest.following(written, due.state, due.note))

    def _on_disk(self, part: Part) -> Part:
        if isinstance(part, Tail):
            segment = part.sealed()
            self.index.replace([part], segment)
            part = segment
        if part in self._files or not isinstance(part, Segment):
            return part
        return self._put([part])

    def _put(self, segments: list[Segment]) -> Part:
        """Write segments as one file, and map it in their place."""
        name = self._manifest.next_name()
        write(self.path / name, merged_pieces(segments))
        segment = Segment.of(read(self.path / name, checked=False))
        with self.index.lock:
            self._files[segment] = name
            self.index.replace(segments, segment)
            for old in segments:
                self._files.pop(old, None)
        return segment

    def _merge(self) -> bool:
        """Merge once where it is due. New tails go first, so that few of them wait."""
        parts = [part for part in self.index.parts() if part in self._files]
        many = to_merge([part.n for part in parts])
        if many < 2:
            return False
        self._put([part for part in parts[-many:] if isinstance(part, Segment)])
        names = [self._files[part] for part in self.index.parts() if part in self._files]
        self._publish(self._manifest.with_segments(names))
        return True

    def _publish(self, manifest: Manifest) -> None:
        manifest.write(self.path, self.index.settings)
        with self.index.lock:
            self._manifest, self._seen, self.note = manifest, _stamp(self.path / MANIFEST), manifest.note
        for path in self.path.iterdir():  # also what somebody who was killed left behind
            if path.name not in {MANIFEST, LOCK, *manifest.segments}:
                path.unlink(missing_ok=True)

    def _adopt(self, manifest: Manifest, *, checked: bool) -> bool:
        files = self._mapped(manifest, checked=checked)
        if files is None:
            # As good as not there. What we hold is written anew: of the files we knew, some may be gone.
            self._files, self._manifest = {}, replace(self._manifest, generation=manifest.generation)
            return False
        self._files, self._manifest, self.note = files, manifest, manifest.note
        self._checkpoint = None
        self.index.begin_with(list(files), manifest.state())
        return True

    def _mapped(self, manifest: Manifest, *, checked: bool) -> dict[Part, str] | None:
        """The segments it names, of those mapped already the very ones; None where one is torn or missing."""
        known = {name: part for part, name in self._files.items()}
        files: dict[Part, str] = {}
        for name in manifest.segments:
            if name in known:
                files[known[name]] = name
                continue
            try:
                files[Segment.of(read(self.path / name, checked=checked))] = name
            except (Torn, *UNREADABLE):
                return None
        return files

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """Whether this process is the one that may write. The lock ends with the process that holds it."""
        self.path.mkdir(parents=True, exist_ok=True)  # anybody may delete it while we run
        handle = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        told = path.stat()
    except UNREADABLE:
        return None
    return told.st_ino, told.st_mtime_ns
