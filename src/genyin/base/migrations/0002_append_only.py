"""The event log refuses UPDATE, DELETE and TRUNCATE; the chain starts with its head."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from genyin.base import triggers


def start(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("base", "ChainHead").objects.get_or_create(id=1)
    triggers.install(editor.connection)


def undo(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.remove(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(start, undo)]
