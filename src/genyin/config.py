"""The only reader of the environment: one frozen, typed value that refuses what it cannot use."""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, EnvError

DATABASES = ("postgresql", "postgres", "sqlite")


class BadConfiguration(Exception):
    """The environment holds a value Genyin cannot run with; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Config:
    """Where Genyin lives and how it is reached.

    home          the one folder for database, files and indexes (GENYIN_HOME, default ./var)
    database_url  a PostgreSQL instead of the embedded SQLite (GENYIN_DATABASE_URL)
    hosts         names the web server answers to (GENYIN_HOSTS, comma separated)
    https         whether the site is reached through TLS: secure cookies and HSTS (GENYIN_HTTPS)
    demo          pages carry a banner, accounts are printed (GENYIN_DEMO)
    data          where tests and benches find the real data sets (GENYIN_DATA)
    """

    home: Path
    database_url: str
    hosts: tuple[str, ...]
    https: bool
    demo: bool
    debug: bool
    data: Path | None

    @property
    def on_sqlite(self) -> bool:
        return not self.database_url or self.database_url.startswith("sqlite")

    def secret_key(self) -> str:
        """The signing key: GENYIN_SECRET_KEY, else a file only the owner can read, made on first use."""
        given = Env().str("GENYIN_SECRET_KEY", "")
        if given:
            return str(given)
        path = self.home / "secret_key"
        self.home.mkdir(parents=True, exist_ok=True)
        try:
            # Exclusive creation: two processes starting at once must end up with one key.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(key := secrets.token_urlsafe(50))
        return key


@cache
def load() -> Config:
    """Read the environment once. Raises BadConfiguration with the variable's name."""
    try:
        return _read(Env())
    except EnvError as wrong:
        raise BadConfiguration(str(wrong)) from wrong


def _read(env: Env) -> Config:
    home = Path(env.str("GENYIN_HOME", "var")).expanduser().resolve()
    data = env.str("GENYIN_DATA", "")
    return Config(
        home=home,
        database_url=_database_url(env.str("GENYIN_DATABASE_URL", "")),
        hosts=tuple(env.list("GENYIN_HOSTS", ["localhost", "127.0.0.1", "[::1]"])),
        https=env.bool("GENYIN_HTTPS", False),
        demo=env.bool("GENYIN_DEMO", False),
        debug=env.bool("GENYIN_DEBUG", False),
        data=Path(data).resolve() if data else None,
    )


def terminal_language() -> str:
    """The language the terminal's environment asks for, such as zh_CN; empty when it asks for none."""
    # Not through `locale`: that fails where the language's data is not installed, as in most containers.
    named = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((value.partition(".")[0] for value in named if value), "")


def demo_environment() -> dict[str, str] | None:
    """The environment in which a process lives in the demo's home with an embedded database; None when it does."""
    if os.environ.get("GENYIN_DEMO_HOME") == str(load().home):
        return None
    home = str(load().home / "demo")
    own = {"GENYIN_HOME": home, "GENYIN_DEMO_HOME": home, "GENYIN_DEMO": "1", "GENYIN_DATABASE_URL": ""}
    return {**os.environ, **own}


def _database_url(url: str) -> str:
    if url and urlsplit(url).scheme not in DATABASES:
        # The value itself may hold a password: name the variable, never print it.
        raise BadConfiguration(
            "GENYIN_DATABASE_URL must start with postgresql:// (or be empty for the embedded SQLite)."
        )
    return url
