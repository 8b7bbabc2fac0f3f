"""`serve`, `web` and `worker`."""

import errno
import os
import socket
import sys
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin import config
from genyin.base.errors import GenyinError, gettext_noop
from genyin.cli import voice
from genyin.cli.command import REFUSED, command, wrong_use
from genyin.cli.supervisor import Child, Supervisor

app = typer.Typer()
# Called as programs, not imported: they load the whole site.
WEB = [sys.executable, "-m", "genyin.cli.web_process"]
WORKER = [sys.executable, "-m", "genyin.cli.worker_process"]
LAST_PORT = 65535
PORTS_TRIED = 20
Port = Annotated[int, typer.Option(min=1, max=LAST_PORT, help=_("Port to listen on."))]
Host = Annotated[str, typer.Option(help=_("Address to listen on; 0.0.0.0 is every one of this machine."))]
Workers = Annotated[
    int, typer.Option(min=1, max=64, help=_("Web processes. Each counts the API's requests per minute for itself."))
]
MOST_WORKERS = min(4, os.cpu_count() or 1)


class NotApart(GenyinError):
    """Processes on several machines cannot share an embedded database."""

    code = "sqlite_apart"


@command(app, "serve")
def serve(*, port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = MOST_WORKERS) -> None:
    require_port(host, port)
    run(host, port, workers, {"url": url(host, port)})


def run(host: str, port: int, workers: int, told: dict[str, object]) -> None:
    """Web and worker under one supervisor until a signal; `told` is the JSON answer, given once both are ready."""

    def ready() -> None:
        voice.say(_("Genyin answers at %(url)s (stop it with Ctrl-C).") % {"url": url(host, port)})
        voice.answer(told)

    children = (
        Child("web", [*WEB, host, str(port), str(workers)]),
        Child("worker", WORKER),
    )
    if not Supervisor(children, tell=_tell, when_ready=ready).run():
        raise typer.Exit(REFUSED)


@command(app, "web")
def web(*, port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = MOST_WORKERS) -> None:
    _require_server_database()
    require_port(host, port)
    voice.say(_("Genyin answers at %(url)s (stop it with Ctrl-C).") % {"url": url(host, port)})
    voice.answer({"url": url(host, port)})
    os.execv(sys.executable, [*WEB, host, str(port), str(workers)])


@command(app, "worker")
def worker() -> None:
    _require_server_database()
    voice.say(_("The worker takes jobs (stop it with Ctrl-C)."))
    voice.answer({"worker": "started"})
    os.execv(sys.executable, WORKER)


def url(host: str, port: int) -> str:
    """The address to type into a browser."""
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104 (compared, not bound)
    return f"http://{name}:{port}/"


def require_port(host: str, port: int) -> None:
    """Say in words that a port is taken, before anything is started. Raises Exit(2)."""
    if not is_free(host, port):
        raise wrong_use(
            _("Port %(port)s is in use. Stop what uses it, or choose another with --port.") % {"port": port}
        )


def free_port(host: str, port: int) -> int:
    """This port, or the next one that nobody uses, saying so. Raises Exit(2) when all of the next are taken."""
    for other in range(port, min(port + PORTS_TRIED, LAST_PORT + 1)):
        if is_free(host, other):
            if other != port:
                voice.warn(_("Port %(port)s is in use; %(other)s is taken instead.") % {"port": port, "other": other})
            return other
    require_port(host, port)
    return port


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there. Raises Exit(2) for a port that needs an administrator."""
    family, *_rest, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
        except OSError as taken:
            if taken.errno == errno.EACCES:
                raise wrong_use(
                    _("Port %(port)s needs an administrator. Choose one above 1023 with --port.") % {"port": port}
                ) from taken
            return False
    return True


def _require_server_database() -> None:
    if config.load().on_sqlite:
        raise NotApart(
            gettext_noop(
                "Web and worker apart need PostgreSQL (GENYIN_DATABASE_URL). With the embedded SQLite use: genyin serve"
            )
        )


def _tell(what: str, child: Child) -> None:
    sentences = {
        "restarting": _("The %(name)s process ended unexpectedly and is started again."),
        "given_up": _("The %(name)s process ends again and again; giving up. The lines above say why."),
        "killed": _("The %(name)s process did not end in time and was killed."),
    }
    voice.warn(sentences[what] % {"name": child.name})
