"""The product's own settings, in a home of the test run's own: tests never touch anybody's data."""

import os
import tempfile

os.environ.setdefault("GENYIN_HOME", tempfile.mkdtemp(prefix="genyin-test-"))

from genyin.settings import *  # noqa: F403 (the home must be known first)
