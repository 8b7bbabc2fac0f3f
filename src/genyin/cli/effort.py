"""What a command cost, for its answer."""

import time

from genyin.base.memory import peak_mb


class Effort:
    """Measures from the moment it is made."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def told(self) -> dict[str, float]:
        """Seconds so far, and the most memory this process ever held in MB."""
        return {"seconds": round(time.perf_counter() - self._began, 2), "peak_mb": peak_mb()}
