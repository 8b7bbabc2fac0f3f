"""A throw-away PostgreSQL of Debian's: own folder, own port, own socket, own password, gone at the end."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Nothing here outlives the run, so nothing needs to reach the disk.
FAST_BUT_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
}
PATIENCE = 30.0  # seconds until the server must answer, and until it must have stopped


class NoCluster(Exception):
    """PostgreSQL is not here or does not start; the sentence says which and what to do."""


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a running, empty PostgreSQL; stopped and removed when the block is left, however it is left."""
    folder = Path(tempfile.mkdtemp(prefix="genyin-postgresql-"))
    try:
        owner = _unprivileged()
        _hand_over(folder, owner)
        password = secrets.token_hex(16)
        _init(folder, owner, password)
        server, port = _start(folder, owner)
        try:
            yield f"postgresql://genyin:{password}@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    """Debian keeps the server's programs off the PATH, one folder for each version; the newest is taken."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise NoCluster(f"PostgreSQL's {name} is not installed; ./genyin test installs it or says how.")
    return program


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: root may not run PostgreSQL, anybody else runs it as themselves (None)."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _hand_over(path: Path, owner: pwd.struct_passwd | None) -> None:
    if owner is not None:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _as(owner: pwd.struct_passwd | None) -> list[str]:
    """The prefix that runs a program as `owner` and asks the kernel to end it with us, even if we are killed."""
    prefix = ["setpriv", "--pdeathsig", "INT"]
    if owner is not None:
        prefix += ["--reuid", str(owner.pw_uid), "--regid", str(owner.pw_gid), "--clear-groups"]
    return prefix


def _init(folder: Path, owner: pwd.struct_passwd | None, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    _hand_over(secret, owner)
    done = subprocess.run(
        [
            *_as(owner),
            *[_program("initdb"), "--pgdata", str(folder / "data"), "--username", "genyin", "--pwfile", str(secret)],
            *["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoCluster(f"PostgreSQL could not make its folder {folder}: {done.stderr.strip()}")


def _start(folder: Path, owner: pwd.struct_passwd | None) -> tuple[subprocess.Popen[bytes], int]:
    for _attempt in range(3):
        port = _free_port()
        server = _launch(folder, owner, port)
        if _answers(server, folder, port):
            return server, port
        # Somebody else took the port between our look and the server's: the next one will do.
        _stop(server)
    raise NoCluster(f"PostgreSQL does not start: {(folder / 'log').read_text(errors='replace').strip()[-2000:]}")


def _launch(folder: Path, owner: pwd.struct_passwd | None, port: int) -> subprocess.Popen[bytes]:
    settings = {
        **FAST_BUT_FORGETFUL,
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
    }
    flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [*_as(owner), _program("postgres"), "-D", str(folder / "data"), *flags],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,  # Ctrl-C is for the tests; the server is stopped after them
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(server: subprocess.Popen[bytes], folder: Path, port: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    ready = [_program("pg_isready"), "--quiet", "--host", str(folder), "--port", str(port), "--timeout", "1"]
    while server.poll() is None and time.monotonic() < deadline:
        if subprocess.run(ready, check=False).returncode == 0:
            return server.poll() is None
        time.sleep(0.1)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # "fast", "immediate", the kernel's
        if server.poll() is not None:
            return
        server.send_signal(how)
        try:
            server.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            continue
