"""Documents laid into a folder."""

from pathlib import Path

from genyin.base.errors import GenyinError, gettext_noop


class NotWritten(GenyinError):
    """The file system refuses to take a document."""

    code = "not_written"


def lay(content: bytes, path: Path) -> str:
    """Write the document, making its folder; answers where it lies. Raises NotWritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as refusal:
        why = refusal.strerror or str(refusal)
        raise NotWritten(
            gettext_noop("%(path)s cannot be written: %(why)s."), field="out", path=path, why=why
        ) from refusal
    return str(path.resolve())
