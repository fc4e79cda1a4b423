"""Forms of the Secretariat: a new organisation, its standing, its alliances."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from memberships.organisations.forms.fields import sorted_choices
from memberships.organisations.models import Alliance, Region, Standing
from memberships.organisations.services.fields import LONGEST_ACRONYM, LONGEST_ADDRESS, LONGEST_NAME, clean
from memberships.organisations.services.standing import LONGEST_REASON, MOVES
from portal.ui.countries import CODES as COUNTRIES
from portal.ui.languages import CODES as LANGUAGES
from portal.ui.names import country_name, language_name
from portal.ui.widgets import RadioCards


class OrganisationForm(forms.Form):
    """A new organisation: what must be known of it to begin with."""

    name = forms.CharField(label=_("Name in English"), max_length=LONGEST_NAME)
    native_name = forms.CharField(
        label=_("Name in its own language"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    native_language = forms.ChoiceField(label=_("Language of that name"), required=False)
    acronym = forms.CharField(label=_("Acronym"), max_length=LONGEST_ACRONYM, required=False)
    region = forms.ChoiceField(label=_("Region"), choices=[("", "–"), *Region.choices])
    country = forms.ChoiceField(label=_("Country"), required=False)
    website = forms.CharField(label=_("Website"), required=False, max_length=LONGEST_ADDRESS)
    standing = forms.ChoiceField(label=_("Standing"), widget=RadioCards, initial=Standing.Kind.CANDIDATE)
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty where nobody recorded it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = MOVES[None]
        choices = {
            "native_language": [("", "–"), *sorted_choices((code, language_name(code)) for code in LANGUAGES)],
            "country": [("", "–"), *sorted_choices((code, country_name(code)) for code in COUNTRIES)],
            "standing": [(kind.value, kind.label) for kind in Standing.Kind if kind in first],
        }
        for name, pairs in choices.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check each value by the profile's own rules."""
        cleaned = super().clean() or self.cleaned_data
        self.values = {name: value for name, value in cleaned.items() if name not in ("standing", "since")}
        try:
            self.values = clean(self.values)
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned


class StandingForm(forms.Form):
    """The next term; only standings that may follow are offered."""

    kind = forms.ChoiceField(label=_("New standing"), widget=RadioCards)
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The first day on which it holds (UTC). The standing before it ends with the day before."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Who decided it and when. The organisation’s own people and the Secretariat can read it."),
    )

    def __init__(self, *args: Any, latest: Standing | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following = MOVES[Standing.Kind(latest.kind) if latest else None]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in Standing.Kind if kind in following]  # type: ignore[attr-defined]
        self.fields["since"].required = latest is not None


class AllianceForm(forms.Form):
    """An alliance to join."""

    alliance = forms.ModelChoiceField(label=_("Alliance"), queryset=Alliance.objects.none(), to_field_name="slug")
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty where nobody recorded it."),
    )

    def __init__(self, *args: Any, alliances: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "alliance_%s", **kwargs})
        self.fields["alliance"].queryset = alliances  # type: ignore[attr-defined]
