"""Forms of a profile's sections. What a field may hold is said in `services.fields` alone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from memberships.organisations.forms.fields import sorted_choices, version_field
from memberships.organisations.models import Organisation, ProfileChange, Region, Subject
from memberships.organisations.selectors import OrganisationShown
from memberships.organisations.selectors.changes import LABELS
from memberships.organisations.services import StaleVersion
from memberships.organisations.services.fields import (
    LONGEST_ACRONYM,
    LONGEST_ADDRESS,
    LONGEST_CITY,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    clean,
    stored,
)  # fmt: skip
from memberships.people.forms import OFFERED_LANGUAGES, code_of_language
from portal.search.folding import clean_name
from portal.ui.countries import CODES as COUNTRIES
from portal.ui.languages import CODES as LANGUAGES
from portal.ui.names import country_name, direction, language_name
from portal.ui.widgets import Checkboxes, ImageInput, Switch


class ProfileForm(forms.Form):
    """Some of a profile's fields. The names of the form's fields are those of the profile.

    `version` is the one the reader had before them. After `catch_up` the form shows what was saved meanwhile, with
    what the reader themselves changed kept as they typed it; `conflicts` are the fields that both changed.
    """

    profile_fields: ClassVar[tuple[str, ...]] = ()
    meanwhile: tuple[ProfileChange, ...] = ()
    conflicts: frozenset[str] = frozenset()

    def __init__(self, data: Any = None, files: Any = None, *, organisation: Organisation, keeps_list: bool) -> None:
        self.organisation = organisation
        self.keeps_list = keeps_list
        super().__init__(data)
        self.fields["version"] = version_field()
        self.initial = {"version": organisation.version, **self.shown_values(stored(organisation, self.profile_fields))}
        self.prepare()

    def prepare(self) -> None:
        """Fill in the choices, leave out what the reader may not change."""

    def shown_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """`values` of the profile as the form's fields show them."""
        return dict(values)

    def typed_values(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The profile's values in what was typed."""
        return {field: cleaned[field] for field in self.profile_fields if field in cleaned}

    def clean(self) -> dict[str, Any]:
        """Check each value by the profile's own rules; what is wrong stands beside its field."""
        cleaned = super().clean() or self.cleaned_data
        self.changes = self.typed_values(cleaned)
        try:
            self.changes = clean(self.changes)
        except ValidationError as error:
            for field, errors in error.error_dict.items():
                self.add_error(field if field in self.fields else None, errors)
        return cleaned

    def catch_up(self, stale: StaleVersion) -> "ProfileForm":
        """The form anew on top of what was saved meanwhile: what this reader did not touch follows the others."""
        before: dict[str, Any] = {}
        for change in stale.changes:
            before.setdefault(change.field, change.before)
        mine = {field: value for field, value in self.changes.items() if field not in before or value != before[field]}
        form = type(self)(organisation=stale.organisation, keeps_list=self.keeps_list)
        now = stored(stale.organisation, self.profile_fields)
        form.initial = {**form.initial, **form.shown_values(now | mine)}
        form.meanwhile = stale.changes
        form.conflicts = frozenset(mine) & frozenset(before)
        return form


class FactsForm(ProfileForm):
    """Names and facts."""

    profile_fields = (
        "name", "native_name", "native_language", "acronym", "region", "country", "city", "languages", "subjects",
        "founded_year", "joined_year", "website",
    )  # fmt: skip

    name = forms.CharField(
        label=_("Name in English"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give the organisation’s name in English.")},
        widget=forms.TextInput(attrs={"lang": "en", "autocomplete": "off"}),
    )
    native_name = forms.CharField(
        label=_("Name in its own language"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    native_language = forms.ChoiceField(label=_("Language of that name"), required=False)
    acronym = forms.CharField(label=_("Acronym"), max_length=LONGEST_ACRONYM, required=False)
    region = forms.ChoiceField(label=_("Region"), choices=Region)
    country = forms.ChoiceField(label=_("Country"), required=False)
    city = forms.CharField(
        label=_("City"), max_length=LONGEST_CITY, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    languages = forms.MultipleChoiceField(label=_("Working languages"), required=False, widget=Checkboxes)
    more_languages = forms.CharField(
        label=_("Other working languages"),
        required=False,
        max_length=300,
        help_text=_("Names or codes, separated by commas."),
    )
    subjects = forms.MultipleChoiceField(label=_("Works on"), required=False, widget=Checkboxes)
    founded_year = forms.CharField(
        label=_("Founded in"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    joined_year = forms.CharField(
        label=_("Member since"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    website = forms.CharField(
        label=_("Website"),
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr", "autocomplete": "off"}),
    )

    def prepare(self) -> None:
        """Names of countries, languages and subjects in the reader's language; region and year for the Secretariat."""
        choices = {
            "native_language": [("", "–"), *sorted_choices((code, language_name(code)) for code in LANGUAGES)],
            "country": [("", "–"), *sorted_choices((code, country_name(code)) for code in COUNTRIES)],
            "languages": sorted_choices((code, language_name(code)) for code in OFFERED_LANGUAGES),
            "subjects": sorted_choices((subject.slug, subject.name) for subject in Subject.objects.all()),
        }
        for name, pairs in choices.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]
        if not self.keeps_list:
            del self.fields["region"], self.fields["joined_year"]

    def shown_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Languages that are not offered are shown as typed."""
        codes = values.get("languages", [])
        ticked = [code for code in codes if code in OFFERED_LANGUAGES]
        typed = [language_name(code) for code in codes if code not in OFFERED_LANGUAGES]
        return {**values, "languages": ticked, "more_languages": ", ".join(typed)}

    def clean_more_languages(self) -> list[str]:
        """The codes of the languages typed. Raises ValidationError naming the first that is not known."""
        typed = self.cleaned_data["more_languages"].replace("،", ",").replace(";", ",")
        codes = []
        for word in filter(None, (clean_name(part) for part in typed.split(","))):
            code = code_of_language(word)
            if code is None:
                raise ValidationError(_now("No language is known by the name “%(name)s”.") % {"name": word[:60]})
            codes.append(code)
        return codes

    def typed_values(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Ticked and typed languages are one list, in the order they had, new ones last."""
        values = super().typed_values(cleaned)
        if "languages" in cleaned and "more_languages" in cleaned:
            chosen = dict.fromkeys([*cleaned["languages"], *cleaned["more_languages"]])
            kept = [code for code in self.organisation.languages if code in chosen]
            values["languages"] = list(dict.fromkeys([*kept, *chosen]))
        return values


class AboutForm(ProfileForm):
    """The description in each of the network's languages."""

    profile_fields = tuple(f"description_{code}" for code in Organisation.LANGUAGES)

    def prepare(self) -> None:
        """One text a language, each written in its own direction."""
        for code in Organisation.LANGUAGES:
            self.fields[f"description_{code}"] = forms.CharField(
                label=str(LABELS[f"description_{code}"]),
                required=False,
                max_length=LONGEST_DESCRIPTION,
                widget=forms.Textarea(attrs={"rows": 6, "lang": code, "dir": direction(code)}),
            )


class VisibilityForm(ProfileForm):
    """What others in the network do not see."""

    profile_fields = ("country_hidden", "city_hidden", "at_risk")

    city_hidden = forms.BooleanField(
        label=_("Hide the city"),
        required=False,
        widget=Switch,
        help_text=_("Others see the country, not the city."),
    )
    country_hidden = forms.BooleanField(
        label=_("Hide the country"),
        required=False,
        widget=Switch,
        help_text=_("Others see neither country nor city. The region stays."),
    )
    at_risk = forms.BooleanField(
        label=_("At risk: show the name only"),
        required=False,
        widget=Switch,
        help_text=_(
            "Others see the organisation’s name and nothing else: no facts, no contacts, no people. It is left out of "
            "the map, of exports and of counts. Your own people and the Secretariat still see everything."
        ),
    )


class LogoForm(forms.Form):
    """A new logo. Whether it is a picture is found out from what it holds, by the service."""

    logo = forms.FileField(
        label=_("Logo"),
        widget=ImageInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        allow_empty_file=True,
        help_text=_(
            "JPEG, PNG, WebP or GIF, up to 5 MB. It is rebuilt from its pixels: nothing else that the file carries, "
            "such as place, author or comments, is kept."
        ),
        error_messages={"required": _("Choose a picture.")},
    )

    def __init__(self, *args: Any, shown: OrganisationShown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["logo"].widget.preview_url = shown.logo_url or ""
