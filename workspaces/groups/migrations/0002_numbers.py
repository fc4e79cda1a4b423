from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_groups")]

    operations = [
        migrations.AddField(
            "approach", "number", models.PositiveIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(
            "guestinvitation", "number", models.PositiveIntegerField(default=0), preserve_default=False
        ),
        # Numbers in the order in which they came, for rows that were there before.
        migrations.RunSQL(
            [
                "UPDATE groups_approach SET number = placed.number FROM (SELECT id, row_number() OVER "
                "(PARTITION BY workspace_id ORDER BY id) AS number FROM groups_approach) AS placed "
                "WHERE placed.id = groups_approach.id",
                "UPDATE groups_guestinvitation SET number = placed.number FROM (SELECT id, row_number() OVER "
                "(PARTITION BY workspace_id ORDER BY id) AS number FROM groups_guestinvitation) AS placed "
                "WHERE placed.id = groups_guestinvitation.id",
                "INSERT INTO groups_count (workspace_id, name, head) SELECT workspace_id, 'approach', max(number) "
                "FROM groups_approach GROUP BY workspace_id",
                "INSERT INTO groups_count (workspace_id, name, head) SELECT workspace_id, 'guest invitation', "
                "max(number) FROM groups_guestinvitation GROUP BY workspace_id",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "approach",
            models.UniqueConstraint(fields=("workspace", "number"), name="an_approach_has_its_number"),
        ),
        migrations.AddConstraint(
            "guestinvitation",
            models.UniqueConstraint(fields=("workspace", "number"), name="a_guest_invitation_has_its_number"),
        ),
    ]
