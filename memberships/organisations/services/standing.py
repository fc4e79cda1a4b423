"""Recording an organisation's standing in the network: terms that follow each other and are never overwritten."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from memberships.organisations import policies
from memberships.organisations.models import Organisation, Standing
from memberships.organisations.selectors.standing import latest_term, today
from memberships.organisations.services.announcing import announce
from memberships.organisations.services.fields import line
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.ui.formats import day

Kind = Standing.Kind

LONGEST_REASON: Final = 300
FURTHEST_DAYS: Final = 366
"""A decision may take effect later, such as on the first day of next year; not further ahead than this."""

MOVES: Final[Mapping[Kind | None, frozenset[Kind]]] = {
    None: frozenset({Kind.CANDIDATE, Kind.INTERIM, Kind.FULL, Kind.FORMER, Kind.PARTNER}),
    Kind.CANDIDATE: frozenset({Kind.INTERIM, Kind.FULL, Kind.FORMER, Kind.PARTNER}),
    Kind.INTERIM: frozenset({Kind.FULL, Kind.SUSPENDED, Kind.FORMER}),
    Kind.FULL: frozenset({Kind.SUSPENDED, Kind.FORMER, Kind.PARTNER}),
    Kind.SUSPENDED: frozenset({Kind.INTERIM, Kind.FULL, Kind.FORMER}),
    Kind.FORMER: frozenset({Kind.CANDIDATE, Kind.INTERIM, Kind.FULL, Kind.PARTNER}),
    Kind.PARTNER: frozenset({Kind.CANDIDATE, Kind.INTERIM, Kind.FULL, Kind.FORMER}),
}
"""Which standing may follow which; None = nothing recorded yet.

Nobody can be suspended who is no member; a suspension ends in the membership it interrupted or in none. A former
member may be admitted anew by any of the ways in. The same standing never follows itself: its term goes on.
"""


@transaction.atomic
def standing_start(
    actor: User, *, organisation: Organisation, kind: Kind | str, since: date | None, reason: str = ""
) -> Standing:
    """Start a new term on the UTC calendar day `since`; the term that runs until then ends with the day before.

    `since` None, from a time nobody recorded, is for an organisation's first term only. Raises Refused, and
    ValidationError where `MOVES` does not know the step, the term before begins later, or the day is too far ahead.
    """
    if not policies.can_keep_standing(actor):
        raise Refused(gettext_lazy("Only the Secretariat can record an organisation’s standing."))
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    last = latest_term(locked)
    chosen = _step(last, kind)
    _check_day(last, since)
    if last is not None and last.until is None:
        last.until = since
        last.save(update_fields=["until"])
    term = Standing.objects.create(
        organisation=locked, kind=chosen, since=since, reason=line(reason, LONGEST_REASON), recorded_by=actor
    )
    details = {"from": last.kind if last else "", "to": chosen.value, "since": since.isoformat() if since else ""}
    record(actor, verb="standing.started", target=locked, details=details)
    announce(locked, kind="standing")
    return term


def check_first(kind: Kind, since: date | None) -> None:
    """Check what is to be an organisation's first term. Raises ValidationError by field: `standing`, `since`."""
    if kind not in MOVES[None]:
        sentence = _("“%(after)s” cannot be the first standing recorded.") % {"after": kind.label}
        raise ValidationError({"standing": sentence}, code="move")
    _check_day(None, since)


def _step(last: Standing | None, kind: Kind | str) -> Kind:
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Choose one of the standings.")})
    chosen = Kind(kind)
    before = Kind(last.kind) if last else None
    if before == chosen:
        raise ValidationError({"kind": _("This is its standing already.")}, code="same")
    if chosen not in MOVES[before]:
        sentence = _("“%(before)s” cannot be followed by “%(after)s”.")
        if before is None:
            sentence = _("“%(after)s” cannot be the first standing recorded.")
        names = {"before": before.label if before else "", "after": chosen.label}
        raise ValidationError({"kind": sentence % names}, code="move")
    return chosen


def _check_day(last: Standing | None, since: date | None) -> None:
    if since is None:
        if last is not None:
            raise ValidationError({"since": _("Give the day on which it begins.")}, code="required")
        return
    if since.year < 1900:
        raise ValidationError({"since": _("Give a day after 1900.")}, code="too_early")
    if (since - today()).days > FURTHEST_DAYS:
        raise ValidationError({"since": _("Give a day within the next twelve months.")}, code="too_late")
    if last is not None and last.until is not None and since < last.until:
        sentence = _("The standing before it ended on %(day)s; give that day or a later one.")
        raise ValidationError({"since": sentence % {"day": day(last.until, "plain")}}, code="too_early")
    if last is not None and last.since is not None and since <= last.since:
        sentence = _("The standing before it began on %(day)s; give a later day.")
        raise ValidationError({"since": sentence % {"day": day(last.since, "plain")}}, code="too_early")
