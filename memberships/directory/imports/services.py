"""Importing organisations: look at a table, decide about its rows, confirm all of it or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO, NoReturn

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from memberships.directory.imports import policies
from memberships.directory.imports.native import native_language
from memberships.directory.imports.network import network
from memberships.directory.imports.planning import Decision, Outcome, Row, fingerprint, left_out, plan
from memberships.directory.imports.reading import read_upload
from memberships.directory.imports.vocabulary import ensure
from memberships.directory.models import Import, ImportRow
from memberships.organisations.models import Alliance, Organisation, Standing
from memberships.organisations.services.alliances import alliance_join
from memberships.organisations.services.announcing import announced_together
from memberships.organisations.services.profile import StaleVersion, organisation_create, organisation_update
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.search.folding import clean_name

State = Import.State
BATCH = 500


class Verdict(Enum):
    """What became of a confirmation."""

    IMPORTED = "imported"
    NOTHING_TO_DO = "nothing to do"
    LOOK_AGAIN = "look again"  # the network or the decisions are not what was looked at; the preview is new


class AlreadyDecided(ValidationError):
    """The import was confirmed or discarded before, perhaps by somebody else at the same time."""


class NotWritten(ValidationError):
    """A row was refused when it was to be written, so nothing of the table was; `row` is its number."""

    def __init__(self, row: int, reason: str) -> None:
        self.row = row
        sentence = _("Nothing was imported, for row %(row)s was refused: %(reason)s")
        super().__init__(sentence % {"row": row, "reason": reason})


@transaction.atomic
def import_preview(actor: User, *, file_name: str, file: IO[bytes]) -> Import:
    """Read a table and keep what it would do, to be looked at. The network is not touched.

    Raises Refused, and Unreadable with a sentence where the file as a whole cannot be taken.
    """
    _check(actor)
    upload = read_upload(file)
    run = Import.objects.create(
        file_name=clean_name(file_name)[:200] or "-",
        sha256=upload.sha256,
        uploaded_by=actor,
        read_as=upload.read_as,
        ignored_columns=list(upload.columns.ignored),
        unknown_columns=list(upload.columns.unknown),
    )
    _store(run, plan(upload.rows, network()))
    record(actor, verb="import.uploaded", target=run, details={"rows": len(upload.rows), "sha256": run.sha256})
    return run


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of decisions: whether any was new, and the numbers of rows whose decision could not be kept."""

    anew: bool
    refused: Sequence[int]


@transaction.atomic
def import_decide(actor: User, *, run: Import, decisions: Mapping[int, tuple[str, int | None]]) -> Decided:
    """Decide about conflicting rows, by row number: (a value of `ImportRow.Decision`, the organisation for SAME).

    A decision for an organisation that the row was not asked about, or that another row is about too, is not kept;
    the others are. Raises Refused, AlreadyDecided.
    """
    _check(actor)
    run = _locked(run)
    before = stored_rows(run)
    wanted = [_with(row, decisions.get(row.number)) for row in before]
    if wanted == before:
        return Decided(anew=False, refused=())
    after = plan(wanted, network())
    _store(run, after)
    pairs = zip(wanted, after, strict=True)
    refused = [row.number for row, kept in pairs if row.decision and row.decision != kept.decision]
    return Decided(anew=True, refused=refused)


@transaction.atomic
def import_confirm(actor: User, *, run: Import, standing: Standing.Kind | None, seen: str) -> Verdict:
    """Write everything the preview shows: new organisations with a first term of `standing`, and the changes.

    `seen` is the fingerprint of the preview that the actor had before them. Rows that are wrong, or conflicting and
    not decided, are left out. All or nothing, and only what was seen: where the network or the decisions changed
    meanwhile nothing is written and the preview is made anew. Raises Refused, AlreadyDecided, NotWritten.
    """
    _check(actor)
    run = _locked(run)
    shown = stored_rows(run)
    # No organisation changes between the last look and the writing. Reading goes on; other writers wait. The mode is
    # one that waits for everyone who holds a row, so that nobody who holds one can come to wait for us.
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Organisation._meta.db_table)} IN EXCLUSIVE MODE")
    rows = plan(shown, network())
    if fingerprint(rows) != seen:
        _store(run, rows)
        return Verdict.LOOK_AGAIN
    writing = [row for row in rows if row.creates or row.updates]
    ensure(*({slug for row in writing for slug in row.values.get(name, [])} for name in ("subjects", "alliances")))
    with announced_together():
        written = {row.number: _write(actor, row, standing) for row in writing}
    for number, organisation in written.items():
        run.rows.filter(number=number).update(written=True, organisation=organisation)
    run.standing = standing or "" if any(row.creates for row in rows) else ""
    _close(actor, run, State.CONFIRMED)
    counts = {"created": sum(row.creates for row in rows), "updated": sum(row.updates for row in rows)}
    record(actor, verb="import.confirmed", target=run, details={**counts, "left_out": left_out(rows)})
    return Verdict.IMPORTED if written else Verdict.NOTHING_TO_DO


@transaction.atomic
def import_discard(actor: User, *, run: Import) -> None:
    """Put a preview aside for good; it stays on the list. Raises Refused, AlreadyDecided."""
    _check(actor)
    run = _locked(run)
    _close(actor, run, State.DISCARDED)
    record(actor, verb="import.discarded", target=run)


def stored_rows(run: Import) -> list[Row]:
    """The rows of `run` as planning knows them, in the order of the file."""
    return [
        Row(row.number, row.values, row.problems, row.decision, row.organisation_id, row.outcome, row.changes)
        for row in run.rows.order_by("number")
    ]


def _check(actor: User) -> None:
    if not policies.can_import(actor):
        raise Refused(gettext_lazy("Only the Secretariat can import organisations."))


def _locked(run: Import) -> Import:
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.state == State.CONFIRMED:
        raise AlreadyDecided(_("This table was imported already. Nothing was written a second time."))
    if run.state == State.DISCARDED:
        raise AlreadyDecided(_("This import was discarded. Upload the table again to import it."))
    return run


def _with(row: Row, decided: tuple[str, int | None] | None) -> Row:
    if decided is None or row.outcome != Outcome.CONFLICTING:
        return row
    decision, organisation = decided
    return row.decided(decision, organisation if decision == Decision.SAME else None)


def _store(run: Import, rows: Iterable[Row]) -> None:
    run.rows.all().delete()
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                run=run,
                number=row.number,
                outcome=row.outcome,
                organisation_id=row.organisation,
                decision=row.decision,
                values=row.values,
                changes=row.changes,
                problems=row.problems,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )


def _close(actor: User, run: Import, state: Import.State) -> None:
    run.state, run.decided_by, run.decided_at = state, actor, timezone.now()
    run.save(update_fields=["state", "decided_by", "decided_at", "standing"])


def _write(actor: User, row: Row, standing: Standing.Kind | None) -> Organisation:
    try:
        organisation = _create(actor, row, standing) if row.creates else _update(actor, row)
        for alliance in _alliances_to_join(row):
            alliance_join(actor, organisation=organisation, alliance=alliance)
    except ValidationError as error:
        _refuse(row, " ".join(error.messages), error)
    except StaleVersion as error:
        _refuse(row, _("the organisation was changed meanwhile."), error)
    except DatabaseError as error:
        _refuse(row, _("the database does not take it."), error)
    return organisation


def _refuse(row: Row, reason: str, error: Exception) -> NoReturn:
    raise NotWritten(row.number, reason) from error


def _create(actor: User, row: Row, standing: Standing.Kind | None) -> Organisation:
    values = {name: value for name, value in row.values.items() if name != "alliances"}
    if language := native_language(values.get("native_name", ""), values.get("languages", [])):
        values["native_language"] = language
    return organisation_create(actor, values=values, standing=standing)


def _update(actor: User, row: Row) -> Organisation:
    assert row.organisation is not None
    organisation = Organisation.objects.get(pk=row.organisation)
    changes = {name: after for name, (_before, after) in row.changes.items() if name != "alliances"}
    if "native_name" in changes:
        languages = changes.get("languages", organisation.languages)
        changes["native_language"] = native_language(changes["native_name"], languages)
    if changes:
        return organisation_update(actor, organisation=organisation, version=organisation.version, changes=changes)
    return organisation


def _alliances_to_join(row: Row) -> list[Alliance]:
    if row.creates:
        slugs = row.values.get("alliances", [])
    else:
        before, after = row.changes.get("alliances", [[], []])
        slugs = [slug for slug in after if slug not in before]
    return list(Alliance.objects.filter(slug__in=slugs).order_by("pk"))
