"""A moment at which nobody is halfway through writing a table."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction


@contextmanager
def nobody_writes(*tables: type[models.Model]) -> Iterator[None]:
    """Wait until all who write these tables have committed, and let nobody begin until the block ends. For seconds.

    For what must be complete up to a moment: without it, a row stamped before that moment may be committed after it.
    """
    # On SQLite BEGIN IMMEDIATE is enough: there is one writer at a time. Nothing else is held here, so that nobody
    # who is waited for waits for this.
    with transaction.atomic():
        if connection.vendor == "postgresql":
            names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")
        yield
