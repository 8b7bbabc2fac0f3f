"""Arrays in a file that is written once, whole or not at all, and mapped for reading.

A file is a head (magic, the length and checksum of a directory, the directory: where each array stands, how long the
file is, the checksum of everything after the head) and the arrays, each aligned to 64 bytes. It is written under
another name, forced to disk and renamed: whatever dies on the way leaves no file of that name.
"""

import json
import mmap
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from genyin.sift.table import Arrays, Pieces

MAGIC = b"genyin\x00\x01"
HEAD = 8_192
ALIGNED = 64
UNFINISHED = ".part"
_AT_ONCE = 1 << 20


class Torn(Exception):
    """A file that is not what was written: cut off, changed, or written by another version."""


@dataclass
class _Body:
    """What follows the head, piece by piece."""

    file: IO[bytes]
    size: int = 0
    checksum: int = 0
    arrays: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def add(self, name: str, piece: NDArray[Any]) -> None:
        if name not in self.arrays:
            self._write(bytes(-self.size % ALIGNED))
            self.arrays[name] = (piece.dtype.str, self.size, 0)
        dtype, start, many = self.arrays[name]
        self.arrays[name] = (dtype, start, many + len(piece))
        self._write(np.ascontiguousarray(piece).view(np.uint8).data)

    def _write(self, data: bytes | memoryview) -> None:
        self.file.write(data)
        self.checksum = zlib.crc32(data, self.checksum)
        self.size += len(data)


#: What cannot be read is as good as not there: gone, behind a file, or somebody else's.
UNREADABLE = (FileNotFoundError, NotADirectoryError, PermissionError)


def write(path: Path, pieces: Pieces) -> None:
    """Write arrays, each given in pieces that follow each other."""
    with replacing(path) as file:
        file.write(bytes(HEAD))
        body = _Body(file)
        for name, piece in pieces:
            body.add(name, piece)
        told = {"arrays": body.arrays, "bytes": body.size, "checksum": body.checksum}
        directory = json.dumps(told, separators=(",", ":")).encode()
        head = MAGIC + len(directory).to_bytes(4, "little") + zlib.crc32(directory).to_bytes(4, "little") + directory
        if len(head) > HEAD:
            raise ValueError(f"a directory of {len(directory)} bytes does not fit into the head")
        file.seek(0)
        file.write(head)


def read(path: Path, *, checked: bool) -> Arrays:
    """Its arrays, mapped and read-only; `checked`: the checksum of the whole file is compared, else its length.

    Raises Torn; FileNotFoundError where there is none.
    """
    with path.open("rb") as file:
        told = _directory(path, file.read(HEAD))
        if os.fstat(file.fileno()).st_size != HEAD + told["bytes"]:
            raise Torn(f"{path.name} is not as long as it says")
        if checked and _checksum(file) != told["checksum"]:
            raise Torn(f"{path.name} has another checksum than it says")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return {
        name: np.frombuffer(mapped, dtype=np.dtype(dtype), count=many, offset=HEAD + start)
        for name, (dtype, start, many) in told["arrays"].items()
    }


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` when the block ends well: whole, on disk, in one step."""
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _directory(path: Path, head: bytes) -> dict[str, Any]:
    size, checksum = (int.from_bytes(head[at : at + 4], "little") for at in (len(MAGIC), len(MAGIC) + 4))
    directory = head[len(MAGIC) + 8 :][:size]
    if head[: len(MAGIC)] != MAGIC or len(head) < HEAD or zlib.crc32(directory) != checksum:
        raise Torn(f"{path.name} has no head of ours")
    told: dict[str, Any] = json.loads(directory)
    return told


def _checksum(file: IO[bytes]) -> int:
    """Of everything after the head; read, not mapped, so that nothing stays in the process."""
    checksum = 0
    while piece := file.read(_AT_ONCE):
        checksum = zlib.crc32(piece, checksum)
    return checksum


def _sync_folder(folder: Path) -> None:
    """A rename is on disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
