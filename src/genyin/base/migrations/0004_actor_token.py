"""Names the API token through which a person's program acted. The column is added in place: the triggers stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0003_append_only_replace")]
    operations = [
        migrations.AddField(
            model_name="event",
            name="actor_token",
            field=models.CharField(max_length=80, null=True),
        ),
    ]
