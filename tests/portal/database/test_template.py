"""Tests run on a copy of a migrated database."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests import database


@pytest.mark.skipif(database.embedded_cluster() is None, reason="only the embedded cluster keeps templates")
@pytest.mark.django_db
def test_the_copy_is_complete(django_db_blocker: object) -> None:
    assert connection.settings_dict["NAME"].startswith(database.TEST_PREFIX)
    call_command("migrate", check_unapplied=True, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [database.TEMPLATE_PREFIX + "%"])
        assert cursor.fetchone()[0] >= 1
