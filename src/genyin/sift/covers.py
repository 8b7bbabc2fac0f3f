"""Which lines are covered by another one: it has the same words, and slots where they differ."""

from collections.abc import Collection, Mapping

from genyin.sift.lines import SLOT, Line, is_odd_name, is_word
from genyin.sift.slots import FEW_WORDS, Evidence, Rewritten, by_marks, size

#: So many tokens at most are one value.
_LONGEST_RUN = 8
#: What stands before it is a name for the value behind it, never a part of a value itself.
_SIGN = "="


def covered(lines: Collection[Line], unsettled: Collection[Line]) -> Rewritten:
    """Lines that another line with the same marks covers, one of the two unsettled; three words they have in common."""
    changed: Rewritten = {}
    for group in by_marks(lines).values():
        covers = [line for line in group if SLOT in line and size(line) >= FEW_WORDS]
        fresh = [line for line in covers if line in unsettled]
        for line in group:
            over = [cover for cover in (covers if line in unsettled else fresh) if _covers(cover, line)]
            if over:
                changed[line] = _narrowest(over)
    return changed


def strays(covers_of: Mapping[Line, Collection[Line]], evidence: Evidence) -> Rewritten:
    """Lines that fit another one if a slot of it may be several tokens, all of them values elsewhere or odd names.

    covers_of : lines, and for each the lines with a slot that have no word it lacks
    """
    changed: Rewritten = {}
    for line, covers in covers_of.items():
        values = {token for token in line if _may_be_value(token, evidence)}
        over = [cover for cover in covers if size(cover) >= FEW_WORDS and cover != line and _fits(cover, line, values)]
        if over:
            changed[line] = _narrowest(over)
    return changed


def _may_be_value(token: str, evidence: Evidence) -> bool:
    return token != _SIGN and (not is_word(token) or token in evidence.words or is_odd_name(token))


def _narrowest(covers: Collection[Line]) -> Line:
    return min(covers, key=lambda cover: (-size(cover), cover))


def _covers(cover: Line, line: Line) -> bool:
    return cover != line and all(mine in (SLOT, theirs) for mine, theirs in zip(cover, line, strict=True))


def _fits(cover: Line, line: Line, values: Collection[str]) -> bool:
    """Whether the line is the cover with a run of values in each of its slots."""
    if not cover or not line:
        return not cover and not line
    if cover[0] != SLOT:
        return cover[0] == line[0] and _fits(cover[1:], line[1:], values)
    for end in range(1, min(_LONGEST_RUN, len(line)) + 1):
        if line[end - 1] not in values:
            return False
        if _fits(cover[1:], line[end:], values):
            return True
    return False
