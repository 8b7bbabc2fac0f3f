"""Saved filters above a list: each keeps what else is asked for and starts from the first page."""

from dataclasses import dataclass

from genyin.web.http import Request


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: its word, its address, and whether the list is filtered by it now."""

    word: str
    url: str
    current: bool


def chip(request: Request, word: str, *, current: bool, **asked: str | None) -> Chip:
    """A filter that sets these query parameters; None takes one away."""
    query = request.GET.copy()
    for name, value in {**asked, "after": None}.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return Chip(word, f"?{query.urlencode()}", current)
