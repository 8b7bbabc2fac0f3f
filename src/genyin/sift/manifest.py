"""What an index in a folder consists of: replaced in one step, so that it always names a whole one."""

import base64
import json
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from genyin.sift.channel import Learned
from genyin.sift.files import UNREADABLE, replacing
from genyin.sift.index import State

MANIFEST = "manifest"
VERSION = 2  # raise it when segments are written another way


@dataclass(frozen=True, slots=True)
class Manifest:
    """Segments, oldest first, with the state of the index when the last of them ended.

    generation : unlike that of any other manifest ever written
    dead       : rows that are never returned, packed
    """

    generation: str = ""
    segments: tuple[str, ...] = ()
    rows: int = 0
    learned: Learned | None = None
    dead: str = ""
    note: str = ""

    @classmethod
    def read(cls, folder: Path, settings: str) -> "Manifest | None":
        """The one in the folder; None where there is none, one that may not be read, is torn or of other settings."""
        try:
            checksum, _newline, told = (folder / MANIFEST).read_bytes().partition(b"\n")
        except UNREADABLE:
            return None
        if checksum != _checksum(told):
            return None
        found = json.loads(told)
        if (found.pop("version"), found.pop("settings")) != (VERSION, settings):
            return None
        found["segments"] = tuple(found["segments"])
        found["learned"] = Learned(**found["learned"]) if found["learned"] else None
        return cls(**found)

    def write(self, folder: Path, settings: str) -> None:
        told = json.dumps({"version": VERSION, "settings": settings, **asdict(self)}).encode()
        with replacing(folder / MANIFEST) as file:
            file.write(_checksum(told) + b"\n" + told)

    def following(self, segments: list[str], state: State, note: str) -> "Manifest":
        """The next one, with more rows."""
        following, dead = self.with_segments(segments), _packed(state.alive)
        return replace(following, rows=state.rows, learned=state.learned, dead=dead, note=note)

    def with_segments(self, segments: list[str]) -> "Manifest":
        """The next one, with the same rows in other segments."""
        return replace(self, generation=uuid4().hex, segments=tuple(segments))

    def state(self) -> State:
        return State(self.learned, _unpacked(self.dead, self.rows))

    @staticmethod
    def next_name() -> str:
        return f"{uuid4().hex}.rows"


def _checksum(told: bytes) -> bytes:
    return b"%08x" % zlib.crc32(told)


def _packed(alive: NDArray[np.bool_]) -> str:
    return base64.b64encode(zlib.compress(np.packbits(~alive).tobytes(), 1)).decode()


def _unpacked(dead: str, rows: int) -> NDArray[np.bool_]:
    bits = np.frombuffer(zlib.decompress(base64.b64decode(dead)), dtype=np.uint8)
    alive: NDArray[np.bool_] = np.unpackbits(bits, count=rows) == 0
    return alive
