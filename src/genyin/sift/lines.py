"""A machine's line as words, marks and slots: what its shape alone tells to be a value is a slot.

`text.mask` finds ids, hosts, times and numbers; here the line is cut into tokens, and a token that holds one of them,
or that is a path, a dotted name, a truth value, becomes a slot. A quantity is one slot whatever its unit, a list one
slot whatever its length.
"""

import re
from collections.abc import Iterable, Iterator

from genyin.sift.text import CJK, mask

#: Words, marks and slots in their order.
Line = tuple[str, ...]

SLOT = "*"
_MARKS = r"=,;:()\[\]{}\"'|<>?!，。：；（）【】“”、"
#: A row of dots leads the eye from a name to its value and belongs to neither.
LEADER = ".."
MARKS = frozenset(_MARKS.replace("\\", "")) | {LEADER}

_PLACEHOLDER = r"<(?:id|url|mail|time|host|hex|num)>"
_PIECE = rf"(?:(?!\.\.)[^\s{_MARKS}{CJK}])"
_TOKEN = re.compile(
    rf"""
      (?P<value>(?:{_PLACEHOLDER}|{_PIECE})*?(?:{_PLACEHOLDER}|[0-9])(?:{_PLACEHOLDER}|{_PIECE})*)
    | (?P<character>[{CJK}])
    | (?P<leader>\.\.+)
    | (?P<word>{_PIECE}+)
    | (?P<mark>[{_MARKS}])
    """,
    re.VERBOSE,
)
#: Brackets and quotes around nothing, and nothing after =: a slot that was left empty this time.
_EMPTY = re.compile(r"""(?<![\w*])(?:\(\s*\)|\[\s*\]|\{\s*\}|""|'')|=(?=[\s,;)\]}]|$)""")

_UNITS = frozenset(
    (
        "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "byte", "bytes", "kbytes", "hz", "khz", "mhz", "ghz",
        "ns", "us", "ms", "msec", "msecs", "milliseconds", "s", "sec", "secs", "second", "seconds", "min", "mins",
        "minute", "minutes", "h", "hour", "hours", "day", "days",
    )
)  # fmt: skip
_TRUTHS = frozenset(("true", "false", "null", "nil"))
#: Too common as words to be values anywhere else than after = or a colon.
_ANSWERS = frozenset(("yes", "no", "on", "off", "none"))
#: Protocols and codes are names although a digit ends them: SOCKS5, IPv6.
_NUMBERED_NAME = re.compile(r"[A-Z]{3,8}[0-9]|IPv[46]")
#: Hexadecimal that happens to hold letters only, and the directions of a torus: X+, z-.
_ODD_VALUE = re.compile(r"[a-f]{7,}|[0-9A-Fa-f]{10,}|[A-Za-z][+-]")
_DOTTED = re.compile(r"[\w$@/-]+(?:\.[\w$@/-]+){2,}\.?")
_LAST_PART = re.compile(r"[^.$:]*$")
_CAPITAL = re.compile(r"[A-Z]")

_CLOSES = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【"}
#: Between two slots these part the items of one list. Not so =, which parts a name from its value.
_BETWEEN = (MARKS - {"="}) | frozenset(("-", "+", "--", "->", "x", "/", "\\", "@", ".", "%", "#", "&", "~"))
_LONGEST_ITEM = 8


def read(text: str) -> Line:
    """The tokens of a line, what is certainly a value replaced by SLOT.

    A line of nothing but values keeps its dotted names: else all such lines would be the same.
    """
    masked = _EMPTY.sub(_filled, mask(text))
    line = _line(masked, dotted_vary=True)
    return line if any(is_word(token) for token in line) else _line(masked, dotted_vary=False)


def is_word(token: str) -> bool:
    """Whether a token is neither a mark nor a slot."""
    return token != SLOT and token not in MARKS


def is_constant_name(word: str) -> bool:
    """Whether a word is written like one of a fixed list that a programmer wrote down: READY, Intent.SCREEN_ON."""
    last = _LAST_PART.search(word)
    return last is not None and len(last.group()) > 1 and last.group().isupper()


def is_odd_name(word: str) -> bool:
    """Whether a word is put together like a name of something: a_b, a.b, a/b, a@b, SOCKS5."""
    return any(mark in word[1:-1] for mark in "._@$/\\") or _NUMBERED_NAME.fullmatch(word) is not None


def folded(tokens: Iterable[str]) -> Line:
    """Neighbouring slots made one, with whatever parts the items of a list between them; so are
    repetitions of up to eight tokens that hold a slot."""
    line = tuple(tokens)
    while (shorter := _once(line)) != line:
        line = shorter
    return line


def written(line: Line) -> str:
    """A line to read: "session opened for user * by (uid=*)". Read again it is the same line."""
    text = re.sub(rf"(?<=[{CJK}]) (?=[{CJK}])", "", " ".join(line))
    text = re.sub(r" (?=[,;:)\]}=?!])", "", text)
    text = re.sub(r"(?<=[(\[{=]) ", "", text)
    return re.sub(r" (?=\(\)|\[\]|\{\})", "", text)


def _filled(empty: re.Match[str]) -> str:
    # A placeholder, since * beside other characters would be read as a part of a word.
    found = empty.group()
    return f"{found[0]} <id> {found[1:]}"


def _line(masked: str, *, dotted_vary: bool) -> Line:
    tokens: list[str] = []
    for found in _TOKEN.finditer(masked):
        token = _token(found, tokens[-1:], dotted_vary=dotted_vary)
        if token:
            tokens.append(token)
    return folded(_with_capitals(tokens))


def _token(found: re.Match[str], before: list[str], *, dotted_vary: bool) -> str:
    """What stands for a piece of the line; "" for what says nothing."""
    piece, kind = found.group(), found.lastgroup
    if kind == "value":
        return piece if _NUMBERED_NAME.fullmatch(piece) else SLOT
    if kind == "word":
        return _word(piece, before, dotted_vary=dotted_vary)
    if kind == "leader":
        return LEADER
    # Angle brackets mark a size as often as a bracket: "<1 sec".
    return "" if piece in "<>" else piece


def _word(word: str, before: list[str], *, dotted_vary: bool) -> str:
    plain = word.lower().strip(".")
    if before == [SLOT] and plain in _UNITS:
        return ""
    if plain in _TRUTHS or (plain in _ANSWERS and before in (["="], [":"])) or _is_path(word):
        return SLOT
    varies = _ODD_VALUE.fullmatch(word) or (_DOTTED.fullmatch(word) and not is_constant_name(word))
    return SLOT if dotted_vary and varies else word


def _is_path(word: str) -> bool:
    return (word[0] in "/\\" and len(word) > 1) or word.count("/") > 1 or word.count("\\") > 1


def _with_capitals(tokens: list[str]) -> list[str]:
    """A single capital beside a slot is a unit (5 V) or one more item of a list (B X+ X-)."""
    for places in (range(len(tokens)), range(len(tokens) - 1, -1, -1)):
        for at in places:
            if _CAPITAL.fullmatch(tokens[at]) and SLOT in (*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]):
                tokens[at] = SLOT
    return tokens


def _once(line: Line) -> Line:
    kept: list[str] = []
    for token in line:
        at = _slot_before(kept) if token == SLOT else None
        if at is None:
            kept.append(token)
        else:
            del kept[at + 1 :]
    return _without_repetition(list(_balanced(kept)))


def _slot_before(kept: list[str]) -> int | None:
    """Where the slot stands that only parting tokens separate from the end."""
    at = len(kept) - 1
    while at >= 0 and kept[at] in _BETWEEN:
        at -= 1
    return at if at >= 0 and kept[at] == SLOT else None


def _balanced(tokens: list[str]) -> Iterator[str]:
    """Closing brackets whose opening ones went with a list go too."""
    opened: list[str] = []
    for token in tokens:
        if token in _CLOSES.values():
            opened.append(token)
        elif token in _CLOSES:
            if _CLOSES[token] not in opened:
                continue
            opened.remove(_CLOSES[token])
        yield token


def _without_repetition(tokens: list[str]) -> Line:
    at = 0
    while at < len(tokens):
        for length in range(1, _LONGEST_ITEM + 1):
            item = tokens[at : at + length]
            if SLOT in item:
                while tokens[at + length : at + 2 * length] == item:
                    del tokens[at + length : at + 2 * length]
        at += 1
    return tuple(tokens)
