"""Whether the database is there and of this program's version, and how it becomes so."""

from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from genyin import config
from genyin.base.actor import Actor
from genyin.base.errors import GenyinError, gettext_noop
from genyin.procedure import actions as procedure
from genyin.procedure import queries as procedures
from genyin.procedure.content import default
from genyin.procedure.models import ProcedureVersion, Site

CONNECT_SECONDS = 5


class NoAnswer(GenyinError):
    """The database server cannot be reached, or refuses us."""

    code = "database"


class NotReady(GenyinError):
    """There is no database yet, or it is of another version than the program."""

    code = "not_ready"


def reach() -> None:
    """Ask a server once, briefly: the pool would ask for half a minute. Raises NoAnswer."""
    if config.load().on_sqlite:
        return
    try:
        psycopg.connect(config.load().database_url, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.OperationalError as silent:
        why = str(silent).splitlines()[0]
        raise NoAnswer(gettext_noop("The database does not answer: %(why)s"), why=why) from silent


def pending() -> int:
    """How many migrations the database still lacks. On SQLite an absent file counts as an empty database."""
    reach()
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def exists() -> bool:
    """Whether the embedded database's file is there, or a server is named."""
    return not config.load().on_sqlite or Path(str(settings.DATABASES["default"]["NAME"])).exists()


def require() -> None:
    """Refuse to work on a database that is missing or older than the program. Raises NotReady."""
    if not exists():
        raise NotReady(gettext_noop("There is no database in %(home)s yet. Run: genyin setup"), home=config.load().home)
    if pending():
        raise NotReady(gettext_noop("The database is older than this program. Run: genyin upgrade"))


def migrate() -> int:
    """Bring the tables to this version and make the cache table; answers how many steps. Goes on where it was cut."""
    config.load().home.mkdir(parents=True, exist_ok=True)
    steps = pending()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return steps


def upgrade(*, by: Actor) -> int:
    """Migrate, and publish the shipped procedure where there is none; answers how many steps."""
    steps = migrate()
    if not ProcedureVersion.objects.exists():
        procedure.publish(default(), note="shipped", by=by)
    return steps


def make_if_missing(*, by: Actor) -> bool:
    """Make a database that is not there yet, or whose making was cut off, and its site; answers whether it did.

    One that is older than the program is left alone. Raises NotReady.
    """
    made = not (exists() and _is_made())
    if made:
        upgrade(by=by)
    require()
    if not Site.objects.exists():
        usual = procedures.site()
        procedure.set_site(name=usual.name, zone=usual.zone, language=usual.language, by=by)
    return made


def _is_made() -> bool:
    """The procedure is what is written last when a database is made."""
    tables = connection.introspection.table_names()
    return ProcedureVersion._meta.db_table in tables and ProcedureVersion.objects.exists()
