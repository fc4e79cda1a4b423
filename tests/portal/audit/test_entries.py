"""The record: written by services, read by the Secretariat, holding no names of people."""

import csv
import io
import json
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from memberships.people.services import affiliation_end
from portal.audit import exports, origin
from portal.audit.models import Circumstance, Entry
from portal.audit.services import record
from tests.architecture.world import ADMINISTRATOR, DELEGATE, OTHER, SECRETARIAT, STAFF, make_world

FROM = origin.Origin("203.0.0.0/16", "Firefox, Linux")


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def two_acts(world):
    actor = world.people[ADMINISTRATOR]
    with origin.coming_from(FROM):
        record(
            actor,
            verb="organisation.updated",
            target=world.alpha,
            acting_for=world.alpha,
            details={"fields": ["city"]},
            why="We moved",
        )
    record(None, verb="organisation.confirmed", target=world.beta)
    record(actor, verb="affiliation.ended", target=world.people[STAFF], acting_for=world.alpha)
    connection.check_constraints()


def reading(client, world, path="/audit/", **query):
    client.force_login(world.people[SECRETARIAT])
    return client.get(path, query)


def test_an_entry_keeps_the_names_of_things_and_the_numbers_of_people(world, two_acts):
    entry = Entry.objects.get(verb="organisation.updated")
    about_person = Entry.objects.get(verb="affiliation.ended")

    assert (entry.acting_for_name, entry.target_name) == ("Alpha Press Union", "Alpha Press Union")
    assert (entry.target_type, entry.target_id) == ("organisations.organisation", world.alpha.pk)
    assert (entry.actor, entry.details) == (world.people[ADMINISTRATOR], {"fields": ["city"]})
    assert (about_person.target_id, about_person.target_name) == (world.people[STAFF].pk, "")
    kept = json.dumps(list(Entry.objects.values()), default=str)
    assert "Ada" not in kept
    assert "Sam" not in kept
    assert "We moved" not in kept


def test_a_kind_that_nobody_announced_keeps_no_name(world):
    entry = record(None, verb="invitation.created", target=world.invitation)

    assert (entry.target_type, entry.target_id, entry.target_name) == (
        "accounts.invitation",
        world.invitation.pk,
        "",
    )


def test_a_verb_nobody_announced_is_refused(world):
    with pytest.raises(LookupError):
        record(None, verb="organisation.abducted", target=world.alpha)

    assert not Entry.objects.exists()


def test_the_page_shows_who_did_what_for_whom_why_and_where_from(world, two_acts, client):
    page = reading(client, world).content.decode()

    for shown in (
        "Ada Ministrator",
        "Sam Staff",
        "Profile changed",
        "The installation",
        "We moved",
        "203.0.0.0/16",
        "Firefox, Linux",
        "Entry 1",
    ):
        assert shown in page


def test_people_are_named_as_they_are_called_now(world, two_acts, client):
    staff = world.people[STAFF]
    staff.name = "Samantha Staff"
    staff.save()

    assert "Samantha Staff" in reading(client, world).content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"who": "ada"}, ["Sam Staff", "Alpha Press Union"]),
        ({"who": "ada", "target": "sam"}, ["Sam Staff"]),
        ({"acting_for": "press alpha"}, ["Sam Staff", "Alpha Press Union"]),
        ({"target": "beta watch"}, ["Beta Media Watch"]),
        ({"target": "sam beta"}, []),
        ({"verb": "organisation.confirmed"}, ["Beta Media Watch"]),
        ({"kind": "accounts.user"}, ["Sam Staff"]),
        ({"kind": "organisations.organisation"}, ["Beta Media Watch", "Alpha Press Union"]),
        ({"since": "2100-01-01"}, []),
        ({"since": "2020-01-01", "until": "2100-01-01", "who": "ministrator"}, ["Sam Staff", "Alpha Press Union"]),
        ({"until": "2000-01-01"}, []),
        ({"since": "0001-01-01", "until": "9999-12-31", "verb": "organisation.confirmed"}, ["Beta Media Watch"]),
        ({"kind": "accounts.invitation"}, []),
        ({"since": "yesterday"}, []),
        ({"verb": "nonsense"}, []),
    ],
)
def test_narrowing_down(query, shown, world, two_acts, client):
    answer = reading(client, world, **query)

    assert answer.status_code == 200
    assert [line.target for line in answer.context["lines"]] == shown


def test_days_are_those_of_the_readers_own_zone(world, two_acts, client):
    reader = world.people[SECRETARIAT]
    reader.time_zone = "Pacific/Kiritimati"  # 14 hours ahead
    reader.save()
    at = Entry.objects.latest("pk").at

    def found(**query):
        return len(reading(client, world, **query).context["lines"])

    assert found(since="0001-01-01", until="9999-12-31") == 3
    there = at.astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    assert found(since=there.isoformat(), until=there.isoformat()) == 3


@pytest.mark.parametrize("entries", [1, 3])
@pytest.mark.parametrize("part", [False, True])
def test_the_record_costs_the_same_for_one_entry_and_three(part, entries, world, client):
    for _ in range(entries):
        with origin.coming_from(FROM):
            record(
                world.people[ADMINISTRATOR],
                verb="affiliation.ended",
                target=world.people[STAFF],
                acting_for=world.alpha,
                why="Because",
            )
    client.force_login(world.people[ADMINISTRATOR if part else SECRETARIAT])

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/organisations/{world.alpha.slug}/record/" if part else "/audit/")

    assert len(answer.context["lines"]) == entries
    # The page with who acted and its links, which are all; the circumstances.
    assert len([query for query in queries if "audit_" in query["sql"]]) == 2


def test_the_export_is_exactly_what_is_filtered(world, two_acts, client):
    answer = reading(client, world, "/audit/export.csv", who="ada", kind="organisations.organisation")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][0] == "1"
    assert rows[1][2:7] == [
        "Ada Ministrator",
        str(world.people[ADMINISTRATOR].pk),
        "Alpha Press Union",
        "Profile changed",
        "organisation.updated",
    ]
    assert rows[1][12:] == ["We moved", "203.0.0.0/16", "Firefox, Linux"]


def test_the_export_itself_is_recorded_without_the_words(world, two_acts, client):
    reading(client, world, "/audit/export.xlsx", who="ada", since="2020-01-01")

    entry = Entry.objects.get(verb="record.exported")
    assert entry.actor == world.people[SECRETARIAT]
    assert entry.details == {"format": "xlsx", "count": 2, "filters": {"who": "words", "since": "2020-01-01"}}


def test_no_cell_is_a_formula(world, client):
    world.people[STAFF].name = "=HYPERLINK(1)"
    world.people[STAFF].save()
    record(world.people[STAFF], verb="organisation.confirmed", why="@SUM(1)")

    table = reading(client, world, "/audit/export.csv").content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(reading(client, world, "/audit/export.xlsx").content))

    assert "'=HYPERLINK(1)" in table
    assert "'@SUM(1)" in table
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_a_file_that_would_be_too_long_is_not_made(world, two_acts, client, monkeypatch):
    monkeypatch.setattr(exports, "AT_MOST", 2)

    answer = reading(client, world, "/audit/export.csv", since="2020-01-01")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/audit/?since=2020-01-01"
    assert "A file holds at most 2 entries." in client.get(answer.headers["Location"]).content.decode()
    assert not Entry.objects.filter(verb="record.exported").exists()


def test_there_is_no_other_form_of_file(world, client):
    assert reading(client, world, "/audit/export.exe").status_code == 404


@pytest.fixture
def acts_of_two(world):
    """Acts for and about alpha and beta, each with an origin and a reason."""
    with origin.coming_from(FROM):
        record(world.people[STAFF], verb="organisation.updated", target=world.alpha, acting_for=world.alpha, why="A1")
        record(world.people[SECRETARIAT], verb="standing.started", target=world.alpha, why="A complaint by Otto")
        record(world.people[OTHER], verb="organisation.updated", target=world.beta, acting_for=world.beta, why="B1")


def test_an_organisations_administrator_reads_its_part_without_origins_and_reasons(world, acts_of_two, client):
    client.force_login(world.people[ADMINISTRATOR])

    answer = client.get(f"/organisations/{world.alpha.slug}/record/")

    page = answer.content.decode()
    assert [line.who for line in answer.context["lines"]] == ["Sekou Retariat", "Sam Staff"]
    for hidden in ("203.0", "Firefox, Linux", "A complaint", "Otto", "Beta Media Watch"):
        assert hidden not in page


@pytest.mark.parametrize("role", [STAFF, DELEGATE, OTHER])
def test_nobody_else_reads_it(role, world, acts_of_two, client):
    client.force_login(world.people[role])

    assert client.get(f"/organisations/{world.alpha.slug}/record/").status_code == 403


def test_filters_of_the_part_do_not_lead_out_of_it(world, acts_of_two, client):
    client.force_login(world.people[ADMINISTRATOR])

    answer = client.get(f"/organisations/{world.alpha.slug}/record/", {"target": "beta"})

    assert answer.context["lines"] == []


def test_who_left_is_no_longer_let_in(world, acts_of_two, client):
    affiliation_end(None, affiliation=world.people[ADMINISTRATOR].affiliations.get())
    client.force_login(world.people[ADMINISTRATOR])

    assert client.get(f"/organisations/{world.alpha.slug}/record/").status_code in {403, 404}


def test_where_an_act_came_from_lies_apart_and_coarse(world, client):
    client.force_login(world.people[ADMINISTRATOR])

    client.post(
        f"/organisations/{world.alpha.slug}/confirm/",
        headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
        REMOTE_ADDR="203.0.113.77",
    )

    entry = Entry.objects.get(verb="organisation.confirmed")
    kept = Circumstance.objects.get(entry=entry)
    assert origin.Origin.of_text(kept.content) == FROM
    assert "113.77" not in json.dumps(list(Entry.objects.values()) + list(Circumstance.objects.values()), default=str)


def test_jobs_and_commands_come_from_nowhere(world):
    record(None, verb="organisation.confirmed", target=world.alpha)

    assert not Circumstance.objects.exists()
    assert Entry.objects.get().origin_hash == ""
