"""Organisations as rows and cards."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from memberships.directory.exports.vcards import Property, card, text, uri
from memberships.directory.facets.organisations import OrganisationFacets
from memberships.directory.selectors import Directory, OrganisationRow, organisation_rows
from memberships.organisations.models import Audience, Contact, Region
from memberships.organisations.policies import STANDINGS_SHOWN_TO_ALL, contacts_visible_to
from portal.ui.names import language_name
from portal.ui.tables import Row

Contacts = Mapping[int, Sequence[Contact]]
"""By organisation."""

_SEPARATOR = "; "


class OrganisationExport:
    """The organisations `ids`, in their order, as `directory`'s reader may carry them away; two queries."""

    def __init__(self, directory: Directory, ids: Sequence[int]) -> None:
        self._facets: OrganisationFacets = directory.organisations
        # Once more from the database: what stands in memory may be a moment old.
        rows = [row for row in organisation_rows(directory, ids) if not row.organisation.at_risk]
        self.rows = rows if directory.secretariat else [_for_the_network(row) for row in rows]
        self._contacts = _contacts(directory, [row.organisation.pk for row in self.rows])

    @property
    def title(self) -> str:
        """What the list is called."""
        return _("Organisations")

    def header(self) -> Row:
        """The names of the columns."""
        return [
            _("Name"), _("Name in its own language"), _("Acronym"), _("Standing"), _("Member since"), _("Region"),
            _("Country"), _("Country code"), _("City"), _("Working languages"), _("Works on"), _("Alliances"),
            _("Founded in"), _("Website"), *(str(kind.label) for kind in Contact.Kind), _("Profile"),
        ]  # fmt: skip

    def table(self) -> Iterator[Row]:
        """The rows, lists within a cell parted by semicolons."""
        for row in self.rows:
            one = row.organisation
            yield [
                one.name, one.native_name, one.acronym, row.standing_label,
                row.joined, str(Region(self._region(row)).label) if self._region(row) else "", row.country_name,
                row.country, row.city, _SEPARATOR.join(map(language_name, row.languages)),
                _SEPARATOR.join(row.subjects), _SEPARATOR.join(self._alliances(row)),
                one.__dict__["shown_founded"], one.__dict__["shown_website"],
                *(self._contact(row, kind) for kind in Contact.Kind), _address(row),
            ]  # fmt: skip

    def cards(self) -> str:
        """The list as vCards."""
        return "".join(card(self._properties(row)) for row in self.rows)

    def _properties(self, row: OrganisationRow) -> Iterator[Property]:
        one = row.organisation
        yield from text("KIND", "org")
        yield from uri("UID", _address(row))
        yield from uri("SOURCE", _address(row))
        yield from text("FN", one.name, ALTID="1", LANGUAGE="en")
        if one.native_name and one.native_name != one.name:
            language = {"LANGUAGE": one.native_language} if one.native_language else {}
            yield from text("FN", one.native_name, ALTID="1", **language)
        yield from text("ORG", one.name)
        yield from text("NICKNAME", one.acronym)
        if row.city or row.country:
            yield Property("ADR", ["", "", "", row.city, "", "", row.country_name])
        for preference, code in enumerate(row.languages, start=1):
            yield from text("LANG", code, PREF=str(preference))
        if row.subjects:
            yield Property("CATEGORIES", row.subjects, separator=",")
        yield from uri("URL", one.__dict__["shown_website"])
        for contact in self._contacts.get(one.pk, ()):
            yield from _contact_properties(contact)
        yield from text("REV", one.updated_at.strftime("%Y%m%dT%H%M%SZ"))

    def _region(self, row: OrganisationRow) -> str:
        shown: str = row.organisation.__dict__["shown_region"]
        return shown

    def _alliances(self, row: OrganisationRow) -> list[str]:
        known = self._facets.facts_of(row.organisation.pk).alliances
        return [self._facets.alliances[slug].name for slug in known if slug in self._facets.alliances]

    def _contact(self, row: OrganisationRow, kind: Contact.Kind) -> str:
        found = self._contacts.get(row.organisation.pk, ())
        return _SEPARATOR.join(contact.value for contact in found if contact.kind == kind)


def _for_the_network(row: OrganisationRow) -> OrganisationRow:
    """The row without what an organisation's own people see beyond others: a file is passed on to those others."""
    one = row.organisation
    return replace(
        row,
        country="" if one.country_hidden else row.country,
        city="" if one.country_hidden or one.city_hidden else row.city,
        standing=row.standing if row.standing in STANDINGS_SHOWN_TO_ALL else "",
    )


def _contacts(directory: Directory, ids: Sequence[int]) -> Contacts:
    visible = contacts_visible_to(directory.reader).filter(organisation_id__in=ids)
    if not directory.secretariat:
        # Also of their own organisation, as above.
        visible = visible.filter(audience=Audience.NETWORK)
    found: dict[int, list[Contact]] = defaultdict(list)
    for contact in visible.order_by("kind", "pk"):
        found[contact.organisation_id].append(contact)
    return found


def _contact_properties(contact: Contact) -> Iterator[Property]:
    value = contact.value
    if contact.kind == Contact.Kind.EMAIL:
        yield from text("EMAIL", value, TYPE="work")
    elif contact.kind == Contact.Kind.PHONE:
        yield from text("TEL", value, VALUE="text", TYPE="work,voice")
    elif contact.kind == Contact.Kind.ADDRESS:
        yield Property("ADR", ["", "", "", "", "", "", ""], {"LABEL": value, "TYPE": "work"})
    elif contact.kind == Contact.Kind.SIGNAL:
        yield from uri("IMPP", f"sgnl:{quote(value, safe='+@.')}")
    elif contact.kind == Contact.Kind.PGP:
        yield from uri("KEY", f"openpgp4fpr:{quote(value.replace(' ', ''), safe='')}")
    else:
        # RFC 9554: a page or a name at a service.
        form = {} if value.startswith(("https://", "http://")) else {"VALUE": "text"}
        name = {"SERVICE-TYPE": str(Contact.Kind(contact.kind).label)}
        yield from (text if form else uri)("SOCIALPROFILE", value, **name, **form)


def _address(row: OrganisationRow) -> str:
    return f"{settings.PUBLIC_ADDRESS}{row.organisation.get_absolute_url()}"
