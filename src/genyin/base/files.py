"""Files known by their content. On one node they lie in a folder under GENYIN_HOME."""

import hashlib
import os
import tempfile
from pathlib import Path

from genyin import config
from genyin.base import clock
from genyin.base.models import StoredFile


def keep(content: bytes) -> str:
    """Store the bytes and answer their SHA-256. The same content is stored once."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and renamed: a process killed in the middle leaves no half file under the final name.
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    StoredFile.objects.get_or_create(sha256=digest, defaults={"size": len(content), "created_at": clock.now()})
    return digest


def read(digest: str) -> bytes:
    """The bytes of a stored file. Raises FileNotFoundError, or ValueError when they no longer match their name."""
    content = _path(digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"stored file {digest} does not match its name")
    return content


def _path(digest: str) -> Path:
    if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
        raise ValueError("not a content address")
    return config.load().home / "files" / digest[:2] / digest
