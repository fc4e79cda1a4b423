"""Whatever is done to the record as the database's owner is named by `audit_verify` (check H7)."""

import io
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal.audit import anchor, origin
from portal.audit.chain import CUT, REWRITTEN, Head, head, verify
from portal.audit.services import record
from tests.architecture.world import ADMINISTRATOR, STAFF, make_world
from tests.portal.audit import tampering
from tests.portal.audit.tampering import WAYS, without_triggers

ENTRIES = 24


@pytest.fixture
def written(db):
    """A record of some entries, chained, with circumstances; and the head as somebody noted it elsewhere."""
    world = make_world()
    for number in range(ENTRIES):
        with origin.coming_from(origin.Origin("203.0.0.0/16", "Firefox, Linux") if number % 3 == 0 else None):
            record(
                world.people[ADMINISTRATOR if number % 2 else STAFF],
                verb="organisation.updated",
                target=world.alpha,
                acting_for=world.alpha,
                details={"fields": ["city"], "version": number},
                why="" if number % 4 else "A colleague asked for it",
            )
    connection.check_constraints()
    return head()


def test_a_record_nobody_touched_is_in_order(written):
    verdict = verify([Head(0, "0" * 64), written])

    assert verdict.findings == []
    assert (verdict.entries, verdict.head) == (written.number, written)
    assert written.number >= ENTRIES


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_of_tampering_is_named(way, seed, written):
    with without_triggers():
        expected = way(Random(f"{way.__name__} {seed}"))

    found = [(finding.number, finding.kind) for finding in verify([written]).findings]

    assert expected in found
    assert len(found) <= 2  # what follows from it is not told as if it were something else


@pytest.mark.parametrize("way", [tampering.cut_tail, tampering.change_and_chain_anew])
def test_without_an_anchor_some_of_it_cannot_be_seen(way, written):
    """What the anchor is for."""
    with without_triggers():
        way(Random(1))

    assert verify().findings == []
    assert {finding.kind for finding in verify([written]).findings} & {CUT, REWRITTEN}


def test_what_was_changed_is_told_between_the_notes_around_it(written):
    early = Head(*tampering.sql("SELECT number, hash FROM audit_link WHERE number = 5")[0])
    with without_triggers():
        tampering.sql("UPDATE audit_entry SET verb = 'x' WHERE id = %s", [tampering.entry_at(9)])
        tampering.chain_anew(9)

    (finding,) = verify([early, written]).findings

    assert finding.sentence.startswith(f"Something between entries 6 and {written.number} was changed")


def test_several_things_are_named_each_by_its_number(written):
    with without_triggers():
        tampering.sql("UPDATE audit_entry SET verb = 'x' WHERE id = %s", [tampering.entry_at(4)])
        tampering.sql("DELETE FROM audit_entry WHERE id = %s", [tampering.entry_at(8)])
        tampering.sql("UPDATE audit_entry SET details = '{}' WHERE id = %s", [tampering.entry_at(written.number)])

    told = [finding.sentence for finding in verify([written]).findings]

    assert told == [
        "Entry 4 was changed.",
        "Entry 8 was deleted; its link in the chain is left.",
        f"Entry {written.number} was changed.",
    ]


def test_the_command_names_it_and_ends_with_status_1(written, tmp_path):
    file, said = tmp_path / "anchor", io.StringIO()
    anchor.append(file)
    call_command("audit_verify", anchor=file, stdout=said)
    with without_triggers():
        tampering.cut_tail(Random(2))
    told = io.StringIO()

    with pytest.raises(CommandError) as stopped:
        call_command("audit_verify", anchor=file, stdout=told)

    assert "Nothing was tampered with." in said.getvalue()
    assert "missing at the end of the record" in told.getvalue()
    assert stopped.value.returncode == 1


def test_the_command_takes_a_head_that_was_kept_on_paper(written, tmp_path):
    anchor.append(tmp_path / "anchor")
    call_command("audit_verify", anchor=tmp_path / "anchor", head=[written], stdout=io.StringIO())

    with pytest.raises(CommandError):
        call_command("audit_verify", anchor=tmp_path / "anchor", head=[Head(3, "b" * 64)], stdout=io.StringIO())


def test_reading_changes_nothing_and_leaves_the_transaction_usable(written):
    with transaction.atomic():
        verify([written])
        record(None, verb="organisation.confirmed")
        connection.check_constraints()

    assert verify([written]).entries == written.number + 1
