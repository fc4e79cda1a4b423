"""A person's own name and preferences, and the switch of languages that everybody has."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.validators import validate_name
from portal.ui.widgets import Segmented, Switch
from portal.ui.zones import zones_by_region


def language_choices() -> list[tuple[str, str]]:
    """The languages, each in its own name, for whoever cannot read the others."""
    names = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}
    return [(code, names.get(code, str(name))) for code, name in settings.LANGUAGES]


class PreferencesForm(forms.ModelForm):
    """Name, language, time zone, how pages look, and what others may see."""

    language = forms.ChoiceField(label=_("Language"), choices=language_choices, help_text=_("Of pages and of mails."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("All times are shown in it, always with the name of the zone.")
    )

    class Meta:
        model = User
        fields = (
            "name",
            "language",
            "time_zone",
            "appearance",
            "low_bandwidth",
            "western_digits",
            "presence_visible",
        )
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
            "appearance": Segmented(),
            "low_bandwidth": Switch(),
            "western_digits": Switch(),
            "presence_visible": Switch(),
        }
        labels = {
            "name": _("Name"),
            "appearance": _("Appearance"),
            "low_bandwidth": _("Low bandwidth"),
            "western_digits": _("Western digits in Arabic"),
            "presence_visible": _("Show when I am online"),
        }
        help_texts = {
            "name": _("As your colleagues know you."),
            "low_bandwidth": _("No maps and pictures, shorter lists, no live connection."),
            "western_digits": _("1 2 3 in place of ١ ٢ ٣ on Arabic pages."),
            "presence_visible": _("Others in the network see whether you are online now. Off unless you switch it on."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, zone = self.fields["name"], self.fields["time_zone"]
        name.validators.append(validate_name)
        zone.choices = zones_by_region()  # type: ignore[attr-defined]


class LanguageForm(forms.Form):
    """The switch on every page: which language, and where to go on."""

    language = forms.ChoiceField(choices=language_choices)
    next = forms.CharField(required=False, max_length=2000)

    def clean_next(self) -> str:
        """A path of this site; the home page for anything else."""
        return safe_path(self.cleaned_data["next"])


def safe_path(path: str) -> str:
    """`path` where it leads to a page of this site, "/" otherwise: nobody is sent to strangers."""
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if local else "/"
