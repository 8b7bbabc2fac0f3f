from django.db import migrations, models

STATES = ["checking", "checked", "writing", "done", "failed", "discarded"]


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(choices=[(s, s.capitalize()) for s in STATES], default="checking", max_length=10),
        ),
        migrations.RemoveConstraint(model_name="importrun", name="import_state_known"),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="import_state_known"),
        ),
    ]
