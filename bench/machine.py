"""Where something was measured."""

import os
import platform
from importlib.metadata import version

MATTERING = ("numpy", "scipy", "sparse-dot-topn", "duckdb")


def here() -> dict[str, object]:
    """Processor, cores, and the versions that matter to a figure."""
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in MATTERING},
    }
