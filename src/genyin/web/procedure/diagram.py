"""The state diagram, drawn from the transition table: what the table says is what is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from genyin.problems.lifecycle import OPEN, TRANSITIONS, WORKED, Stage, Transition
from genyin.web.words import listed, word

ROW = 78  # height of a stage with the gap below it
TOP, BOX, LEFT, WIDTH = 8, 40, 64, 176
STAGES = tuple(Stage)
#: From so many stages on, an arrow from each would hide the others: these are listed below the drawing.
FROM_MANY = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A stage as it is drawn."""

    word: str
    y: int

    @property
    def middle(self) -> int:
        return self.y + BOX // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between two stages: an SVG path, what it says and where. Ways back are said below, not beside it."""

    path: str
    said: str
    x: int
    y: int
    back: bool
    way: str


@dataclass(frozen=True, slots=True)
class Row:
    """A verb of the table in words."""

    verb: str
    start: str
    to: str
    who: str
    needs: str


@dataclass(frozen=True, slots=True)
class Diagram:
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    anywhere: tuple[Row, ...]
    rows: tuple[Row, ...]
    height: int


def drawn() -> Diagram:
    """The drawing and the table under it, in the reader's language."""
    boxes = tuple(Box(word("stage", stage), TOP + ROW * number) for number, stage in enumerate(STAGES))
    moves = [row for row in TRANSITIONS if row.to and row.start]
    few = [row for row in moves if len(row.start) < FROM_MANY]
    return Diagram(
        boxes=boxes,
        arrows=tuple(_arrows(boxes, few)),
        anywhere=tuple(_row(row) for row in moves if len(row.start) >= FROM_MANY),
        rows=tuple(_row(row) for row in TRANSITIONS),
        height=TOP + ROW * len(boxes),
    )


def _arrows(boxes: tuple[Box, ...], moves: Iterable[Transition]) -> Iterable[Arrow]:
    verbs: dict[tuple[int, int], list[str]] = {}
    for row in moves:
        for start in row.start:
            for to in row.to:
                said = verbs.setdefault((STAGES.index(start), STAGES.index(to)), [])
                if (name := word("verb", row.verb)) not in said:
                    said.append(name)
    for (first, last), names in sorted(verbs.items()):
        yield _arrow(boxes[first], boxes[last], first, last, names)


def _arrow(start: Box, to: Box, first: int, last: int, names: list[str]) -> Arrow:
    said = listed(names)
    if last == first + 1:
        x = LEFT + WIDTH // 2
        return Arrow(f"M{x} {start.y + BOX}V{to.y - 2}", said, x + 8, (start.y + BOX + to.y) // 2 + 4, False, "")
    # Forward jumps leave on the right, ways back on the left; the further they go the wider they swing.
    right = last > first
    side, turn = (LEFT + WIDTH, 1) if right else (LEFT, -1)
    swing = side + turn * (10 + 9 * abs(last - first))
    begin, end = (start.middle + 6, to.middle - 6) if right else (start.middle - 6, to.middle + 6)
    path = f"M{side} {begin}C{swing} {begin} {swing} {end} {side + turn * 2} {end}"
    return Arrow(path, said, swing, (begin + end) // 2, not right, f"{start.word} → {to.word}")


def _row(row: Transition) -> Row:
    return Row(
        verb=word("verb", row.verb),
        start=_stages(row.start),
        to=listed(word("stage", stage) for stage in row.to),
        who=listed(word("right", right) for right in sorted(row.by)),
        needs=listed(word("point", code) for code in row.needs),
    )


def _stages(stages: tuple[Stage, ...]) -> str:
    """A few stages by name; the many as from the first to the last."""
    if set(stages) in (set(OPEN), set(WORKED)) or len(stages) >= FROM_MANY:
        ordered = sorted(stages, key=STAGES.index)
        return f"{word('stage', ordered[0])} – {word('stage', ordered[-1])}"
    return listed(word("stage", stage) for stage in stages)
