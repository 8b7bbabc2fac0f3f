"""Which encoding a text is in. The whole text is looked at once, as a stream: guessing from the first
lines fails on exports whose first umlaut or Chinese character stands on line 40,000."""

import codecs
from typing import BinaryIO

from charset_normalizer import from_bytes

from genyin.base.errors import gettext_noop
from genyin.intake.rows import bad_file

SAMPLE = 2**18
CHUNK = 2**20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Asked of charset-normalizer when neither UTF-8 nor GB18030 fits; others would only add false friends.
CANDIDATES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "shift_jis", "euc_jp", "euc_kr"]


PUNCTUATION = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u20ac\xa0\xb0\xa7\xb4\xab\xbb\xb7"

# How to decode: a byte that does not fit is kept as a lone surrogate, so that its row can be found and refused.
# Python's own "surrogateescape" gives up at a plain byte, which is what half a character of UTF-16 may be.
ERRORS = "genyin.kept"


def _kept(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    damaged = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + max(byte, 0x80)) for byte in damaged), error.end


codecs.register_error(ERRORS, _kept)


def detect(stream: BinaryIO, *, file: str) -> str:
    """Read the stream to its end; Python's name of its encoding. Raises BadFile when it is not text."""
    chunk = stream.read(CHUNK)
    for mark, name in MARKS:
        if chunk.startswith(mark):
            return name
    if wide := _unmarked(chunk):
        return wide
    _refuse_binary(chunk, file)
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    sample, fits = bytearray(), True
    while chunk:
        if fits:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                fits = False
        if len(sample) < SAMPLE:
            sample += _lines_beyond_ascii(chunk, SAMPLE - len(sample))
        chunk = stream.read(CHUNK)
    return "utf-8" if fits else _guess(bytes(sample))


def _unmarked(chunk: bytes) -> str:
    """UTF-16 without its mark: the zero bytes of its separators and figures stand on one side of the pairs only."""
    sample = chunk[: SAMPLE - SAMPLE % 2]
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    if high + low < len(sample) // 50 or min(high, low) * 50 > max(high, low):
        return ""
    name = "utf-16-le" if low > high else "utf-16-be"
    text = sample.decode(name, "replace")
    return name if text.count("\ufffd") * 1000 < len(text) and "\n" in text else ""


def _refuse_binary(chunk: bytes, file: str) -> None:
    zeros = chunk.count(0)
    if zeros * 100 > len(chunk) or b"\0" in chunk[:64]:
        raise bad_file(gettext_noop("%(file)s is not a text file: it is full of zero bytes."), file=file)


def _lines_beyond_ascii(chunk: bytes, room: int) -> bytes:
    lines = (line for line in chunk.splitlines(keepends=True) if not line.isascii())
    found = bytearray()
    for line in lines:
        found += line
        if len(found) >= room:
            break
    return bytes(found[:room])


def _guess(sample: bytes) -> str:
    """The encoding of lines that are not clean UTF-8."""
    if _mostly_utf8(sample):
        return "utf-8"
    if _chinese(sample):
        return "gb18030"
    if _western(sample):
        # The two differ in 0x80-0x9f only; without such a byte say the plainer one.
        return "cp1252" if any(0x80 <= byte <= 0x9F for byte in sample) else "iso-8859-1"
    best = from_bytes(sample, cp_isolation=CANDIDATES).best()
    return best.encoding if best else "cp1252"


def _mostly_utf8(sample: bytes) -> bool:
    """Whether damaged characters are rare among the non-ASCII ones: UTF-8 with a few broken bytes."""
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if ord(char) > 127) - bad
    return good >= 10 * bad


def _chinese(sample: bytes) -> bool:
    """Whether the bytes read as GB18030 are everyday Chinese.

    Nearly any bytes decode as GB18030, so decoding proves nothing. In real text at least four fifths of the
    characters are from GB2312's first level or its punctuation, whose two bytes are both high; Western
    letters pair a high byte with a low one.
    """
    text = sample.decode("gb18030", "replace")
    beyond = [char for char in text if ord(char) > 127]
    common = 0
    for char in beyond:
        raw = char.encode("gb18030", "replace")
        common += len(raw) == 2 and raw[1] >= 0xA1 and (0xB0 <= raw[0] <= 0xD7 or 0xA1 <= raw[0] <= 0xA3)
    return bool(beyond) and common >= 0.8 * len(beyond)


def _western(sample: bytes) -> bool:
    """Whether the bytes read as cp1252 are words with accents and the usual punctuation.

    Asked before the guesser, which takes a table of a few French names for Polish. Read as cp1252, Polish shows
    signs such as a superscript one within words, and words in Cyrillic or Greek have no plain letter at all.
    """
    text = sample.decode("cp1252", "replace")
    beyond = [char for char in text if ord(char) > 127]
    fine = sum(1 for char in beyond if char.isalpha() or char in PUNCTUATION)
    words = [word for word in text.split() if any(ord(char) > 127 and char.isalpha() for char in word)]
    accented = sum(1 for word in words if any(char.isascii() and char.isalpha() for char in word))
    return fine >= 0.95 * len(beyond) and accented >= 0.5 * len(words)
