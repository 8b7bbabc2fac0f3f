"""Files of a measurement, compressed or not."""

import bz2
import gzip
import lzma
from pathlib import Path
from typing import IO

OPENERS = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}


def text(path: Path) -> IO[str]:
    """The file as UTF-8, line ends as they are; what its name ends in says how it is compressed."""
    opener = OPENERS.get(path.suffix, open)
    opened: IO[str] = opener(path, "rt", encoding="utf-8-sig", newline="")  # type: ignore[operator]
    return opened


def named(folder: Path, ending: str) -> list[Path]:
    """Files of the folder whose name ends so, compressed or not, in the order of their names."""
    return sorted(
        path for path in folder.iterdir() if (path.stem if path.suffix in OPENERS else path.name).endswith(ending)
    )
