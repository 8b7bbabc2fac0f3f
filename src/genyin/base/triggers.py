"""Database triggers that refuse to change or remove rows of the event log, on both databases."""

from django.db.backends.base.base import BaseDatabaseWrapper

# Content may be blanked (personal data must be erasable), never rewritten.
REWRITTEN_SQLITE = "WHEN NEW.redacted = 0 OR NEW.before <> '{}' OR NEW.after <> '{}' OR NEW.note <> ''"
REWRITTEN = "WHEN (NOT NEW.redacted OR NEW.before <> '{}' OR NEW.after <> '{}' OR NEW.note <> '')"

# INSERT OR REPLACE removes the row in its way without asking a DELETE trigger, so it is refused by itself.
TAKEN = "WHEN EXISTS (SELECT 1 FROM base_event WHERE id = NEW.id OR seq = NEW.seq)"
TAKEN_CONTENT = "WHEN EXISTS (SELECT 1 FROM base_eventcontent WHERE event_id = NEW.event_id)"

SQLITE = tuple(
    f"""CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} {when}
    BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"""
    for table, name, verb, when in (
        ("base_event", "update", "UPDATE", ""),
        ("base_event", "delete", "DELETE", ""),
        ("base_event", "replace", "INSERT", TAKEN),
        ("base_eventcontent", "update", "UPDATE", REWRITTEN_SQLITE),
        ("base_eventcontent", "delete", "DELETE", ""),
        ("base_eventcontent", "replace", "INSERT", TAKEN_CONTENT),
    )
)

REFUSE = "EXECUTE FUNCTION genyin_append_only()"
POSTGRESQL = (
    """CREATE FUNCTION genyin_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$""",
    f"CREATE TRIGGER base_event_no_change BEFORE UPDATE OR DELETE ON base_event FOR EACH ROW {REFUSE}",
    f"CREATE TRIGGER base_event_no_truncate BEFORE TRUNCATE ON base_event {REFUSE}",
    f"""CREATE TRIGGER base_eventcontent_no_change BEFORE UPDATE ON base_eventcontent FOR EACH ROW
    {REWRITTEN} {REFUSE}""",
    f"CREATE TRIGGER base_eventcontent_no_delete BEFORE DELETE ON base_eventcontent FOR EACH ROW {REFUSE}",
    f"CREATE TRIGGER base_eventcontent_no_truncate BEFORE TRUNCATE ON base_eventcontent {REFUSE}",
)
POSTGRESQL_REMOVE = (
    "DROP TRIGGER IF EXISTS base_event_no_change ON base_event",
    "DROP TRIGGER IF EXISTS base_event_no_truncate ON base_event",
    "DROP TRIGGER IF EXISTS base_eventcontent_no_change ON base_eventcontent",
    "DROP TRIGGER IF EXISTS base_eventcontent_no_delete ON base_eventcontent",
    "DROP TRIGGER IF EXISTS base_eventcontent_no_truncate ON base_eventcontent",
    "DROP FUNCTION IF EXISTS genyin_append_only()",
)
SQLITE_REMOVE = tuple(
    f"DROP TRIGGER IF EXISTS {table}_no_{name}"
    for table in ("base_event", "base_eventcontent")
    for name in ("update", "delete", "replace")
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; the migration calls it."""
    _run(connection, POSTGRESQL if connection.vendor == "postgresql" else SQLITE)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration, and for tests that empty the database."""
    _run(connection, POSTGRESQL_REMOVE if connection.vendor == "postgresql" else SQLITE_REMOVE)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
