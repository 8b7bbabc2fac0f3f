"""`genyin test`: the tests come with the source, not with the package, so the checkout's launcher runs them."""

import os
from pathlib import Path
from typing import NoReturn

from genyin.base.errors import BadInput, gettext_noop

CHECKOUT = Path(__file__).resolve().parents[3]


def run_tests(*, quick: bool = False, json: bool = False) -> NoReturn:
    """Become `./genyin test`, which also installs what the tests need. Raises BadInput outside a checkout."""
    launcher = CHECKOUT / "genyin"
    if not (launcher.is_file() and (CHECKOUT / "tests" / "runner").is_dir()):
        raise BadInput(gettext_noop("The tests come with the source code: call ./genyin test in a checkout."))
    words = ["test", *(["--quick"] if quick else []), *(["--json"] if json else [])]
    os.execv(launcher, [str(launcher), *words])  # noqa: S606 - our own launcher, no shell
