"""Other processes, by their number."""

import time
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether it runs; one that has ended and is not yet asked for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # also while it is being read
        return False


def gone(pid: int) -> bool:
    """Whether it ends within a minute."""
    for _attempt in range(1_200):
        if not is_alive(pid):
            return True
        time.sleep(0.05)
    return False
