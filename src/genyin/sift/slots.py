"""Which words of a set of lines are values, told by what else stands in their place.

Each rule takes lines and says which of them are to be rewritten, with a slot where a value stood. The order of the
lines and how often each was logged change nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field

from genyin.sift.lines import LEADER, MARKS, SLOT, Line, folded, is_constant_name, is_odd_name, is_word
from genyin.sift.text import is_cjk

Rewritten = dict[Line, Line]
#: What stands before and after a place, both hashed.
Place = tuple[int, int]

#: What a word in a place weighs as evidence that the place is a slot; a plain word weighs 1.
_SLOT_WEIGHS = 3.0
_ODD_NAME_WEIGHS = 2.0
_CONSTANT_WEIGHS = 0.5
#: Evidence is doubled where a line begins: there stands what the line is about.
_AT_FIRST = 2.0
#: With fewer words around it a place says little, with more than that few words are enough to differ by chance.
FEW_WORDS, _MANY_WORDS = 3.0, 16.0
#: Brackets, quotes and signs around a place are evidence too, half of a word each.
_MARK_COUNTS = 0.5
#: Several places that vary at once must vary more.
_TOGETHER = 1.5
#: A value of several words is no longer than this, in a place that held a slot before than that.
_LONGEST, _LONGEST_IN_SLOT = 4.0, 8.0
_SHARED_AT_MOST = 0.5
_NAME_FOLLOWS = frozenset(("user", "username"))


@dataclass(slots=True)
class Evidence:
    """What was learned of one system's lines.

    enough : how much the words of one place must weigh together for it to be a slot; 4 plain words
    values : (the word before, value) of the slots found so far; in a new place such a value weighs double
    words  : all words that were part of a value
    """

    enough: float = 4.0
    values: set[tuple[str, str]] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def needed(self, line: Line, at: int, around: float, words: Collection[str]) -> float:
        """How much `words`, seen in the place `at` of a line with `around` other words, must weigh."""
        need = self.enough
        if around < FEW_WORDS:
            need *= FEW_WORDS / around
        elif around > _MANY_WORDS:
            need *= _MANY_WORDS / around
        begins = all(token in MARKS for token in line[:at]) and not is_cjk(line[at])
        named = any(word == SLOT or is_numbered(word) for word in words)
        return max(2.0, need * (_AT_FIRST if begins and not named else 1.0))

    def familiar(self, line: Line, at: int, words: Collection[str]) -> int:
        """How many of the words are names by what stands before them, or were values behind it elsewhere."""
        before = _before(line, at)
        return sum(before.lower() in _NAME_FOLLOWS or (before, word) in self.values for word in words)


def is_numbered(word: str) -> bool:
    """Whether a name ends in a digit; in the first place it is one of several of its kind."""
    return word[-1:].isdigit()


def one_place(lines: Collection[Line], evidence: Evidence, live: Container[Line]) -> Rewritten:
    """Lines that differ in one word, which takes enough different values.

    live : all lines there are, of which `lines` may be a part
    """
    seen: defaultdict[Place, set[str]] = defaultdict(set)
    known = {line: Around(line) for line in lines}
    for line, around in known.items():
        for at, token in enumerate(line):
            if token not in MARKS:
                seen[around.place(at, at + 1)].add(token)
    changed: Rewritten = {}
    values: set[tuple[str, str]] = set()
    for line, around in known.items():
        slots = {at for at in around.words() if _varies(line, at, around, seen, evidence)}
        values |= {(_before(line, at), line[at]) for at in slots}
        slots |= {at for at in around.words() if _completes(line, at, around, live, evidence)}
        if slots:
            changed[line] = _with_slots(line, slots)
    evidence.values |= values
    evidence.words |= {value for _, value in values}
    return changed


def columns(lines: Collection[Line], evidence: Evidence) -> Rewritten:
    """Lines with the same marks that differ in several words at once, each of which takes many values.

    Lines are parted by the place with the fewest values until all that is left varies (after IPLoM, Makanju, Zincir-
    Heywood and Milios 2009).
    """
    changed: Rewritten = {}
    for group in by_marks(lines).values():
        parts = [group]
        while parts:
            part = parts.pop()
            values = {at: {line[at] for line in part} for at, token in enumerate(part[0]) if token not in MARKS}
            varying = {at: words for at, words in values.items() if len(words) > 1}
            if len(part) < evidence.enough or not varying:
                continue
            if _all_vary(part[0], varying, evidence):
                changed |= {line: _with_slots(line, varying) for line in part}
                evidence.words.update(*varying.values())
            else:
                parts.extend(_parted(part, min(varying, key=lambda at: (len(varying[at]), at))))
    return changed


def several_words(lines: Collection[Line], evidence: Evidence) -> Rewritten:
    """Lines that differ in a run of words: a full name, a title, a phrase."""
    seen: defaultdict[Place, set[Line]] = defaultdict(set)
    slots: set[Place] = set()
    known = {line: Around(line) for line in lines}
    for line, around in known.items():
        slots |= {around.place(at, at + 1) for at, token in enumerate(line) if token == SLOT}
        for start, end in around.runs():
            seen[around.place(start, end)].add(line[start:end])
    changed: Rewritten = {}
    for line, around in known.items():
        found: set[int] = set()
        for start, end in around.runs():
            place = around.place(start, end)
            if len(seen[place]) > 1 and _is_value(line, start, end, around, seen[place], place in slots, evidence):
                found |= set(range(start, end))
        if found:
            changed[line] = _with_slots(line, found)
            evidence.words.update(line[at] for at in found)
    return changed


class Around:
    """A line's places by what stands around them."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._until, self._from = [0], [0]
        for token in line:
            self._until.append(hash((self._until[-1], token)))
        for token in reversed(line):
            self._from.append(hash((self._from[-1], token)))
        self._from.reverse()
        self.size = size(line) + _MARK_COUNTS * sum(token in MARKS for token in line)

    def place(self, start: int, end: int) -> Place:
        return self._until[start], self._from[end]

    def places(self) -> Iterator[Place]:
        """The places of all tokens but marks and of all runs: lines that share none cannot tell of one another."""
        for at, token in enumerate(self._line):
            if token not in MARKS:
                yield self.place(at, at + 1)
        for start, end in self.runs():
            yield self.place(start, end)

    def words(self) -> Iterator[int]:
        """Places of words whose line holds another word."""
        for at, token in enumerate(self._line):
            if is_word(token) and self.size - size((token,)) >= 1:
                yield at

    def runs(self) -> Iterator[tuple[int, int]]:
        """Runs of two and more tokens without a mark, no longer than what is around them."""
        for start, first in enumerate(self._line):
            if first in MARKS:
                continue
            length = size((first,))
            for end in range(start + 2, len(self._line) + 1):
                length += size((self._line[end - 1],))
                if self._line[end - 1] in MARKS or length > min(_LONGEST_IN_SLOT, self.size - length):
                    break
                yield start, end


def size(tokens: Line) -> float:
    """Length in words; two Chinese characters are one."""
    return sum((0.5 if is_cjk(token) else 1.0) for token in tokens if is_word(token))


def _weight(words: Collection[str]) -> float:
    return sum(map(_weight_of, words))


def _weight_of(word: str) -> float:
    if word == SLOT:
        return _SLOT_WEIGHS
    if is_constant_name(word) and not is_numbered(word):
        return _CONSTANT_WEIGHS
    return _ODD_NAME_WEIGHS if is_odd_name(word) else 1.0


def _before(line: Line, at: int) -> str:
    return line[at - 1] if at else ""


def _names_a_value(line: Line, end: int) -> bool:
    """Whether a sign or a leader follows, name=value or name......value: names tell lines apart."""
    return line[end : end + 1] in (("=",), (LEADER,))


def _with_slots(line: Line, places: Collection[int]) -> Line:
    return folded(SLOT if at in places else token for at, token in enumerate(line))


def _varies(line: Line, at: int, around: Around, seen: Mapping[Place, set[str]], evidence: Evidence) -> bool:
    words = seen[around.place(at, at + 1)]
    if len(words) < 2 or _names_a_value(line, at + 1):
        return False
    need = evidence.needed(line, at, around.size - size((line[at],)), words)
    return _weight(words) + evidence.familiar(line, at, words) >= need


def _completes(line: Line, at: int, around: Around, live: Container[Line], evidence: Evidence) -> bool:
    """Whether the word belongs to the value behind it, host:<port> or host[<ip>]: elsewhere one slot is for both."""
    if line[at + 1 : at + 2] not in ((":",), ("[",), ("(",)) or line[at + 2 : at + 3] != (SLOT,):
        return False
    if _before(line, at) == SLOT or around.size - size((line[at],)) < FEW_WORDS:
        return False
    return _weight((SLOT, line[at])) >= evidence.enough and _with_slots(line, {at}) in live


def marks_of(line: Line) -> Line:
    """The line with nothing but its marks."""
    return tuple(token if token in MARKS else "" for token in line)


def by_marks(lines: Collection[Line]) -> dict[Line, list[Line]]:
    """Lines by their marks and the places of these."""
    groups: defaultdict[Line, list[Line]] = defaultdict(list)
    # In a fixed order: what is asked of a group is asked of its first line.
    for line in sorted(lines):
        groups[marks_of(line)].append(line)
    return groups


def _all_vary(line: Line, varying: Mapping[int, set[str]], evidence: Evidence) -> bool:
    fixed = tuple(token for at, token in enumerate(line) if at not in varying)
    around = size(fixed) + _MARK_COUNTS * sum(token in MARKS for token in fixed)
    if around < 2 or any(_names_a_value(line, at + 1) for at in varying):
        return False
    return all(_weight(words) >= _TOGETHER * evidence.needed(line, at, around, words) for at, words in varying.items())


def _parted(lines: Collection[Line], at: int) -> list[list[Line]]:
    parts: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        parts[line[at]].append(line)
    return list(parts.values())


def _is_value(
    line: Line, start: int, end: int, around: Around, runs: Collection[Line], in_slot: bool, evidence: Evidence
) -> bool:
    """Whether a run is one value of many: they begin and end differently and share no word."""
    if _names_a_value(line, end):
        return False
    firsts, lasts = {run[0] for run in runs}, {run[-1] for run in runs}
    length = size(line[start:end])
    if in_slot:
        enough = len(firsts) > 1 and (len(lasts) > 1 or SLOT in lasts)
    else:
        need = evidence.needed(line, start, around.size - length, firsts)
        enough = length <= _LONGEST and min(_weight(firsts), _weight(lasts)) >= need
    if not enough:
        return False
    shared = Counter(word for run in runs for word in {*run} - {SLOT})
    return not shared or max(shared.values()) <= _SHARED_AT_MOST * len(runs)
