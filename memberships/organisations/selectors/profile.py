"""What the page of one organisation is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db.models import BigIntegerField, CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from memberships.organisations.models import Audience, Contact, Organisation, ProfileChange, Standing
from memberships.organisations.policies import (
    can_confirm,
    can_edit,
    can_keep_standing,
    can_see_hidden,
    can_see_history,
    can_see_standing,
    contacts_visible_to,
    visible_to,
)  # fmt: skip
from memberships.organisations.selectors.showing import OrganisationShown, shown
from memberships.organisations.selectors.standing import today
from memberships.people.models import Role
from memberships.people.policies import Reader, can_manage_people, visible_affiliations
from memberships.people.selectors.profile import role_labels
from portal.accounts.models import User
from portal.live.models import Topic
from portal.live.presence import present

ACTIVITY_SHOWN: Final = 6
"""So many lines of activity are on the page; the rest is in the history."""

# Changes that tell the network nothing which the organisation or a contact's audience keeps from it.
PUBLIC_FIELDS: Final = (
    "name", "native_name", "native_language", "acronym", "logo", "region", "languages", "subjects", "founded_year",
    "joined_year", "website", *(f"description_{code}" for code in Organisation.LANGUAGES),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ContactShown:
    """A contact that the reader may read."""

    kind: str
    kind_label: str
    value: str
    url: str  # to write, to call or to open; empty where there is nothing to follow
    is_social: bool
    audience: str
    audience_label: str


@dataclass(frozen=True, kw_only=True)
class PersonShown:
    """One of its people whom the reader may see."""

    person: User
    title: str
    languages: tuple[str, ...]  # codes
    roles: tuple[str, ...]  # in the active language; nobody's list names that they are staff
    presence: str  # "here" for those who let it be seen, else empty


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One dated line of what happened with the organisation. `day` is a UTC calendar day."""

    day: date
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Description:
    """The description in the reader's language, or in another one where that is missing."""

    text: str
    language: str  # code
    is_fallback: bool


@dataclass(frozen=True, kw_only=True)
class ProfilePage:
    """All that one reader sees on the page of one organisation, and what they may do there."""

    organisation: OrganisationShown
    version: int
    head: int  # number of the last live event of this page when it was read
    description: Description | None
    missing_descriptions: tuple[str, ...]  # codes; for those who keep the profile
    contacts: tuple[ContactShown, ...]
    social: tuple[ContactShown, ...]
    people: tuple[PersonShown, ...]
    activity: tuple[Activity, ...]
    hides: tuple[str, ...]  # sentences on what others do not see; for those who do
    confirmed_at: datetime | None
    confirmed_by: str
    needs_confirmation: bool
    may_edit: bool
    may_confirm: bool
    may_see_history: bool
    may_keep_standing: bool
    may_manage_people: bool

    @property
    def mail_address(self) -> str:
        """The first e-mail address that the reader may read, empty where there is none."""
        return next((contact.value for contact in self.contacts if contact.kind == Contact.Kind.EMAIL), "")


def organisations_by_slug(actor: Reader, slug: str) -> QuerySet[Organisation]:
    """The organisation at that address as far as `actor` may know of it: one row or none, with what its page needs.

    `live_head` is the number of its topic's last event, read before anything that the event may have changed.
    """
    topic = Topic.objects.filter(name=Concat(Value("organisation:"), Cast(OuterRef("pk"), CharField())))
    return (
        visible_to(actor)
        .filter(slug=slug)
        .select_related("logo", "confirmed_by")
        .annotate(live_head=Coalesce(Subquery(topic.values("head")[:1]), Value(0), output_field=BigIntegerField()))
    )


def profile_page(actor: Reader, organisation: Organisation) -> ProfilePage:
    """The page of `organisation`, a row of `organisations_by_slug`, for `actor`.

    Raises LookupError where they may not know that it exists.
    """
    seen = shown(actor, organisation)
    keeps, own = can_edit(actor, organisation), can_see_hidden(actor, organisation)
    contacts = contacts_shown(actor, organisation) if seen.facts else ()
    return ProfilePage(
        organisation=seen,
        version=organisation.version,
        head=getattr(organisation, "live_head", 0),
        description=description_in(organisation, get_language() or "en") if seen.facts else None,
        missing_descriptions=missing_descriptions(organisation) if keeps else (),
        contacts=tuple(contact for contact in contacts if not contact.is_social),
        social=tuple(contact for contact in contacts if contact.is_social),
        people=people_shown(actor, organisation) if seen.facts else (),
        activity=activity(actor, organisation) if seen.facts else (),
        hides=_hides(organisation) if own else (),
        confirmed_at=organisation.confirmed_at if own else None,
        confirmed_by=str(organisation.confirmed_by) if own and organisation.confirmed_by else "",
        needs_confirmation=needs_confirmation(organisation),
        may_edit=keeps,
        may_confirm=can_confirm(actor, organisation),
        may_see_history=can_see_history(actor, organisation),
        may_keep_standing=can_keep_standing(actor),
        may_manage_people=can_manage_people(actor, organisation),
    )


def description_in(organisation: Organisation, language: str) -> Description | None:
    """The description in `language`, else in English, a language it works in, or any; None where there is none."""
    order = dict.fromkeys([language, "en", *organisation.languages, *Organisation.LANGUAGES])
    for code in order:
        text = getattr(organisation, f"description_{code}", "") if code in Organisation.LANGUAGES else ""
        if text:
            return Description(text=text, language=code, is_fallback=code != language)
    return None


def missing_descriptions(organisation: Organisation) -> tuple[str, ...]:
    """The network's languages in which the organisation has no description."""
    return tuple(code for code in Organisation.LANGUAGES if not getattr(organisation, f"description_{code}"))


def needs_confirmation(organisation: Organisation) -> bool:
    """Whether nobody has said for a year that the profile is still right."""
    confirmed = organisation.confirmed_at
    return confirmed is None or (timezone.now() - confirmed).days >= 365


def contacts_shown(actor: Reader, organisation: Organisation) -> tuple[ContactShown, ...]:
    """The contacts that `actor` may read, in the order of the kinds."""
    kinds = Contact.Kind.values
    rows = contacts_visible_to(actor).filter(organisation=organisation).order_by("pk")
    return tuple(_contact(row) for row in sorted(rows, key=lambda row: kinds.index(row.kind)))


def _contact(row: Contact) -> ContactShown:
    return ContactShown(
        kind=row.kind,
        kind_label=str(Contact.Kind(row.kind).label),
        value=_as_written(row),
        url=_link(row),
        is_social=row.kind in Contact.SOCIAL,
        audience=row.audience,
        audience_label=str(Audience(row.audience).label),
    )


def _as_written(row: Contact) -> str:
    if row.kind not in Contact.SOCIAL:
        return row.value
    return re.sub(r"^https?://(www\.)?", "", row.value).rstrip("/")


def _link(row: Contact) -> str:
    if row.kind == Contact.Kind.EMAIL:
        return f"mailto:{row.value}"
    if row.kind == Contact.Kind.PHONE:
        return "tel:" + re.sub(r"[^\d+]", "", row.value)
    return row.value if row.kind in Contact.SOCIAL else ""


def people_shown(actor: Reader, organisation: Organisation) -> tuple[PersonShown, ...]:
    """Its people as far as `actor` may see them, administrators first; one query."""
    rows = (
        visible_affiliations(actor)
        .filter(organisation=organisation, person__is_active=True)
        .select_related("person__profile")
        .order_by("person__name", "pk")
    )
    here = present([row.person_id for row in rows])
    people = sorted(rows, key=lambda row: Role.ADMINISTRATOR not in row.role_names)  # type: ignore[attr-defined]
    return tuple(
        PersonShown(
            person=row.person,
            title=row.title,
            languages=tuple(row.person.profile.languages) if hasattr(row.person, "profile") else (),
            roles=tuple(role_labels(row)),
            presence="here" if row.person_id in here else "",
        )
        for row in people
    )


def activity(actor: Reader, organisation: Organisation, *, shown_lines: int = ACTIVITY_SHOWN) -> tuple[Activity, ...]:
    """What happened with the organisation as far as `actor` may know, latest first."""
    changes = organisation.changes.select_related("changed_by").order_by("-version", "pk")
    own = can_see_history(actor, organisation)
    if not own:
        changes = changes.filter(field__in=PUBLIC_FIELDS)
    lines: dict[int, Activity] = {}
    for change in changes[: shown_lines * len(PUBLIC_FIELDS)]:
        lines.setdefault(change.version, Activity(day=_day(change), sentence=_updated(change, with_name=own)))
    known = [term for term in organisation.standings.all() if can_see_standing(actor, term)]
    began = [Activity(day=term.since, sentence=_began(term)) for term in known if term.since and term.since <= today()]
    latest = sorted([*lines.values(), *began], key=lambda line: line.day, reverse=True)
    return tuple(latest[:shown_lines])


def _day(change: ProfileChange) -> date:
    return change.at.astimezone(UTC).date()


def _updated(change: ProfileChange, *, with_name: bool) -> str:
    if with_name and change.changed_by:
        return _("%(name)s updated the profile") % {"name": change.changed_by}
    return _("Profile updated")


def _began(term: Standing) -> str:
    return {
        Standing.Kind.CANDIDATE: _("Became a candidate"),
        Standing.Kind.INTERIM: _("Became an interim member"),
        Standing.Kind.FULL: _("Became a full member"),
        Standing.Kind.SUSPENDED: _("Membership suspended"),
        Standing.Kind.FORMER: _("Membership ended"),
        Standing.Kind.PARTNER: _("Became a partner"),
    }[Standing.Kind(term.kind)]


def _hides(organisation: Organisation) -> tuple[str, ...]:
    if organisation.at_risk:
        return (_("This organisation is marked as at risk: others in the network see its name only."),)
    if organisation.country_hidden:
        return (_("Others in the network do not see the country and the city."),)
    if organisation.city_hidden:
        return (_("Others in the network do not see the city."),)
    return ()
