"""《会议纪要》: the minutes of a problem review (procedure.md section 3d)."""

from dataclasses import dataclass

from genyin.reports.documents import forms


@dataclass(frozen=True, slots=True)
class AttendeeRow:
    name: str
    role: str
    representative: str
    present: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    what: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the minutes print, every value already in words of their language; empty where nothing is known."""

    ref: str
    problem: str
    organisation: str = ""
    printed_at: str = ""
    subject: str = ""
    held_at: str = ""
    place: str = ""
    chair: str = ""
    recorder: str = ""
    course: str = ""
    cause: str = ""
    effect: str = ""
    evidence: str = ""
    done_well: str = ""
    to_improve: str = ""
    prevention: str = ""
    third_parties: str = ""
    conclusion: str = ""
    attendees: tuple[AttendeeRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()


def produce(minutes: Minutes, *, language: str, template: bytes | None = None) -> bytes:
    """The minutes as a Word file. Raises BadInput when the firm's own template cannot be filled."""
    return forms.fill("minutes", minutes, language=language, template=template)
