"""The history of a profile: who changed what, when, from what to what, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from memberships.organisations.models import Audience, Contact, Organisation, ProfileChange, Region, Subject
from memberships.organisations.policies import can_edit
from memberships.people.policies import Reader
from portal.accounts.models import User
from portal.ui.formats import join_words
from portal.ui.names import country_name, language_name, language_names

LABELS: Final[Mapping[str, str | Promise]] = {
    "name": gettext_lazy("Name in English"),
    "native_name": gettext_lazy("Name in its own language"),
    "native_language": gettext_lazy("Language of that name"),
    "acronym": gettext_lazy("Acronym"),
    "logo": gettext_lazy("Logo"),
    "region": gettext_lazy("Region"),
    "country": gettext_lazy("Country"),
    "country_hidden": gettext_lazy("Country hidden"),
    "city": gettext_lazy("City"),
    "city_hidden": gettext_lazy("City hidden"),
    "languages": gettext_lazy("Working languages"),
    "subjects": gettext_lazy("Works on"),
    "founded_year": gettext_lazy("Founded in"),
    "joined_year": gettext_lazy("Member since"),
    "website": gettext_lazy("Website"),
    "description_en": gettext_lazy("Description in English"),
    "description_fr": gettext_lazy("Description in French"),
    "description_es": gettext_lazy("Description in Spanish"),
    "description_ar": gettext_lazy("Description in Arabic"),
    "at_risk": gettext_lazy("At risk: show the name only"),
    "contact": gettext_lazy("Contact"),
}
_FLAGS: Final = frozenset({"country_hidden", "city_hidden", "at_risk"})
_LANGUAGE_OF: Final[Mapping[str, str]] = {f"description_{code}": code for code in Organisation.LANGUAGES} | {
    "name": "en"
}


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field's change in words of the active language; `language` is the texts' own where it is known."""

    field: str
    label: str
    before: str  # empty: there was nothing
    after: str  # empty: there is nothing now
    language: str = ""
    withheld: bool = False  # the reader may know that it changed, not what it says
    by: User | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """One saving of the profile."""

    version: int
    at: datetime
    by: User | None
    changes: tuple[FieldChange, ...]


def versions_of(organisation: Organisation) -> QuerySet[Any, Any]:
    """The versions that changed something, latest first, to page through; each a dict with `version` and `at`."""
    return organisation.changes.values("version").annotate(at=Max("at")).order_by("-version")


def history(actor: Reader, organisation: Organisation, versions: Iterable[int]) -> list[HistoryEntry]:
    """The savings that led to `versions`, latest first, for a reader who may see the history.

    What contacts said is told only to those who keep them: some are for the Secretariat alone.
    """
    rows = (
        organisation.changes.filter(version__in=list(versions)).select_related("changed_by").order_by("-version", "pk")
    )
    keeps = can_edit(actor, organisation)
    by_version: dict[int, list[ProfileChange]] = {}
    for row in rows:
        by_version.setdefault(row.version, []).append(row)
    labels = _subject_labels(rows)
    return [
        HistoryEntry(
            version=version,
            at=changes[0].at,
            by=changes[0].changed_by,
            changes=tuple(_in_words(change, labels, with_contacts=keeps) for change in changes),
        )
        for version, changes in by_version.items()
    ]


def field_label(change: ProfileChange) -> str:
    """What the field that `change` is about is called."""
    return str(LABELS.get(change.field, change.field))


def before_in_words(change: ProfileChange) -> str:
    """What the field was, for whoever changed it."""
    return _value(change.field, change.before, _subject_labels([change]))


def after_in_words(change: ProfileChange) -> str:
    """What the field became, for whoever changed it."""
    return _value(change.field, change.after, _subject_labels([change]))


def in_words(changes: Iterable[ProfileChange]) -> list[FieldChange]:
    """Changes in words, for those who keep the profile; one query where subjects are among them."""
    rows = list(changes)
    labels = _subject_labels(rows)
    return [_in_words(change, labels, with_contacts=True) for change in rows]


def _subject_labels(changes: Iterable[ProfileChange]) -> dict[str, str]:
    values = [value for change in changes if change.field == "subjects" for value in (change.before, change.after)]
    slugs = {slug for value in values if isinstance(value, list) for slug in value}
    return {subject.slug: subject.name for subject in Subject.objects.filter(slug__in=slugs)} if slugs else {}


def _in_words(change: ProfileChange, subjects: Mapping[str, str], *, with_contacts: bool) -> FieldChange:
    withheld = change.field == "contact" and not with_contacts
    return FieldChange(
        field=change.field,
        label=field_label(change),
        before="" if withheld else _value(change.field, change.before, subjects),
        after="" if withheld else _value(change.field, change.after, subjects),
        language=_LANGUAGE_OF.get(change.field, ""),
        withheld=withheld,
        by=change.changed_by,
        at=change.at,
    )


def _value(field: str, value: Any, subjects: Mapping[str, str]) -> str:
    if field in _FLAGS:
        return _("Yes") if value else _("No")
    if value in (None, "", [], False):
        return ""
    if field == "logo":
        return _("A picture")
    if field == "contact":
        return _contact(value)
    if field == "subjects":
        return join_words(subjects.get(slug, slug) for slug in value)
    if field == "languages":
        return language_names(value)
    if field == "native_language":
        return language_name(value)
    if field == "country":
        return country_name(value)
    if field == "region":
        return str(Region(value).label) if value in Region.values else str(value)
    return str(value)


def _contact(value: Mapping[str, str]) -> str:
    kind, audience = value.get("kind", ""), value.get("audience", "")
    return _("%(kind)s: %(value)s (%(audience)s)") % {
        "kind": Contact.Kind(kind).label if kind in Contact.Kind.values else kind,
        "value": value.get("value", ""),
        "audience": Audience(audience).label if audience in Audience.values else audience,
    }
