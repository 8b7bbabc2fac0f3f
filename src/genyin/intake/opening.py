"""Opens what somebody sent us: .gz, .xz and .zip are undone on the way, within bounds.

Everything here reads as a stream. A file that swells beyond what an export can be, or that is not what its
name says, raises BadFile with one sentence; nothing of it has been believed by then.
"""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from genyin.base.errors import gettext_noop
from genyin.intake.rows import bad_file

KNOWN = (".csv", ".tsv", ".xlsx", ".jsonl", ".json")
PACKED = (".gz", ".xz", ".zip")
MAX_BYTES = 4 * 2**30  # an event log of ten million rows is about this large
MAX_RATIO = 250  # repetitive logs reach 60; bombs start at 1,000
RATIO_FROM = 32 * 2**20  # below this even a bomb does no harm
# What unpacking says of a damaged file; a damaged archive may also send the reader to a place that is not there.
DAMAGE = (
    EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError, zipfile.BadZipFile,
    gzip.BadGzipFile,
)  # fmt: skip
XZ_MEMORY = 128 * 2**20  # xz -9 needs 65 MB; a header may ask for gigabytes

# First bytes that betray what a file is, whatever its name says.
SIGNATURES = (
    (b"PK\x03\x04", gettext_noop("a ZIP archive or an Excel workbook")),
    (b"PK\x05\x06", gettext_noop("an empty ZIP archive")),
    (b"\x1f\x8b", gettext_noop("gzip-compressed")),
    (b"\xfd7zXZ\x00", gettext_noop("xz-compressed")),
    (b"\xd0\xcf\x11\xe0", gettext_noop("an old Excel or Word document; save it as .xlsx")),
    (b"%PDF", gettext_noop("a PDF document")),
    (b"7z\xbc\xaf", gettext_noop("a 7-Zip archive")),
    (b"Rar!", gettext_noop("a RAR archive")),
    (b"SQLite format 3", gettext_noop("a SQLite database")),
    (b"\x89PNG", gettext_noop("a picture")),
)
# The same for what is text but no table; blanks and a mark of the encoding may stand before it.
MARKUP = (
    (b"<?xml", gettext_noop("an XML document")),
    (b"<!doctype", gettext_noop("a web page")),
    (b"<html", gettext_noop("a web page")),
    (b"<table", gettext_noop("a web page")),
    (b'{"', gettext_noop("JSON; its name must end in .json or .jsonl")),
    (b'[{"', gettext_noop("JSON; its name must end in .json or .jsonl")),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What the name says: `form` is one of KNOWN, `packing` one of PACKED or empty."""

    form: str
    packing: str


def kind_of(path: Path) -> Kind:
    """Raises BadFile for a name whose ending we cannot read."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packing = suffixes.pop() if suffixes and suffixes[-1] in PACKED else ""
    form = suffixes[-1] if suffixes else ""
    if form in KNOWN:
        return Kind(form, packing)
    if packing == ".zip":
        return Kind("", packing)  # export.zip: the one file inside says what it is
    raise bad_file(
        gettext_noop(
            "%(file)s cannot be read: its name must end in .csv, .tsv, .xlsx or .jsonl, "
            "with .gz, .xz or .zip after it if compressed."
        ),
        file=path.name,
    )


class _Bounded(io.RawIOBase):
    """A stream that refuses to grow without end and turns damage into one sentence."""

    def __init__(self, inner: BinaryIO, *, name: str, packed: int, limit: int) -> None:
        self._inner, self._name = inner, name
        self._allowed = min(limit, max(RATIO_FROM, packed * MAX_RATIO))
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        try:
            chunk = self._inner.read(len(buffer))
        except DAMAGE as damage:
            raise bad_file(
                gettext_noop("%(file)s is damaged or not complete (%(why)s); send it again."),
                file=self._name,
                why=str(damage),
            ) from damage
        self._seen += len(chunk)
        if self._seen > self._allowed:
            raise bad_file(
                gettext_noop(
                    "%(file)s grows beyond %(limit)s MB when it is unpacked; that is no export, so reading stopped."
                ),
                file=self._name,
                limit=self._allowed // 2**20,
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Xz(io.RawIOBase):
    """xz with a bound on the memory that its header may demand; lzma.open has none."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._machine = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while True:
            if self._machine.eof:
                # Several streams may follow each other, padded with zero bytes.
                self._rest = (self._machine.unused_data or self._raw.read(65536)).lstrip(b"\0")
                if not self._rest:
                    return b""
                self._machine = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
            elif self._machine.needs_input and not self._rest:
                self._rest = self._raw.read(65536)
                if not self._rest:
                    raise EOFError("the end is missing")
            chunk, self._rest = self._machine.decompress(self._rest, max_length=size), b""
            if chunk:
                return chunk


@contextmanager
def opened(path: Path, *, limit: int = MAX_BYTES) -> Iterator[tuple[Kind, BinaryIO]]:
    """The content of the file as bytes, unpacked, with what it is.

    Raises BadFile when it cannot be opened, is empty, is packed otherwise than its name says or too large.
    """
    kind = kind_of(path)
    try:
        size = path.stat().st_size
        raw = path.open("rb")
    except OSError as error:
        raise bad_file(
            gettext_noop("%(file)s cannot be opened: %(why)s."), file=path.name, why=error.strerror or str(error)
        ) from error
    with raw:
        head = raw.read(16)
        raw.seek(0)
        _refuse_wrong_start(path.name, kind, head)
        if kind.packing == ".zip":
            with _zipped(raw, path, limit) as (form, stream):
                yield Kind(form, kind.packing), stream
            return
        inner: BinaryIO = raw
        if kind.packing == ".gz":
            inner = gzip.GzipFile(fileobj=raw, mode="rb")  # type: ignore[assignment]
        elif kind.packing == ".xz":
            inner = _Xz(raw)  # type: ignore[assignment]
        packed = size if kind.packing else limit
        stream = io.BufferedReader(_Bounded(inner, name=path.name, packed=packed, limit=limit), 2**17)
        _refuse_wrong_content(path.name, kind, stream.peek(16))
        yield kind, stream


@contextmanager
def _zipped(raw: BinaryIO, path: Path, limit: int) -> Iterator[tuple[str, BinaryIO]]:
    try:
        archive = zipfile.ZipFile(raw)
    except DAMAGE as damage:
        raise bad_file(
            gettext_noop("%(file)s is damaged or not complete (%(why)s); send it again."),
            file=path.name,
            why=str(damage),
        ) from damage
    with archive:
        member = _only_member(archive, path.name)
        kind = kind_of(Path(PurePath(member.filename).name))
        if kind.packing:
            raise bad_file(
                gettext_noop("%(file)s holds %(member)s, which is packed a second time; unpack it first."),
                file=path.name,
                member=member.filename,
            )
        try:
            inner = archive.open(member)
        except DAMAGE as error:
            raise bad_file(
                gettext_noop("%(file)s cannot be unpacked: %(why)s."), file=path.name, why=str(error)
            ) from error
        with inner:
            bounded = _Bounded(inner, name=path.name, packed=member.compress_size, limit=limit)  # type: ignore[arg-type]
            stream = io.BufferedReader(bounded, 2**17)
            _refuse_wrong_content(path.name, kind, stream.peek(16))
            yield kind.form, stream


def _only_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The one file in the archive; what macOS and folders leave there does not count."""
    members = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not info.filename.startswith("__MACOSX/") and not info.filename.endswith(".DS_Store")
    ]
    if any(info.filename == "[Content_Types].xml" for info in members):
        raise bad_file(gettext_noop("%(file)s is an Excel workbook; rename it so that it ends in .xlsx."), file=name)
    if len(members) != 1:
        found = ", ".join(info.filename for info in members[:5])
        raise bad_file(
            gettext_noop("%(file)s must hold exactly one file but holds %(count)s (%(found)s); send them one by one."),
            file=name,
            count=len(members),
            found=found or "-",
        )
    if members[0].flag_bits & 1:
        raise bad_file(gettext_noop("%(file)s is protected by a password; send it without one."), file=name)
    return members[0]


def _refuse_wrong_start(name: str, kind: Kind, head: bytes) -> None:
    """The packing must be what the name says."""
    if not head:
        raise bad_file(gettext_noop("%(file)s is empty."), file=name)
    expected = {".gz": b"\x1f\x8b", ".xz": b"\xfd7zXZ\x00", ".zip": b"PK"}.get(kind.packing)
    if expected and not head.startswith(expected):
        raise bad_file(
            gettext_noop("%(file)s is not what it says: its name ends in %(packing)s, its content is %(content)s."),
            file=name,
            packing=kind.packing,
            content=looks_like(head) or gettext_noop("something else"),
        )


def _refuse_wrong_content(name: str, kind: Kind, head: bytes) -> None:
    """The content must be what the name says: a workbook for .xlsx, text for all others."""
    if not head:
        raise bad_file(gettext_noop("%(file)s is empty."), file=name)
    content = looks_like(head) or (_markup(head) if kind.form not in (".json", ".jsonl") else "")
    if kind.form == ".xlsx" and head.startswith(b"PK\x03\x04"):
        return
    if content or kind.form == ".xlsx":
        raise bad_file(
            gettext_noop("%(file)s is not what it says: its name ends in %(packing)s, its content is %(content)s."),
            file=name,
            packing=kind.form,
            content=content or gettext_noop("something else"),
        )


def _markup(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((what for signature, what in MARKUP if start.startswith(signature)), "")


def looks_like(head: bytes) -> str:
    """What the first bytes betray, as a marked message; empty when they look like text."""
    return next((what for signature, what in SIGNATURES if head.startswith(signature)), "")
