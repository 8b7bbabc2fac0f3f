"""The product as a user has it: `genyin serve` in a process of its own, with a home of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # seconds until the first page must be there


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a running server on the cast's data; ended by its process id."""
    environment = {**os.environ, "GENYIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "genyin.settings"}
    environment.pop("GENYIN_DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "tests.browser.stage"], env=environment, cwd=ROOT, check=True, timeout=180)
    port = _free_port()
    command = [sys.executable, "-m", "genyin.cli.main", "serve", "--port", str(port)]
    with (home / "serve.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/healthz", server, home / "serve.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own address on the loopback)
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer:\n{log.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
