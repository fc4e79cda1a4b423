import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ScopeLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=120)),
                ("level", models.CharField(max_length=10)),
            ],
        ),
        migrations.AddField(
            model_name="notification",
            name="scope",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("scope", ""), _negated=True), fields=["person", "scope"], name="notifications_from"
            ),
        ),
        migrations.AddField(
            model_name="scopelevel",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="scope_levels", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="scopelevel",
            constraint=models.UniqueConstraint(fields=("person", "scope"), name="one_level_per_scope"),
        ),
        migrations.AddConstraint(
            model_name="scopelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["all", "mentions", "nothing"])), name="a_level_is_one_of_three"
            ),
        ),
    ]
