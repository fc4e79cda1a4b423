"""Forms of an organisation's profile and membership. What a field may hold is said in `services.fields` alone."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import (
    Alliance,
    Audience,
    Contact,
    Organisation,
    ProfileChange,
    Region,
    Standing,
    Subject,
)
from memberships.organisations.selectors import OrganisationShown
from memberships.organisations.selectors.changes import LABELS
from memberships.organisations.services import StaleVersion
from memberships.organisations.services.contacts import MOST_CONTACTS, ContactValues, contact_clean
from memberships.organisations.services.fields import (
    LONGEST_ACRONYM,
    LONGEST_ADDRESS,
    LONGEST_CITY,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    clean,
    stored,
)  # fmt: skip
from memberships.organisations.services.standing import LONGEST_REASON, MOVES
from memberships.people.forms import OFFERED_LANGUAGES, code_of_language
from portal.search.folding import clean_name, sort_key
from portal.ui.countries import CODES as COUNTRIES
from portal.ui.languages import CODES as LANGUAGES
from portal.ui.names import country_name, direction, language_name
from portal.ui.widgets import Checkboxes, ImageInput, RadioCards, Switch

SPARE_ROWS: Final = 1
"""So many empty lines are offered for further contacts; there is a button for more."""

_LARGEST_VERSION: Final = 2**31 - 1


_label_key = lru_cache(maxsize=4096)(sort_key)  # of the same few hundred labels in every form


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: _label_key(pair[1]))


def _version_field() -> forms.IntegerField:
    late = _("This page has been open for too long. Open it again; copy what you typed first.")
    return forms.IntegerField(
        min_value=0,
        max_value=_LARGEST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), late),
    )


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
        self.fields["version"] = _version_field()
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
            "native_language": [("", "–"), *_sorted((code, language_name(code)) for code in LANGUAGES)],
            "country": [("", "–"), *_sorted((code, country_name(code)) for code in COUNTRIES)],
            "languages": _sorted((code, language_name(code)) for code in OFFERED_LANGUAGES),
            "subjects": _sorted((subject.slug, subject.name) for subject in Subject.objects.all()),
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
        self.fields["version"] = _version_field()


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
            "native_language": [("", "–"), *_sorted((code, language_name(code)) for code in LANGUAGES)],
            "country": [("", "–"), *_sorted((code, country_name(code)) for code in COUNTRIES)],
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
