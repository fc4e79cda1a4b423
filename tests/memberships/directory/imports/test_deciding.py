"""Deciding about conflicting rows, confirming, and what happens when others do so at the same time."""

import io
import threading
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, connections

from memberships.directory.imports import policies
from memberships.directory.imports.planning import fingerprint
from memberships.directory.imports.sentences import sentence
from memberships.directory.imports.services import (
    AlreadyDecided,
    NotWritten,
    Verdict,
    import_confirm,
    import_decide,
    import_discard,
    import_preview,
    stored_rows,
)
from memberships.directory.models import Import, ImportRow
from memberships.organisations.models import AllianceMembership, Organisation, ProfileChange, Standing
from memberships.organisations.services.profile import organisation_update
from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.selectors import head
from portal.search.models import Document
from tests.architecture.world import organisation
from tests.factories import people
from tests.factories.tables import REAL, as_csv, one

Outcome, Decision = ImportRow.Outcome, ImportRow.Decision
HEADS = ["name", "region", "acronym", "website"]
TWO_ALIKE = as_csv([one(name="Voices of Sample", acronym="SV", country_code="KE"), one(name="New Union")])


@pytest.fixture
def known(db) -> Organisation:
    return organisation("Sample Voices", acronym="SV", country="KE", city="Nairobi")


def decide(secretariat, run, **decisions):
    decided = import_decide(secretariat, run=run, decisions={int(k[1:]): v for k, v in decisions.items()})
    assert list(decided.refused) == []
    return decided.anew


def test_the_same_organisation_takes_the_facts_of_the_row(secretariat, preview, confirm, known):
    run = preview(TWO_ALIKE)

    assert decide(secretariat, run, r2=(Decision.SAME, known.pk))
    row = run.rows.get(number=2)
    assert (row.outcome, row.decision, row.organisation_id) == (Outcome.CONFLICTING, Decision.SAME, known.pk)
    assert row.changes == {"name": ["Sample Voices", "Voices of Sample"]}
    assert confirm(run) is Verdict.IMPORTED

    known.refresh_from_db()
    assert (known.name, known.city, known.version) == ("Voices of Sample", "Nairobi", 2)
    assert Organisation.objects.count() == 2
    again = preview(TWO_ALIKE)
    assert set(again.rows.values_list("outcome", flat=True)) == {Outcome.UNCHANGED}


def test_another_organisation_is_added_beside_it(secretariat, preview, confirm, known):
    run = preview(TWO_ALIKE)

    decide(secretariat, run, r2=(Decision.ANOTHER, None))
    confirm(run)

    assert set(Organisation.objects.values_list("name", flat=True)) == {
        "Sample Voices", "Voices of Sample", "New Union",
    }  # fmt: skip
    again = preview(TWO_ALIKE)
    assert set(again.rows.values_list("outcome", flat=True)) == {Outcome.UNCHANGED}


def test_two_of_one_name_that_were_both_wanted_have_nothing_to_do_the_next_time(secretariat, preview, confirm):
    table = as_csv([one(city="Accra"), one(city="Lomé")])
    run = preview(table)
    decide(secretariat, run, r2=(Decision.ANOTHER, None), r3=(Decision.ANOTHER, None))
    confirm(run)
    assert Organisation.objects.filter(name="Sample Voices").count() == 2

    run = preview(table)

    assert confirm(run) is Verdict.NOTHING_TO_DO
    assert Organisation.objects.count() == 2


def test_a_decision_can_be_taken_back(secretariat, preview, confirm, known):
    run = preview(TWO_ALIKE)

    decide(secretariat, run, r2=(Decision.SAME, known.pk))
    decide(secretariat, run, r2=(Decision.LEAVE_OUT, None))
    confirm(run)

    known.refresh_from_db()
    assert known.name == "Sample Voices"


def test_deciding_the_same_again_is_no_decision(secretariat, preview, known):
    run = preview(TWO_ALIKE)

    assert decide(secretariat, run, r2=(Decision.SAME, known.pk)) is True
    assert decide(secretariat, run, r2=(Decision.SAME, known.pk)) is False
    assert decide(secretariat, run) is False


def test_an_organisation_that_was_not_asked_about_is_refused(secretariat, preview, known):
    other = organisation("Beta Media Watch")
    run = preview(TWO_ALIKE)

    decided = import_decide(secretariat, run=run, decisions={2: (Decision.SAME, other.pk)})

    assert list(decided.refused) == [2]
    assert run.rows.get(number=2).decision == ""


def test_what_another_row_certainly_is_cannot_be_chosen(secretariat, preview, known):
    run = preview(as_csv([one(name="Sample Voices", acronym="SV"), one(name="Voices of Sample", acronym="SV")]))
    row = run.rows.get(number=3)
    assert run.rows.get(number=2).organisation_id == known.pk
    assert "May be the same as Sample Voices" in sentence(row.problems[0])
    assert "organisation" not in row.problems[0]["params"]

    decided = import_decide(secretariat, run=run, decisions={3: (Decision.SAME, known.pk)})

    assert list(decided.refused) == [3]


def test_two_rows_cannot_be_one_organisation_and_other_decisions_are_kept(secretariat, preview, known):
    alike = [one(name="Voices of Sample", acronym="SV"), one(name="The Sample Voice", acronym="S.V.")]
    beta = organisation("Beta Media Watch", website="https://beta.example.org")
    run = preview(as_csv([*alike, one(name="B.M.W. News", website="https://beta.example.org")], headings=HEADS))

    decided = import_decide(
        secretariat,
        run=run,
        decisions={2: (Decision.SAME, known.pk), 3: (Decision.SAME, known.pk), 4: (Decision.SAME, beta.pk)},
    )

    assert list(decided.refused) == [2, 3]
    assert list(run.rows.values_list("decision", flat=True)) == ["", "", Decision.SAME]


def test_only_conflicting_rows_can_be_decided(secretariat, preview, known):
    run = preview(TWO_ALIKE)

    decide(secretariat, run, r3=(Decision.ANOTHER, None))

    assert run.rows.get(number=3).decision == ""


def test_a_change_in_the_network_leads_to_a_new_preview(secretariat, preview, known):
    run = preview(as_csv([one(city="Mombasa", acronym="SV", country_code="KE")]))
    seen = fingerprint(stored_rows(run))
    organisation_update(secretariat, organisation=known, version=known.version, changes={"city": "Kisumu"})

    verdict = import_confirm(secretariat, run=run, standing=None, seen=seen)

    assert verdict is Verdict.LOOK_AGAIN
    run.refresh_from_db()
    assert run.state == Import.State.PREVIEW
    assert run.rows.get().changes == {"city": ["Kisumu", "Mombasa"]}
    known.refresh_from_db()
    assert known.city == "Kisumu"
    seen = fingerprint(stored_rows(run))
    assert import_confirm(secretariat, run=run, standing=None, seen=seen) is Verdict.IMPORTED
    known.refresh_from_db()
    assert known.city == "Mombasa"


def test_someone_elses_decision_meanwhile_is_looked_at_first(secretariat, preview, known):
    run = preview(TWO_ALIKE)
    seen = fingerprint(stored_rows(run))
    import_decide(people.secretariat(), run=run, decisions={2: (Decision.SAME, known.pk)})

    assert import_confirm(secretariat, run=run, standing=None, seen=seen) is Verdict.LOOK_AGAIN
    known.refresh_from_db()
    assert known.name == "Sample Voices"


def test_an_organisation_that_was_deleted_meanwhile_is_new_again(secretariat, preview):
    known = organisation("Sample Voices", city="Nairobi")
    run = preview(as_csv([one(city="Mombasa")]))
    seen = fingerprint(stored_rows(run))
    known.delete()

    assert import_confirm(secretariat, run=run, standing=None, seen=seen) is Verdict.LOOK_AGAIN
    assert run.rows.get().outcome == Outcome.NEW


@pytest.mark.parametrize("standing", [None, Standing.Kind.CANDIDATE])
def test_new_organisations_get_the_standing_that_was_chosen(secretariat, preview, confirm, standing):
    run = preview(as_csv([one(joined_year="1999")]))

    confirm(run, standing)

    made = Organisation.objects.get()
    assert [(term.kind, term.since, term.recorded_by) for term in made.standings.all()] == (
        [(standing, None, secretariat)] if standing else []
    )
    assert made.joined_year == 1999
    run.refresh_from_db()
    assert run.standing == (standing or "")


def test_what_was_done_is_recorded_and_found(secretariat, preview, confirm, known):
    run = preview(as_csv([one(city="Mombasa", acronym="SV"), one(name="New Union"), one(name="")]))

    confirm(run)

    run.refresh_from_db()
    assert (run.state, run.decided_by) == (Import.State.CONFIRMED, secretariat)
    assert list(run.rows.values_list("number", "written")) == [(2, True), (3, True), (4, False)]
    assert run.rows.get(number=3).organisation == Organisation.objects.get(name="New Union")
    entry = Entry.objects.get(verb="import.confirmed")
    assert (entry.actor, entry.target_id) == (secretariat, run.pk)
    assert entry.details == {"created": 1, "updated": 1, "left_out": 1}
    verbs = Entry.objects.filter(actor=secretariat).values_list("verb", flat=True)
    assert {"import.uploaded", "organisation.created", "organisation.updated"} <= set(verbs)
    change = ProfileChange.objects.get()
    assert (change.organisation, change.before, change.after, change.changed_by) == (
        known,
        "Nairobi",
        "Mombasa",
        secretariat,
    )
    new = Organisation.objects.get(name="New Union")
    assert Document.objects.filter(source="organisation", object_id=new.pk).exists()


def test_open_pages_are_told_once_and_the_index_knows_all(secretariat, preview, confirm, known):
    run = preview(as_csv([one(city="Mombasa", acronym="SV"), one(name="New Union"), one(name="Newer Union")]))
    before = head("directory")

    confirm(run)

    assert head("directory") == before + 1
    assert head(f"organisation:{known.pk}") == 1
    assert set(Document.objects.filter(source="organisation").values_list("object_id", flat=True)) == set(
        Organisation.objects.values_list("pk", flat=True)
    )


def test_a_refusal_at_the_last_row_leaves_nothing_behind(secretariat, preview, confirm):
    run = preview(REAL.read_bytes())
    last = run.rows.last()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE organisations_organisation ADD CONSTRAINT fault CHECK (name <> %s)", [last.values["name"]]
        )
    entries = Entry.objects.count()

    with pytest.raises(NotWritten) as refusal:
        confirm(run)

    assert refusal.value.row == last.number == 120
    assert "row 120" in refusal.value.messages[0]
    run.refresh_from_db()
    assert run.state == Import.State.PREVIEW
    assert not run.rows.filter(written=True).exists()
    for model in (Organisation, Standing, AllianceMembership, ProfileChange, Document):
        assert not model.objects.exists()
    assert Entry.objects.count() == entries

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organisations_organisation DROP CONSTRAINT fault")
    assert confirm(run) is Verdict.IMPORTED
    assert Organisation.objects.count() == 119


def test_confirming_twice_has_one_effect(secretariat, preview, confirm):
    run = preview(as_csv([one()]))
    confirm(run)

    with pytest.raises(AlreadyDecided, match="imported already"):
        confirm(run)

    assert Organisation.objects.count() == 1


def test_what_was_discarded_cannot_be_imported(secretariat, preview, confirm):
    run = preview(as_csv([one()]))
    import_discard(secretariat, run=run)

    with pytest.raises(AlreadyDecided, match="discarded"):
        confirm(run)
    with pytest.raises(AlreadyDecided):
        decide(secretariat, run, r2=(Decision.ANOTHER, None))
    with pytest.raises(AlreadyDecided):
        import_discard(secretariat, run=run)

    assert not Organisation.objects.exists()


@pytest.mark.parametrize("role", ["administrator", "staff", "guest", "unaffiliated", "superuser"])
def test_nobody_else_may_do_any_of_it(preview, role):
    alpha = organisation("Alpha Press Union")
    actor = {
        "administrator": lambda: people.person(of=alpha, roles=["administrator"]),
        "staff": lambda: people.person(of=alpha),
        "guest": people.guest,
        "unaffiliated": people.person,
        "superuser": lambda: people.person(is_superuser=True),
    }[role]()
    run = preview(as_csv([one()]))

    for act in (
        lambda: import_preview(actor, file_name="members.csv", file=io.BytesIO(as_csv([one()]))),
        lambda: import_decide(actor, run=run, decisions={}),
        lambda: import_confirm(actor, run=run, standing=None, seen=fingerprint(stored_rows(run))),
        lambda: import_discard(actor, run=run),
    ):
        with pytest.raises(Refused, match="Only the Secretariat"):
            act()
    run.refresh_from_db()
    assert run.state == Import.State.PREVIEW


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_has_an_effect():
    actor = people.secretariat()
    run = import_preview(actor, file_name="members.csv", file=io.BytesIO(as_csv([one(), one(name="New Union")])))
    seen = fingerprint(stored_rows(run))

    answers = _together([lambda: import_confirm(actor, run=run, standing=None, seen=seen)] * 4)

    assert sorted(str(answer) for answer in answers if answer is Verdict.IMPORTED) == [str(Verdict.IMPORTED)]
    assert sum(isinstance(answer, AlreadyDecided) for answer in answers) == 3
    assert Organisation.objects.count() == 2
    assert Entry.objects.filter(verb="import.confirmed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_table_confirmed_in_two_imports_at_once_is_written_once():
    actor = people.secretariat()
    table = as_csv([one(), one(name="New Union")])
    runs = [import_preview(actor, file_name="members.csv", file=io.BytesIO(table)) for _ in range(3)]

    answers = _together(
        [
            lambda run=run: import_confirm(actor, run=run, standing=None, seen=fingerprint(stored_rows(run)))
            for run in runs
        ]
    )

    assert [answer for answer in answers if answer is Verdict.IMPORTED] == [Verdict.IMPORTED]
    assert [answer for answer in answers if answer is Verdict.LOOK_AGAIN] == [Verdict.LOOK_AGAIN] * 2
    assert Organisation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_edit_at_the_same_moment_is_never_overwritten_unseen():
    actor = people.secretariat()
    known = organisation("Sample Voices", city="Nairobi", joined_year=1999)
    run = import_preview(actor, file_name="m.csv", file=io.BytesIO(as_csv([one(city="Mombasa", joined_year="2000")])))
    seen = fingerprint(stored_rows(run))

    answers = _together(
        [
            lambda: import_confirm(actor, run=run, standing=None, seen=seen),
            lambda: organisation_update(actor, organisation=known, version=1, changes={"city": "Kisumu"}),
        ]
    )

    known.refresh_from_db()
    cities = [(change.before, change.after) for change in known.changes.filter(field="city").order_by("version")]
    if Verdict.IMPORTED in answers:  # the import was first: the edit saw another version and was refused
        assert cities == [("Nairobi", "Mombasa")]
    else:
        assert cities == [("Nairobi", "Kisumu")]
        assert answers[0] is Verdict.LOOK_AGAIN


def _together(acts):
    """Do all of `acts` at the same moment, each on a connection of its own; the results or exceptions, in order."""
    answers, barrier = [None] * len(acts), threading.Barrier(len(acts))

    def run(place, act):
        barrier.wait()
        try:
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_standings_are_without_a_date_for_nobody_recorded_one(secretariat, preview, confirm):
    confirm(preview(as_csv([one(joined_year="1999")])))

    assert Standing.objects.get().since != date(1999, 1, 1)


def test_the_halves_of_the_policy_agree(secretariat, preview):
    run = preview(as_csv([one()]))
    alpha = organisation("Alpha Press Union")
    administrator = people.person(of=alpha, roles=["administrator"])
    readers = [secretariat, administrator, people.guest(), people.person(), AnonymousUser()]

    assert [policies.can_see(reader, run) for reader in readers] == [True, False, False, False, False]
    for reader in readers:
        assert policies.visible_to(reader).filter(pk=run.pk).exists() == policies.can_see(reader, run)
