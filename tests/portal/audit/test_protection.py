"""The database itself refuses to change the record, whoever asks (check H7)."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from portal.audit import origin
from portal.audit.chain import verify
from portal.audit.models import Circumstance, Entry, Link
from portal.audit.services import circumstances_forget, origins_forget, record
from tests.architecture.world import ADMINISTRATOR, STAFF, make_world
from tests.portal.audit.tampering import sql, without_triggers

FROM = origin.Origin("203.0.0.0/16", "Firefox, Linux")
ROLE = "plenary_test_application"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def entry(world):
    with origin.coming_from(FROM):
        entry = record(world.people[STAFF], verb="organisation.updated", target=world.alpha, why="It was asked for")
    connection.check_constraints()
    return entry


REFUSED = [
    f"{statement} {table}{rest}"
    for table, column in (("audit_entry", "verb"), ("audit_link", "hash"), ("audit_circumstance", "content"))
    for statement, rest in (
        ("UPDATE", f" SET {column} = 'x'"),
        ("UPDATE", f" SET {column} = 'x' WHERE false"),
        ("TRUNCATE", ""),
        ("TRUNCATE", " CASCADE"),
        ("DELETE FROM", ""),
    )
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_owner_is_refused(statement, entry):
    with pytest.raises(ProgrammingError, match="refused|has to be kept"), transaction.atomic():
        sql(statement)

    assert verify().findings == []


def test_emptying_what_the_record_refers_to_does_not_empty_it(entry):
    with pytest.raises(ProgrammingError, match="TRUNCATE of audit_entry is refused"), transaction.atomic():
        sql("TRUNCATE accounts_user CASCADE")


def test_a_replicas_session_is_refused_too(entry):
    sql("SET LOCAL session_replication_role = replica")
    with pytest.raises(ProgrammingError, match="refused"), transaction.atomic():
        sql("DELETE FROM audit_entry")


@pytest.mark.parametrize("act", [lambda: Entry.objects.all().delete(), lambda: Entry.objects.update(verb="x")])
def test_the_orm_is_refused(act, entry):
    with pytest.raises(ProgrammingError, match="refused"), transaction.atomic():
        act()


def test_nobody_makes_links_by_hand(entry):
    with pytest.raises(ProgrammingError, match="chained by the database"), transaction.atomic():
        Link.objects.create(number=2, entry_id=99, digest="", previous="", hash="")


def test_nobody_dates_an_entry_back(world):
    entry = Entry.objects.create(verb="test", at=timezone.now() - timedelta(days=400))

    assert timezone.now() - Entry.objects.get(pk=entry.pk).at < timedelta(minutes=1)


def test_a_circumstance_belongs_to_its_entry(entry):
    plain = record(None, verb="organisation.confirmed")

    with pytest.raises(IntegrityError), transaction.atomic():
        Circumstance.objects.create(entry=plain, kind="why", salt="s", content="Because I say so")


def test_where_from_is_forgotten_after_90_days_and_not_before(entry):
    with pytest.raises(ProgrammingError, match="has to be kept"), transaction.atomic():
        origins_forget(now=timezone.now() + timedelta(days=91))
    old = timezone.now() - timedelta(days=91)
    with without_triggers():
        sql("UPDATE audit_entry SET at = %s", [old])
        sql("DELETE FROM audit_link")
        sql("INSERT INTO audit_turn VALUES (%s)", [entry.pk])  # chained once more, as it is now

    forgotten = origins_forget()

    assert forgotten == 1
    assert [one.kind for one in Circumstance.objects.all()] == ["why"]
    assert verify().findings == []


def test_erasing_a_person_leaves_the_chain_whole(world, entry):
    other = record(world.people[ADMINISTRATOR], verb="organisation.updated", why="Another reason")

    forgotten = circumstances_forget(None, person=world.people[STAFF])
    connection.check_constraints()

    assert forgotten == 2
    assert list(Circumstance.objects.values_list("entry", "content")) == [(other.pk, "Another reason")]
    assert Entry.objects.get(verb="record.forgotten").details == {"entries": [entry.pk]}
    assert verify().findings == []
    assert circumstances_forget(None, person=world.people[STAFF]) == 0


@pytest.fixture
def application(db):
    """A role as production has it: not the owner of the tables."""
    sql(f"CREATE ROLE {ROLE}")
    yield ROLE
    connection.check_constraints()
    sql(f"DROP OWNED BY {ROLE}")
    sql(f"DROP ROLE {ROLE}")


@pytest.mark.parametrize(
    "statement",
    [
        *REFUSED,
        "INSERT INTO audit_link VALUES (7, '', '', '', 1)",
        "INSERT INTO audit_turn VALUES (1)",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_stays ON audit_entry",
        "DROP TABLE audit_link",
        "CREATE TABLE audit_link_too (number bigint)",
        "SET session_replication_role = replica",
    ],
)
def test_the_applications_role_is_refused(statement, entry, application):
    call_command("audit_protect", application, stdout=io.StringIO())
    sql(f"SET LOCAL ROLE {application}")

    with pytest.raises(ProgrammingError), transaction.atomic():
        sql(statement)

    sql("RESET ROLE")


def test_the_applications_role_writes_the_record_and_is_chained(world, application):
    call_command("audit_protect", application, stdout=io.StringIO())
    sql(f"SET LOCAL ROLE {application}")

    with origin.coming_from(FROM):
        record(world.people[STAFF], verb="organisation.updated", target=world.alpha, why="It was asked for")
    connection.check_constraints()

    sql("RESET ROLE")
    assert verify().findings == []
    assert Link.objects.count() == Entry.objects.count() > 0


def test_a_table_of_ones_own_does_not_get_between(world, application):
    """The functions that chain look where the owner said, not where the session does."""
    call_command("audit_protect", application, stdout=io.StringIO())
    sql(f"SET LOCAL ROLE {application}")
    sql("CREATE TEMPORARY TABLE audit_turn (entry_id bigint)")
    sql("CREATE TEMPORARY TABLE audit_link (LIKE audit_link)")

    record(None, verb="organisation.confirmed")
    connection.check_constraints()

    sql("DROP TABLE pg_temp.audit_turn, pg_temp.audit_link")
    sql("RESET ROLE")
    assert Link.objects.count() == Entry.objects.count() > 0


def test_the_check_of_a_role_tells_what_it_may(application):
    sql(f"GRANT UPDATE ON audit_entry TO {application}")

    with pytest.raises(CommandError, match="it has UPDATE on audit_entry"):
        call_command("audit_protect", application, check=True)

    call_command("audit_protect", application, stdout=io.StringIO())
    sql(f"ALTER SCHEMA public OWNER TO {application}")
    with pytest.raises(CommandError, match="it owns the schema"):
        call_command("audit_protect", application, check=True)
    sql("ALTER SCHEMA public OWNER TO pg_database_owner")

    with pytest.raises(CommandError, match="superuser"):
        call_command("audit_protect", connection.settings_dict["USER"], check=True)

    with pytest.raises(CommandError, match="no database role"):
        call_command("audit_protect", "nobody_at_all")
