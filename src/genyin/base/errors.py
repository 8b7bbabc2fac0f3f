"""What can be refused, and how it is said.

Pure: the lifecycle raises these without knowing Django. A message is English source text marked with
`gettext_noop`; a surface renders it with `sentences.say(error)` in the reader's language.
"""

from collections.abc import Sequence
from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark a message for translation; it is rendered later, in the reader's language."""
    return message


class GenyinError(Exception):
    """A refusal that a person can act on. Nothing was written when it is raised."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, message: str, *, field: str = "", **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class BadInput(GenyinError):
    """A value that cannot be accepted; `field` names where it stands."""

    code = "bad_input"


class UnknownReference(BadInput):
    """The value names something that does not exist, or that the actor may not see."""

    code = "unknown_reference"


class NotFound(GenyinError):
    """No such object for this actor. Hidden and missing are the same answer on purpose."""

    code = "not_found"
    status = 404


class NotAllowed(GenyinError):
    """The actor lacks the right."""

    code = "not_allowed"
    status = 403


class WrongStage(GenyinError):
    """The verb does not start from the stage the problem is in."""

    code = "wrong_stage"
    status = 409


class Conflict(GenyinError):
    """Somebody else changed the object since it was read."""

    code = "conflict"
    status = 409


class ControlPointOpen(GenyinError):
    """Control points must be satisfied or waived first; `points` names every one, never only the first."""

    code = "control_points_open"
    status = 409

    def __init__(self, verb: str, points: Sequence[str]) -> None:
        super().__init__(gettext_noop("Not yet: %(count)s control points are open."), count=len(points))
        self.verb = verb
        self.points = tuple(points)


class NotAvailable(GenyinError):
    """Something this installation lacks (a font, a program, a folder it may write); the sentence says what to do."""

    code = "not_available"
    status = 503


class NotYet(NotAvailable):
    """Something that is being prepared: ask again after `wait` seconds."""

    wait: ClassVar[int] = 30


class BadFile(GenyinError):
    """A file that is not what it says. Carries the place, so that a command can exit with 3."""

    code = "bad_file"

    def __init__(
        self, message: str, *, file: str = "", line: int | None = None, column: str = "", **params: object
    ) -> None:
        super().__init__(message, field=column, **params)
        self.file = file
        self.line = line
        self.column = column
