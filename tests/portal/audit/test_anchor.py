"""The anchor: heads noted outside the database, which cannot be made, changed or cut without being noticed."""

import io
import json
from datetime import timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal.audit import anchor, tasks
from portal.audit.chain import FORGED, Head, head, verify
from portal.audit.services import record
from tests.architecture.world import SECRETARIAT, make_world
from tests.portal.audit import tampering
from tests.portal.audit.tampering import sql, without_triggers


@pytest.fixture
def file(db, tmp_path):
    """An anchor of four lines, an entry between each two."""
    file = tmp_path / "anchor"
    for number in range(4):
        record(None, verb="organisation.confirmed", details={"version": number})
        connection.check_constraints()
        anchor.append(file)
    return file


def lines(file):
    return file.read_bytes().splitlines(keepends=True)


def forged(file):
    return [finding.sentence for finding in anchor.read(file).findings if finding.kind == FORGED]


def test_each_line_notes_the_head_of_its_moment(file):
    reading = anchor.read(file)

    assert [noted.number for noted in reading.heads] == [1, 2, 3, 4]
    assert reading.heads[-1] == head()
    assert (reading.findings, reading.notes, reading.lines) == ([], [], 4)
    assert verify(reading.heads).findings == []
    assert file.stat().st_mode & 0o077 == 0


def test_an_empty_record_is_noted_too(db, tmp_path):
    anchor.append(tmp_path / "made" / "anchor")

    assert anchor.read(tmp_path / "made" / "anchor").heads == [Head(0, "0" * 64)]


def test_a_changed_line_is_told(file):
    rows = lines(file)
    changed = json.loads(rows[1])
    changed["number"] = 1
    file.write_bytes(b"".join([rows[0], json.dumps(changed).encode() + b"\n", *rows[2:]]))

    assert forged(file) == ["The anchor was changed or cut between its lines 2 and 3."]


def test_a_line_taken_out_is_told(file):
    rows = lines(file)
    file.write_bytes(b"".join([rows[0], *rows[2:]]))

    assert forged(file) == ["The anchor was changed or cut between its lines 2 and 3."]


def test_a_beginning_taken_away_is_told(file):
    file.write_bytes(b"".join(lines(file)[2:]))

    assert forged(file) == ["The anchor was changed or cut between its lines 1 and 3."]


def test_two_lines_that_changed_places_are_told(file):
    rows = lines(file)
    file.write_bytes(b"".join([rows[0], rows[2], rows[1], rows[3]]))

    assert forged(file)


def test_a_last_line_that_was_changed_is_told_and_stops_the_next(file):
    file.write_bytes(b"".join([*lines(file)[:3], b"{}\n"]))

    assert forged(file) == ["Row 4 of the anchor, at its end, was changed."]
    with pytest.raises(anchor.AnchorBroken):
        anchor.append(file)


def test_nobody_makes_a_line_without_the_key(file, settings):
    settings.AUDIT_ANCHOR_KEY = "a key that the portal never had, long enough to be one"
    settings.SECRET_KEY = "another secret key"
    with pytest.raises(anchor.AnchorBroken):
        anchor.append(file)

    assert forged(file)


def test_a_new_key_leaves_what_the_old_one_made(file, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key"
    settings.AUDIT_ANCHOR_KEY = "a key of its own, long enough to be one"
    anchor.append(file)

    assert forged(file) == []


def test_a_line_broken_off_by_a_crash_is_only_noted(file):
    with file.open("ab") as end:
        end.write(b'{"line": 5, "at": "2026-')
    anchor.append(file)

    reading = anchor.read(file)
    assert reading.findings == []
    assert reading.notes == ["Row 5 of the anchor was broken off while it was written."]


def test_anchor_and_record_cut_together_leave_a_pause(file, monkeypatch):
    """What whoever has both, but not the key, cannot hide: nothing was noted for a while."""
    file.write_bytes(b"".join(lines(file)[:2]))
    with without_triggers():
        sql("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_link WHERE number > 2)")
        sql("DELETE FROM audit_link WHERE number > 2")
    later = timezone.now() + timedelta(minutes=20)
    monkeypatch.setattr(anchor.timezone, "now", lambda: later)
    anchor.append(file)

    reading = anchor.read(file, now=later + timedelta(hours=1))

    assert verify(reading.heads).findings == []
    assert [note[:18] for note in reading.notes] == ["The anchor paused ", "The anchor's last "]


def test_a_record_that_does_not_fit_is_noticed_by_the_next_line(file, settings, caplog):
    settings.AUDIT_ANCHOR = file
    with without_triggers():
        tampering.cut_tail(Random(1))

    with pytest.raises(anchor.AnchorBroken):
        tasks.note_head(timestamp=0)

    assert "The record does not fit its anchor" in caplog.text
    assert len(lines(file)) == 4


def test_a_restored_backup_is_told_and_goes_on(file):
    with without_triggers():
        sql("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_link WHERE number > 2)")
        sql("DELETE FROM audit_link WHERE number > 2")
    said = io.StringIO()

    with pytest.raises(CommandError):
        call_command("audit_anchor", anchor=file, stdout=said)
    call_command("audit_anchor", anchor=file, restored="that of last night", stdout=said)
    record(None, verb="organisation.confirmed")
    connection.check_constraints()
    call_command("audit_anchor", anchor=file, stdout=said)
    call_command("audit_verify", anchor=file, stdout=said)

    assert "a backup was restored (that of last night): the record went back from entry 4 to 2." in said.getvalue()
    assert "Nothing was tampered with." in said.getvalue()


def test_what_was_restored_must_still_fit_what_was_noted_before(file):
    with without_triggers():
        sql("UPDATE audit_entry SET verb = 'x' WHERE id = %s", [tampering.entry_at(2)])
        tampering.chain_anew(2)
    anchor.append(file, restored="a backup that was changed")

    assert verify(anchor.read(file).heads).findings


def test_the_page_tells_whether_the_record_fits(file, settings, client):
    settings.AUDIT_ANCHOR = file
    client.force_login(make_world().people[SECRETARIAT])
    fitting = client.get("/audit/").content.decode()
    with without_triggers():
        sql("UPDATE audit_entry SET verb = 'x' WHERE id = %s", [tampering.entry_at(4)])
        tampering.chain_anew(4)

    changed = client.get("/audit/").content.decode()

    assert "Up to entry 4 the record fits" in fitting
    assert "Somebody has changed it." in changed


def test_the_page_does_without_an_anchor(db, settings, client, tmp_path):
    settings.AUDIT_ANCHOR = tmp_path / "nothing"
    client.force_login(make_world().people[SECRETARIAT])

    assert client.get("/audit/").context["anchor"] is None


def test_the_commands_say_what_cannot_be_read_or_written(db, settings, tmp_path):
    said = io.StringIO()
    settings.AUDIT_ANCHOR = tmp_path / "nothing"
    call_command("audit_verify", stdout=said)
    assert "There is no anchor at" in said.getvalue()

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("audit_verify", anchor=tmp_path / "nothing")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("audit_anchor", anchor=tmp_path)
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        call_command("audit_verify", "--head", "12:abc")
