"""What the home page shows of organisations: what one's own profile needs, and what is new in the network."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from babel.dates import format_timedelta
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from memberships.organisations.models import Organisation, ProfileChange, Standing
from memberships.organisations.policies import facts_visible_to, standings_visible_to
from memberships.organisations.selectors.profile import PUBLIC_FIELDS, missing_descriptions, needs_confirmation
from memberships.organisations.selectors.standing import today
from memberships.people.models import Role
from memberships.people.policies import is_in_network
from memberships.people.selectors import organisations_of
from portal.accounts.models import User
from portal.registry import Need, News
from portal.ui.digits import localise_digits
from portal.ui.formats import current_locale, join_words
from portal.ui.names import language_name

REMINDED_AFTER: Final = timedelta(days=180)
"""From then on the home page says when the profile was last confirmed."""

_NEWS_DAYS: Final = 60
_NEWS_LINES: Final = 6


def administered(request: HttpRequest) -> list[Organisation]:
    """The organisations that the reader administers; no query beside the one that rights are read by."""
    reader = request.user
    if not isinstance(reader, User) or not reader.is_active:
        return []
    return [acting.organisation for acting in organisations_of(reader) if acting.holds(Role.ADMINISTRATOR)]


def needs(request: HttpRequest) -> Sequence[Need]:
    """What the profiles that the reader keeps wait for."""
    found: list[Need] = []
    for organisation in administered(request):
        if needs_confirmation(organisation):
            found.append(_confirmation(organisation))
        if missing := missing_descriptions(organisation):
            found.append(_descriptions(organisation, missing))
    return found


def _confirmation(organisation: Organisation) -> Need:
    name = {"organisation": organisation.display_name}
    if organisation.confirmed_at is None:
        sentence = _("Nobody has confirmed yet that what the network sees is right.")
    else:
        sentence = _("It was last confirmed %(ago)s. Once a year an administrator looks through it.") % {
            "ago": _ago(organisation.confirmed_at)
        }
    return Need(
        kind=_("Profile"),
        icon="organisation",
        title=_("Is the profile of %(organisation)s still right?") % name,
        sentence=sentence,
        action=_("Check the profile"),
        url=organisation.get_absolute_url(),
    )


def _descriptions(organisation: Organisation, missing: Sequence[str]) -> Need:
    languages = join_words(language_name(code, inline=True) for code in missing)
    return Need(
        kind=_("Profile"),
        icon="pencil",
        title=_("%(organisation)s is not described in %(languages)s")
        % {"organisation": organisation.display_name, "languages": languages},
        sentence=ngettext(
            "Members who read in this language see the description in another one, or none.",
            "Members who read in these languages see the description in another one, or none.",
            len(missing),
        ),
        action=_("Write it"),
        url=reverse("organisations:edit-section", args=[organisation.slug, "about"]),
    )


def confirmation_note(request: HttpRequest) -> Mapping[str, Any] | None:
    """The first profile the reader keeps that was confirmed half a year ago and is not yet due, or None."""
    for organisation in administered(request):
        confirmed = organisation.confirmed_at
        if confirmed and timezone.now() - confirmed >= REMINDED_AFTER and not needs_confirmation(organisation):
            return {"organisation": organisation, "ago": _ago(confirmed)}
    return None


def _ago(moment: datetime) -> str:
    span = moment - timezone.now()
    return localise_digits(format_timedelta(span, add_direction=True, locale=current_locale()))


def news(request: HttpRequest) -> Sequence[News]:
    """Who joined and whose profile changed in the last weeks, as far as the reader may know; two queries."""
    reader = request.user
    if not isinstance(reader, User) or not is_in_network(reader):
        return []
    since = today() - timedelta(days=_NEWS_DAYS)
    terms = standings_visible_to(reader).filter(since__gt=since, since__lte=today()).select_related("organisation")
    changes = (
        ProfileChange.objects.filter(
            at__gte=timezone.now() - timedelta(days=_NEWS_DAYS),
            field__in=PUBLIC_FIELDS,
            organisation__in=facts_visible_to(reader).values("pk"),
        )
        .select_related("organisation")
        .order_by("-at", "-pk")
    )
    updated: dict[int, News] = {}
    for change in changes[: _NEWS_LINES * 10]:
        updated.setdefault(change.organisation_id, _line(change.organisation, _("Profile updated"), change.at))
    joined = [_joined(term) for term in terms.order_by("-since", "-pk")[:_NEWS_LINES]]
    return [*joined, *list(updated.values())[:_NEWS_LINES]]


def _joined(term: Standing) -> News:
    at = datetime.combine(term.since or today(), time(), tzinfo=UTC)
    return _line(term.organisation, str(Standing.Kind(term.kind).label), at)


def _line(organisation: Organisation, detail: str, at: datetime) -> News:
    return News(
        title=organisation.display_name,
        detail=detail,
        url=organisation.get_absolute_url(),
        at=at,
        lang=organisation.display_language,
    )
