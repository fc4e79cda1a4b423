"""Forms of an organisation: its profile, its contacts, its membership."""

from memberships.organisations.forms.contacts import ContactForm, ContactFormSet, VersionForm, contact_forms
from memberships.organisations.forms.membership import AllianceForm, OrganisationForm, StandingForm
from memberships.organisations.forms.profile import AboutForm, FactsForm, LogoForm, ProfileForm, VisibilityForm

__all__ = [
    "AboutForm",
    "AllianceForm",
    "ContactForm",
    "ContactFormSet",
    "FactsForm",
    "LogoForm",
    "OrganisationForm",
    "ProfileForm",
    "StandingForm",
    "VersionForm",
    "VisibilityForm",
    "contact_forms",
]
