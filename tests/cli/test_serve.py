"""`genyin serve`: ready means ready, a killed process comes back, and SIGTERM leaves nothing behind."""

import http.client
import json
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.processes import gone, is_alive

pytestmark = [pytest.mark.slow, pytest.mark.fault]


def test_serve_answers_restarts_what_is_killed_and_ends_with_all_its_processes(tmp_path: Path) -> None:
    terminal, port = Terminal(tmp_path), free_port()
    assert terminal("upgrade").code == 0
    with terminal.start("serve", "--port", str(port), "--workers", "1", "--json") as serving:
        try:
            assert serving.stdout is not None
            assert json.loads(serving.stdout.readline()) == {"url": f"http://localhost:{port}/"}
            assert status(port) == 200
            web, worker = process("web_process", port), process("worker_process", None, parent=serving.pid)
            taken = terminal("serve", "--port", str(port))
            assert (taken.code, f"Port {port} is in use." in taken.err) == (2, True)
            os.kill(web, signal.SIGKILL)
            assert answers_again(port)
            assert process("web_process", port) != web
            assert is_alive(worker)
            serving.terminate()
            assert serving.wait(60) == 0
        finally:
            serving.kill()
    assert gone(worker)
    with pytest.raises(OSError, match="refused"):
        status(port)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    finally:
        connection.close()


def answers_again(port: int) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if status(port) == 200:
                return True
        except OSError:
            time.sleep(0.2)
    return False


def process(module: str, port: int | None, *, parent: int | None = None) -> int:
    """The oldest process that runs this module (for this port, under this parent)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        called = f"genyin.cli.{module}".encode() in words and (port is None or str(port).encode() in words)
        if called and parent in (None, above):
            found.append(int(folder.name))
    return min(found)
