"""People as rows and cards."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from memberships.directory.exports.vcards import Property, card, text, uri
from memberships.directory.selectors import Directory, PersonRow, person_rows
from portal.ui.names import language_name
from portal.ui.tables import Row

_SEPARATOR = "; "


class PeopleExport:
    """The people `ids`, in their order, as `directory`'s reader may carry them away; two queries."""

    def __init__(self, directory: Directory, ids: Sequence[int]) -> None:
        # Once more from the database: what stands in memory may be a moment old.
        self.rows = [
            row
            for row in person_rows(directory, ids)
            if not any(belonging.organisation.at_risk for belonging in row.belongings)
        ]

    @property
    def title(self) -> str:
        """What the list is called."""
        return _("People")

    def header(self) -> Row:
        """The names of the columns."""
        return [
            _("Name"), _("Organisations"), _("Titles"), _("Roles"), _("Languages"), _("E-mail"), _("Telephone"),
            _("Profile"),
        ]  # fmt: skip

    def table(self) -> Iterator[Row]:
        """The rows, lists within a cell parted by semicolons."""
        for row in self.rows:
            yield [
                row.person.name,
                _SEPARATOR.join(str(belonging.organisation) for belonging in row.belongings),
                _SEPARATOR.join(belonging.title for belonging in row.belongings if belonging.title),
                _SEPARATOR.join(dict.fromkeys(role for belonging in row.belongings for role in belonging.roles)),
                _SEPARATOR.join(map(language_name, row.languages)),
                row.email,
                row.phone,
                _address(row),
            ]

    def cards(self) -> str:
        """The list as vCards."""
        return "".join(card(_properties(row)) for row in self.rows)


def _properties(row: PersonRow) -> Iterator[Property]:
    yield from text("KIND", "individual")
    yield from uri("UID", _address(row))
    yield from uri("SOURCE", _address(row))
    yield from text("FN", row.person.name)
    for number, belonging in enumerate(row.belongings, start=1):
        group = {"PREF": str(number)}
        yield from text("ORG", belonging.organisation.name, **group)
        yield from text("TITLE", belonging.title, **group)
    for preference, code in enumerate(row.languages, start=1):
        yield from text("LANG", code, PREF=str(preference))
    yield from text("EMAIL", row.email, TYPE="work")
    yield from text("TEL", row.phone, VALUE="text", TYPE="work,voice")


def _address(row: PersonRow) -> str:
    return f"{settings.PUBLIC_ADDRESS}{reverse('people:person', args=[row.person.pk])}"
