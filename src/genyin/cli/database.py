"""Whether the database is there and of this program's version, and how it becomes so."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from genyin import config
from genyin.base.actor import Actor
from genyin.base.errors import GenyinError, gettext_noop
from genyin.procedure import actions as procedure
from genyin.procedure.content import default
from genyin.procedure.models import ProcedureVersion


class NotReady(GenyinError):
    """There is no database yet, or it is of another version than the program."""

    code = "not_ready"


def pending() -> int:
    """How many migrations the database still lacks. On SQLite an absent file counts as an empty database."""
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


def upgrade(*, by: Actor) -> int:
    """Migrate, make the cache table, publish the shipped procedure where there is none; answers how many steps."""
    config.load().home.mkdir(parents=True, exist_ok=True)
    steps = pending()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if not ProcedureVersion.objects.exists():
        procedure.publish(default(), note="shipped", by=by)
    return steps
