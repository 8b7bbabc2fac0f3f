"""Debian's Chromium, driven by Playwright, against the product's own server."""

import os
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.site import served

# Nothing leaves the machine: no updates, no sync, no look for a faster road.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Two Chromiums and two servers share the processors of a small machine: a page may take longer than the usual 5 s.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session", autouse=True)
def _database_beside_playwright() -> None:
    """Playwright keeps an event loop in the test's own thread; Django would take that for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all that this process tries, as one server stands before all people."""
    with served(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: Mapping[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is not installed; ./genyin test installs it or says how.")
    # Chromium refuses its sandbox to root, and only to root.
    as_root = os.geteuid() == 0
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "chromium_sandbox": not as_root,
        "args": [*QUIET, *(["--no-sandbox"] if as_root else [])],
    }
