"""`python -m genyin.cli.web_process HOST PORT WORKERS [FD]`: the web server; with FD under a supervisor."""

import http.client
import sys
import threading
import time

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

# Imported before the server forks: its processes share it, and what cannot be loaded fails here, once and in words.
from genyin.cli import wsgi
from genyin.cli.child import end_with_the_supervisor, tell_ready

THREADS = 4  # per worker: requests wait for the database more than they compute
HEALTH = "/healthz"


def serve(host: str, port: int, workers: int, ready: int | None = None) -> None:
    """Serve until SIGTERM. `ready`: the descriptor to tell when the first request was answered."""
    server = Server(
        f"{wsgi.__name__}:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=THREADS, respawn_failed_workers=True, workers_kill_timeout=8, log_level=LogLevels.warning,
        websockets=False,
    )  # fmt: skip
    if ready is not None:
        threading.Thread(target=_tell_when_answering, args=(host, port, ready), daemon=True).start()
    server.serve()


def _tell_when_answering(host: str, port: int, ready: int) -> None:
    """Ask for the health page until it comes."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
    while True:
        connection = http.client.HTTPConnection(near, port, timeout=5)
        try:
            connection.request("GET", HEALTH, headers={"Host": f"localhost:{port}"})
            # A refusal of our Host header is an answer as well; an application that fails to load is none.
            if connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                break
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    tell_ready(ready)


if __name__ == "__main__":
    address, number, processes, *descriptor = sys.argv[1:]
    if descriptor:
        end_with_the_supervisor()
    serve(address, int(number), int(processes), int(descriptor[0]) if descriptor else None)
