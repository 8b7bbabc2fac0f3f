"""What a command cost, for its answer."""

import resource
import time


class Effort:
    """Measures from the moment it is made."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def told(self) -> dict[str, float]:
        """Seconds so far, and the most memory this process ever held in MB (Linux counts in kB)."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"seconds": round(time.perf_counter() - self._began, 2), "peak_mb": round(peak, 1)}
