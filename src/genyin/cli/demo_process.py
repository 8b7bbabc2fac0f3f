"""`python -m genyin.cli.demo_process LANGUAGE`: builds the demo in the database of this home.

A program of its own: what building needs, numpy and its kin, would cost every later start of the demo a second.
"""

import sys
from typing import cast
from zoneinfo import ZoneInfo

from genyin.cli.main import prepare

prepare()

from genyin.base import clock  # noqa: E402 (Django must be set up first)
from genyin.base.errors import GenyinError  # noqa: E402
from genyin.base.sentences import say  # noqa: E402
from genyin.cli import voice  # noqa: E402
from genyin.cli.command import REFUSED  # noqa: E402
from genyin.cli.operator import operator  # noqa: E402
from genyin.demo.load import load  # noqa: E402
from genyin.demo.text import Language  # noqa: E402
from genyin.demo.world import TIME_ZONE  # noqa: E402


def build(language: Language) -> int:
    """Load the demo as of today; answers the exit code."""
    try:
        load(today=clock.now().astimezone(ZoneInfo(TIME_ZONE)).date(), by=operator(), language=language)
    except GenyinError as refusal:
        voice.refuse(say(refusal))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(build(cast(Language, sys.argv[1])))
