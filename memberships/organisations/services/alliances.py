"""Recording which alliances an organisation belongs to."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from memberships.organisations import policies
from memberships.organisations.models import Alliance, AllianceMembership, Organisation
from memberships.organisations.selectors.standing import today
from memberships.organisations.services.announcing import announce
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record


@transaction.atomic
def alliance_join(
    actor: User, *, organisation: Organisation, alliance: Alliance, since: date | None = None
) -> AllianceMembership:
    """Record that the organisation belongs to `alliance` from the UTC calendar day `since` (None = not recorded).

    Raises Refused, and ValidationError where it belongs there already or the day lies ahead.
    """
    locked = _locked(actor, organisation)
    earlier = locked.alliance_memberships.filter(alliance=alliance)
    if earlier.filter(until__isnull=True).exists():
        raise ValidationError({"alliance": _("It belongs to this alliance already.")}, code="same")
    if since is not None and not 1900 <= since.year <= today().year + 1:
        raise ValidationError({"since": _("Give a day between 1900 and next year.")}, code="invalid")
    if (since is None and earlier.exists()) or (since is not None and earlier.filter(until__gt=since).exists()):
        raise ValidationError({"since": _("Give a day after it left this alliance the last time.")}, code="too_early")
    membership = AllianceMembership.objects.create(organisation=locked, alliance=alliance, since=since)
    _announce(actor, locked, alliance, verb="alliance.joined")
    return membership


@transaction.atomic
def alliance_leave(
    actor: User, *, organisation: Organisation, alliance: Alliance, until: date | None = None
) -> AllianceMembership:
    """Record that the organisation no longer belongs to `alliance` from the UTC calendar day `until` on (None = today).

    Raises Refused, and ValidationError where it does not belong there, or the day is before it joined or lies ahead.
    """
    locked = _locked(actor, organisation)
    membership = locked.alliance_memberships.filter(alliance=alliance, until__isnull=True).first()
    if membership is None:
        raise ValidationError(_("It does not belong to this alliance."), code="missing")
    day = until or today()
    if day > today():
        raise ValidationError({"until": _("Give today or an earlier day.")}, code="too_late")
    if membership.since is not None and day < membership.since:
        raise ValidationError({"until": _("Give a day after it joined.")}, code="too_early")
    membership.until = day
    membership.save(update_fields=["until"])
    _announce(actor, locked, alliance, verb="alliance.left")
    return membership


def _locked(actor: User, organisation: Organisation) -> Organisation:
    if not policies.can_keep_standing(actor):
        raise Refused(gettext_lazy("Only the Secretariat can record an organisation’s alliances."))
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _announce(actor: User, organisation: Organisation, alliance: Alliance, *, verb: str) -> None:
    record(actor, verb=verb, target=organisation, details={"alliance": alliance.slug})
    announce(organisation, kind="alliance")
