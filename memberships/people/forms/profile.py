"""The form of a person's own profile."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from functools import cache
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from memberships.people.forms.names import NameField
from memberships.people.models import Profile
from portal.search.folding import clean_name, fold, sort_key
from portal.ui.languages import CODES
from portal.ui.names import language_name
from portal.ui.widgets import Checkboxes, RadioCards

OFFERED_LANGUAGES: Final = (
    "en", "fr", "es", "ar", "bn", "de", "fa", "ha", "hi", "id", "ku", "my", "pt", "ru", "sw", "tr", "uk", "ur", "zh",
)  # fmt: skip
"""Languages to tick; others are typed."""

_MULTILINE_FORBIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MULTILINE_ALLOWED: Final = frozenset("\n\r\t\u200c\u200d")
_PHONE_CHARACTERS: Final = frozenset("0123456789 +-()./#*,;extEXT")


class ProfileForm(forms.Form):
    """What a person tells the network about themselves."""

    name = NameField(label=_("Name"), max_length=150)
    languages = forms.MultipleChoiceField(label=_("Languages"), required=False, widget=Checkboxes)
    more_languages = forms.CharField(
        label=_("Other languages"),
        required=False,
        max_length=300,
        help_text=_("Names or codes, separated by commas."),
    )
    about = forms.CharField(
        label=_("About me"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("Your work in a few sentences."),
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    email_audience = forms.ChoiceField(
        label=_("Who may see my e-mail address"), choices=Profile.Audience, widget=RadioCards
    )
    phone_audience = forms.ChoiceField(
        label=_("Who may see my telephone number"), choices=Profile.Audience, widget=RadioCards
    )

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        typed = [code for code in profile.languages if code not in OFFERED_LANGUAGES]
        kwargs["initial"] = {
            "name": profile.person.name,
            "languages": profile.languages,
            "more_languages": ", ".join(map(language_name, typed)),
            "about": profile.about,
            "phone": profile.phone,
            "email_audience": profile.email_audience,
            "phone_audience": profile.phone_audience,
        }
        super().__init__(*args, **kwargs)
        named = [(code, language_name(code)) for code in OFFERED_LANGUAGES]
        self.fields["languages"].choices = sorted(named, key=lambda pair: sort_key(pair[1]))  # type: ignore[attr-defined]

    def clean_about(self) -> str:
        """The text without invisible characters. Raises ValidationError."""
        about: str = self.cleaned_data["about"]
        if any(unicodedata.category(char) in _MULTILINE_FORBIDDEN and char not in _MULTILINE_ALLOWED for char in about):
            raise ValidationError(_("Remove the invisible characters from the text."), code="invisible")
        return unicodedata.normalize("NFC", about.replace("\r\n", "\n"))

    def clean_phone(self) -> str:
        """The number as it was written, digits of any script as 0 to 9. Raises ValidationError."""
        typed: str = self.cleaned_data["phone"]
        phone = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in typed)
        if phone and (not _PHONE_CHARACTERS.issuperset(phone) or sum(map(str.isdigit, phone)) < 3):
            raise ValidationError(_("Write the number with digits and spaces, for example +33 1 23 45 67 89."))
        return phone

    def clean_more_languages(self) -> list[str]:
        """The codes of the languages typed. Raises ValidationError naming the first that is unknown."""
        typed: str = self.cleaned_data["more_languages"]
        codes = []
        for word in filter(None, (clean_name(part) for part in typed.replace("،", ",").replace(";", ",").split(","))):
            code = code_of_language(word)
            if code is None:
                raise ValidationError(_now("No language is known by the name “%(name)s”.") % {"name": word[:60]})
            codes.append(code)
        return codes

    @property
    def all_languages(self) -> list[str]:
        """Ticked and typed codes, each once."""
        return list(dict.fromkeys([*self.cleaned_data["languages"], *self.cleaned_data["more_languages"]]))


def code_of_language(name: str) -> str | None:
    """The code of a language named in one of the portal's languages, in its own, or by the code itself."""
    folded = fold(name)
    return folded if folded in CODES else _codes_by_name().get(folded)


@cache
def _codes_by_name() -> dict[str, str]:
    own = {}
    for code in sorted(map(str, CODES)):
        with suppress(UnknownLocaleError):  # Babel knows some languages only from outside
            own[fold(str(Locale.parse(code).languages.get(code, "")))] = code
    named = (Locale(speaker).languages.items() for speaker, _label in settings.LANGUAGES)
    known = own | {fold(str(label)): str(code) for pairs in named for code, label in pairs if code in CODES}
    for speaker, _label in settings.LANGUAGES:
        with override(speaker):  # what the portal itself writes must be read back as what it was
            known |= {fold(language_name(code)): code for code in CODES}
    return known
