"""The product's own settings, in a home of the test run's own: tests never touch anybody's data."""

import os
import tempfile

if "GENYIN_HOME" not in os.environ:
    os.environ["GENYIN_HOME"] = tempfile.mkdtemp(prefix="genyin-test-")

from genyin.settings import *  # noqa: F403 (the home must be known first)
