"""Forms of an organisation's contacts."""

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from memberships.organisations.forms.fields import version_field
from memberships.organisations.models import Audience, Contact, Organisation, ProfileChange
from memberships.organisations.services import StaleVersion
from memberships.organisations.services.contacts import MOST_CONTACTS, ContactValues, contact_clean

SPARE_ROWS: Final = 1
"""So many empty lines are offered for further contacts; there is a button for more."""


class ContactForm(forms.Form):
    """One contact; a line without address is no contact."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contact.Kind, initial=Contact.Kind.EMAIL)
    value = forms.CharField(
        label=_("Address or number"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    audience = forms.ChoiceField(label=_("Who may read it"), choices=Audience, initial=Audience.SECRETARIAT)

    contact: ContactValues | None = None

    def clean(self) -> dict[str, Any]:
        """Check the address by the rules of its kind."""
        cleaned = super().clean() or self.cleaned_data
        if {"kind", "value", "audience"} <= set(cleaned) and cleaned["value"].strip():
            try:
                self.contact = contact_clean(cleaned["kind"], cleaned["value"], cleaned["audience"])
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class _ContactFormSet(forms.BaseFormSet):
    """All contacts of an organisation, with empty lines for more."""

    meanwhile: tuple[ProfileChange, ...] = ()
    version: int

    @property
    def contacts(self) -> list[ContactValues]:
        """The contacts typed; call it on a valid set."""
        return [form.contact for form in self.forms if form.contact is not None]

    def catch_up(self, stale: StaleVersion) -> None:
        """Go on from what was saved meanwhile; what was typed stays as it is."""
        self.meanwhile = stale.changes
        self.version = stale.version


ContactFormSet = forms.formset_factory(
    ContactForm,
    formset=_ContactFormSet,
    extra=SPARE_ROWS,
    max_num=MOST_CONTACTS,
    absolute_max=MOST_CONTACTS + SPARE_ROWS,
    validate_max=True,
)


class VersionForm(forms.Form):
    """Only the version, for a set of forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = version_field()


def contact_forms(
    organisation: Organisation, data: QueryDict | None = None, *, one_more: bool = False
) -> _ContactFormSet:
    """The contacts' forms, filled from `data` where something was typed; `one_more` with a further empty line."""
    if data is None:
        rows = organisation.contacts.order_by("pk").values("kind", "value", "audience")
        formset = cast(_ContactFormSet, ContactFormSet(initial=list(rows), prefix="contact"))
    else:
        formset = cast(_ContactFormSet, ContactFormSet(_with_rows(data, 1 if one_more else 0), prefix="contact"))
    formset.version = organisation.version
    return formset


def _with_rows(data: QueryDict, more: int) -> QueryDict:
    typed = data.copy()
    try:
        total = int(typed.get("contact-TOTAL_FORMS", ""))
    except ValueError:
        return typed  # the set says itself that something is missing
    # No line at all was never shown to anybody; taken at its word it would remove every contact.
    typed["contact-TOTAL_FORMS"] = str(min(total + more, MOST_CONTACTS + SPARE_ROWS)) if total > 0 else ""
    return typed
