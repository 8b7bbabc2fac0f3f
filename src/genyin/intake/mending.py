"""How rows go out in the list of rejects, harmless in a spreadsheet, and come back as they were.

A cell that begins with = + - @, a tab or a line end is a formula to a spreadsheet program, which may run it when the
list is opened. Such a cell gets an apostrophe before it; a cell that would look so already gets one more, so that
taking one away gives every cell back. The apostrophe is taken away only in a file that begins with our own columns:
in anybody else's it is part of the text.
"""

from collections.abc import Iterable, Sequence

HEADER = ("file", "line", "column", "value", "reason")
OURS = len(HEADER)
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: str) -> str:
    """The cell as it goes out."""
    return f"'{cell}" if _acts(cell) else cell


def undone(cell: str) -> str:
    """The cell as it was before it went out."""
    return cell[1:] if cell.startswith("'") and _acts(cell) else cell


def bare(cells: Sequence[str]) -> list[str]:
    """The cells of the file itself, as they were before they went out."""
    return [undone(cell) for cell in cells[OURS:]]


def comes_back(header: Iterable[str]) -> bool:
    """Whether the table is a list of rejects, mended or not."""
    names = tuple(cell.replace("\ufeff", "").strip() for cell in header)
    return names[:OURS] == HEADER and len(names) > OURS


def _acts(cell: str) -> bool:
    return cell.lstrip("'").startswith(_STARTS)
