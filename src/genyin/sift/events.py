"""Recurring events of machines: which lines were written by the same statement of a program?

`templates` for a heap of lines, `Catalogue` for lines as they come. Both read a line by `lines.read` and find the
remaining values by the rules of `slots`; neither knows which system wrote the lines.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.covers import covered, strays
from genyin.sift.lines import Line, read, written
from genyin.sift.live import Live
from genyin.sift.slots import Evidence, Rewritten, columns, one_place, several_words

ENOUGH = 4.0
#: So many forms of lines are kept to look up; forgotten ones are only read anew.
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Events:
    """Lines by event.

    ids       : (n_lines,) event of each line, 0 .. n_events - 1 in the order of their first line
    templates : (n_events,) what the lines of an event have in common, * where they differ
    """

    ids: NDArray[np.int64]
    templates: tuple[str, ...]


def templates(lines: Sequence[str], *, enough: float = ENOUGH) -> Events:
    """The events of `lines`: the same whatever their order and however often each is repeated.

    enough : how many different words in one place make it a slot; fewer join more lines. Names put together like a_b
             count double, constants like READY half, see `slots`
    """
    catalogue = Catalogue(enough=enough)
    ids = catalogue.extend(lines)
    return Events(ids, tuple(catalogue.template(event) for event in range(len(catalogue))))


class Catalogue:
    """Events of lines as they come: append-only, an event keeps its id for ever.

    A line gets the id of its event at once. Later lines may show that two events were one; then `current` of either is
    the older id, and every new line gets that. Nothing is forgotten or renumbered.
    """

    def __init__(self, *, enough: float = ENOUGH) -> None:
        self._evidence = Evidence(enough)
        self._became: dict[Line, Line] = {}
        self._live = Live()
        self._ids: dict[Line, int] = {}
        self._joined: list[int] = []
        self._written: list[Line] = []

    def __len__(self) -> int:
        """How many ids were given."""
        return len(self._joined)

    def add(self, line: str) -> int:
        """The event of a line."""
        return int(self.extend([line])[0])

    def extend(self, lines: Iterable[str]) -> NDArray[np.int64]:
        """The events of lines that are looked at together; the order within them does not matter."""
        forms = [read(line) for line in lines]
        fresh = dict.fromkeys(form for form in forms if form not in self._became)
        for form in fresh:
            self._open(form)
        self._settle(set(fresh))
        ids = np.array([self._id_of(self._template_of(form)) for form in forms], dtype=np.int64)
        self._forget()
        return ids

    def current(self, event: int) -> int:
        """The id under which an event goes on: its own, or that of the older one it turned out to be."""
        while self._joined[event] != event:
            event = self._joined[event]
        return event

    def template(self, event: int) -> str:
        """What the lines of the event have in common, * where they differ."""
        return written(self._written[self.current(event)])

    def _open(self, form: Line) -> None:
        self._became[form] = form
        self._live.add(form)

    def _settle(self, unsettled: set[Line]) -> None:
        while unsettled and (changed := self._changed(unsettled)):
            values = set(self._evidence.values)
            for old, new in changed.items():
                self._rewrite(old, new)
            unsettled = (unsettled - changed.keys()) | {self._template_of(line) for line in changed.values()}
            unsettled |= self._live.holding(self._evidence.values - values)

    def _changed(self, unsettled: Collection[Line]) -> Rewritten:
        """What the first rule that applies rewrites in the neighbourhood of the unsettled lines."""
        near, alike = self._live.near(unsettled), self._live.alike(unsettled)
        return (
            one_place(near, self._evidence, self._live.lines)
            or columns(alike, self._evidence)
            or covered(alike, unsettled)
            or several_words(near, self._evidence)
            or strays(self._live.covers(unsettled), self._evidence)
        )

    def _rewrite(self, old: Line, new: Line) -> None:
        if new not in self._became:
            self._open(new)
        self._became[old] = new
        self._live.discard(old)
        if old in self._ids:
            self._join(self._ids.pop(old), self._template_of(new))

    def _join(self, event: int, template: Line) -> None:
        other = self._ids.get(template, event)
        older, younger = min(event, other), max(event, other)
        self._joined[younger] = older
        self._ids[template] = older
        self._written[older] = template

    def _template_of(self, form: Line) -> Line:
        while (further := self._became[form]) != form:
            form = further
        return form

    def _id_of(self, template: Line) -> int:
        if template not in self._ids:
            self._ids[template] = len(self._joined)
            self._joined.append(len(self._joined))
            self._written.append(template)
        return self._ids[template]

    def _forget(self) -> None:
        if len(self._became) > len(self._live.lines) + _REMEMBERED:
            self._became = {line: line for line in self._live.lines}
