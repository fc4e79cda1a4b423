"""What the component sheet shows: invented organisations and people, and a form with two errors."""

from collections import namedtuple
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.ui.pagination import paginate
from portal.ui.widgets import ActingFor, Checkboxes, ImageInput, RadioCards, Segmented, Switch

Sample = namedtuple("Sample", "name tile_text tile_hue logo_url")
Someone = namedtuple("Someone", "name")


class QuestionForm(forms.Form):
    """The form of the sheet: two of its fields are wrong."""

    question = forms.CharField(label=_("Question"), help_text=_("One sentence that can be answered with yes or no."))
    closing = forms.DateTimeField(
        label=_("Closing time"),
        help_text=_("Date and time in UTC, for example 10 June 2027 18:00"),
        error_messages={"invalid": _("Give the closing time in UTC")},
    )
    french = forms.CharField(
        label=_("Question in French"),
        error_messages={"required": _("Write the question in at least one more language")},
    )
    readers = forms.ChoiceField(
        label=_("Who may see the result"),
        choices=[("all", _("All members")), ("observers", _("Members and observers"))],
        widget=RadioCards,
    )


class EveryFieldForm(forms.Form):
    """One field of each kind, without errors."""

    language = forms.ChoiceField(
        label=_("Language of this reply"),
        choices=[("en", "EN"), ("fr", "FR"), ("es", "ES"), ("ar", "عربي")],
        widget=Segmented,
        initial="en",
    )
    acting_for = forms.ChoiceField(
        label=_("Acting for"),
        choices=[("1", "Sample Press Union"), ("", _("Myself"))],
        widget=ActingFor,
        required=False,
    )
    audience = forms.ChoiceField(
        label=_("Who sees this contact"),
        choices=[("network", _("Everyone in the network")), ("secretariat", _("Secretariat only"))],
        widget=RadioCards(hints={"network": _("Members, candidates and partners."), "secretariat": _("Nobody else.")}),
        initial="network",
    )
    languages = forms.MultipleChoiceField(
        label=_("Working languages"),
        choices=[("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("ar", _("Arabic"))],
        widget=Checkboxes,
        initial=["en", "ar"],
        required=False,
    )
    logo = forms.FileField(
        label=_("Logo"), widget=ImageInput, required=False, help_text=_("PNG, JPEG or WebP, at most 2 MB.")
    )
    description = forms.CharField(
        label=_("About"), widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}), required=False, max_length=600
    )
    founded = forms.IntegerField(label=_("Founded"), required=False, help_text=_("Year"))
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    presence = forms.BooleanField(label=_("Show when I am online"), widget=Switch, required=False, initial=True)
    confirmed = forms.BooleanField(label=_("I have read the ground rules"), required=False)


SPU = Sample("Sample Press Union", "SPU", 2, "")
SHEET = {
    "spu": SPU,
    "srn": Sample("Sample Regional Network", "SRN", 1, ""),
    "tiles": [Sample("", text, hue, "") for hue, text in enumerate(("ANHRI", "BCHR", "MF", "SJ", "DR", "MARCH"), 1)],
    "people": [Someone("Ravi Menon"), Someone("Karim Saleh"), Someone("Lucía Ferrer"), Someone("Nadia Osei")],
    "when": datetime(2027, 6, 10, 18, 0, tzinfo=UTC),
}


def sheet_context(request: HttpRequest) -> dict[str, Any]:
    """Everything the sheet's template needs."""
    values = {
        "question": "Should the network adopt a common referral protocol?",
        "closing": "tomorrow",
        "readers": "all",
    }
    return SHEET | {
        "form": QuestionForm(values),
        "every_field": EveryFieldForm(),
        "page": paginate(request, range(1234), per_page=50),
    }
