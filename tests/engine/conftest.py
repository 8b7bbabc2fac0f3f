"""Where the real data lies."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def real_data() -> Path:
    """The folder with the real data sets; the test is skipped where it is not there."""
    folder = os.environ.get("GENYIN_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("GENYIN_DATA does not name the folder with the real data sets")
    return Path(folder)
