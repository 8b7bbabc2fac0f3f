"""The event log refuses to be written over as well (INSERT OR REPLACE on SQLite)."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from genyin.base import triggers


def again(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    # A database made before has the older triggers, a new one has these already.
    triggers.remove(editor.connection)
    triggers.install(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("base", "0002_append_only")]
    operations = [migrations.RunPython(again, migrations.RunPython.noop)]
