"""Reads about standings and memberships in alliances. Days are UTC calendar days; `until` is exclusive."""

from datetime import UTC, date, datetime
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from memberships.organisations.models import Alliance, AllianceMembership, Organisation, Standing

Term = TypeVar("Term", Standing, AllianceMembership)


def today() -> date:
    """The current UTC calendar day, whatever the reader's time zone."""
    return datetime.now(UTC).date()


def on_day(day: date) -> Q:
    """Terms that run on `day`."""
    return (Q(since__isnull=True) | Q(since__lte=day)) & (Q(until__isnull=True) | Q(until__gt=day))


def runs_on(term: Standing | AllianceMembership, day: date) -> bool:
    """Whether `term` runs on `day`: `on_day` for one that was read already."""
    return (term.since is None or term.since <= day) and (term.until is None or term.until > day)


def running(terms: QuerySet[Term], day: date) -> QuerySet[Term]:
    """Those of `terms` that run on `day`."""
    return terms.filter(on_day(day))


def standing_on(organisation: Organisation, day: date) -> Standing | None:
    """The organisation's term on that UTC day, or None where none is recorded."""
    return organisation.standings.filter(on_day(day)).first()


def terms_of(organisation: Organisation) -> QuerySet[Standing]:
    """All its terms from the first on, with who recorded them."""
    return organisation.standings.select_related("recorded_by")


def latest_term(organisation: Organisation) -> Standing | None:
    """The term after which the next one follows: the one without an end, which may begin on a later day, else the
    one that ended last."""
    return organisation.standings.order_by(F("until").desc(nulls_first=True), "-pk").first()


def alliance_memberships_of(organisation: Organisation) -> QuerySet[AllianceMembership]:
    """All its memberships in alliances, the running ones first, then by when they ended."""
    return organisation.alliance_memberships.select_related("alliance").order_by(
        F("until").desc(nulls_first=True), "alliance__name_en", "pk"
    )


def alliances_to_join(organisation: Organisation) -> QuerySet[Alliance]:
    """Alliances the organisation is not in."""
    running_there = AllianceMembership.objects.filter(
        alliance=OuterRef("pk"), organisation=organisation, until__isnull=True
    )
    return Alliance.objects.filter(~Exists(running_there))
