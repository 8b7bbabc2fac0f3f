"""The lines that stand for events at a time, found by what they have in common."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator

from genyin.sift.lines import SLOT, Line, is_word
from genyin.sift.slots import FEW_WORDS, Around, marks_of

#: A cover has at least so many words, all of them also in what it covers.
_SURELY_SHARED = int(FEW_WORDS)


class Live:
    """A set of lines, looked up by marks, by places and by words."""

    def __init__(self) -> None:
        self.lines: set[Line] = set()
        self._having: defaultdict[Hashable, set[Line]] = defaultdict(set)

    def add(self, line: Line) -> None:
        self.lines.add(line)
        for key in _keys(line):
            self._having[key].add(line)

    def discard(self, line: Line) -> None:
        self.lines.discard(line)
        for key in _keys(line):
            self._having[key].discard(line)
            if not self._having[key]:
                del self._having[key]

    def alike(self, lines: Iterable[Line]) -> set[Line]:
        """Lines with the marks of one of those."""
        return self._union({marks_of(line) for line in lines})

    def near(self, lines: Iterable[Line]) -> set[Line]:
        """Lines that share a place with one of those: around some word or run they are the same."""
        return self._union({place for line in lines for place in Around(line).places()})

    def seen(self, word: str) -> int:
        """How many lines have the word."""
        return len(self._having.get(word, ()))

    def holding(self, values: Collection[tuple[str, str]]) -> set[Line]:
        """Lines with a word of those behind the word it was found behind."""
        return {
            line
            for before, word in values
            for line in self._having.get(word, ())
            if any(pair == (before, word) for pair in zip(("", *line), line, strict=False))
        }

    def covers(self, unsettled: Iterable[Line]) -> dict[Line, set[Line]]:
        """Lines and those with a slot that have no word they lack, the one or the other of them unsettled."""
        found: defaultdict[Line, set[Line]] = defaultdict(set)
        for line in unsettled:
            for cover in self._with_no_other_word(line):
                found[line].add(cover)
            if SLOT in line:
                for covered in self._with_all_words(line):
                    found[covered].add(line)
        return found

    def _with_no_other_word(self, line: Line) -> Iterator[Line]:
        words = {token for token in line if is_word(token)}
        # All but two of its words suffice to find every cover, so the two that most lines have are left out.
        rare = sorted(words, key=lambda word: (self.seen(word), word))[: 1 - _SURELY_SHARED]
        tokens = {*line, SLOT}
        return (cover for cover in self._union(rare) if SLOT in cover and cover != line and tokens.issuperset(cover))

    def _with_all_words(self, cover: Line) -> set[Line]:
        words = {token for token in cover if is_word(token)}
        if len(words) < _SURELY_SHARED:
            return set()
        having = sorted((self._having[word] for word in words), key=len)
        return set.intersection(*having) - {cover}

    def _union(self, keys: Iterable[Hashable]) -> set[Line]:
        return set().union(*(self._having.get(key, ()) for key in keys))


def _keys(line: Line) -> Iterator[Hashable]:
    yield marks_of(line)
    yield from {token for token in line if is_word(token)}
    yield from set(Around(line).places())
