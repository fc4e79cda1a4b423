"""Forms about people, and the field by which every dialog asks for whom a person acts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from babel import Locale, UnknownLocaleError
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from memberships.people.models import Affiliation, Profile, Role
from memberships.people.policies import GIVEN_ROLES
from memberships.people.selectors import Acting, acting_for, organisations_of
from memberships.people.selectors.acting import MYSELF
from memberships.people.selectors.team import TeamMember
from portal.accounts.models import User
from portal.accounts.validators import validate_name
from portal.search.folding import clean_name, fold, sort_key
from portal.ui.formats import day
from portal.ui.languages import CODES
from portal.ui.names import language_name
from portal.ui.widgets import ActingFor, Checkboxes, RadioCards, Segmented

if TYPE_CHECKING:
    from collections.abc import Collection

ROLE_CHOICES: Final = {
    Role.ADMINISTRATOR: _("Administrator: keeps the profile and the team"),
    Role.DELEGATE: _("Delegate: votes for the organisation"),
    Role.ALTERNATE: _("Alternate: votes when the delegate cannot"),
    Role.SIGNATORY: _("Signatory: signs statements for the organisation"),
}
"""The roles that are given, each with what it is for."""

OFFERED_LANGUAGES: Final = (
    "en", "fr", "es", "ar", "bn", "de", "fa", "ha", "hi", "id", "ku", "my", "pt", "ru", "sw", "tr", "uk", "ur", "zh",
)  # fmt: skip
"""Languages to tick; others are typed."""

_MULTILINE_FORBIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MULTILINE_ALLOWED: Final = frozenset("\n\r\t\u200c\u200d")
_PHONE_CHARACTERS: Final = frozenset("0123456789 +-()./#*,;extEXT")


class NameField(forms.CharField):
    """One line that names a person or a title: no invisible characters, single spaces."""

    def clean(self, value: Any) -> str:
        """The name in one line, composed. Raises ValidationError."""
        text = super().clean(value)
        if text:
            validate_name(" ".join(text.split()) or text)
        return clean_name(text)


class ActingForField(forms.TypedChoiceField):
    """For whom a person acts in a post, vote, signature or booking: one of their current affiliations.

    Who belongs to several organisations is asked each time and nothing is chosen in advance; who belongs to one
    finds it chosen. The cleaned value is an `Acting`, or None for "Myself" where `myself` offers that.
    """

    def __init__(self, *, person: User, myself: bool = False, **options: Any) -> None:
        self.person = person
        organisations = [acting.organisation for acting in organisations_of(person)]
        choices: list[tuple[str, Any]] = [(str(organisation.pk), organisation.name) for organisation in organisations]
        if myself:
            choices.append((MYSELF, _("Myself")))
        only = choices[0][0] if len(choices) == 1 else ""
        if not only:
            choices.insert(0, ("", _("Choose for whom you act")))
        super().__init__(
            choices=choices,
            coerce=self._acting,
            empty_value=None,
            initial=only,
            label=options.pop("label", _("Acting for")),
            widget=options.pop("widget", ActingFor),
            error_messages={
                "required": _("Choose for whom you act."),
                "invalid_choice": _("You do not act for this organisation now. Choose another one."),
            },
            **options,
        )

    def _acting(self, value: str) -> Acting | None:
        return None if value == MYSELF else acting_for(self.person, int(value))


class ActingForForm(forms.Form):
    """A base for dialogs that ask for whom `actor` acts: `cleaned_data["acting_for"]`."""

    myself = False

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acting_for"] = ActingForField(person=actor, myself=self.myself)


class InviteForm(forms.Form):
    """A colleague to invite; `roles` are those that the reader may give."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = NameField(label=_("Name"), max_length=150)
    title = NameField(
        label=_("Title"), max_length=120, required=False, help_text=_("What they do, for example “Legal officer”.")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        widget=Checkboxes,
        help_text=_("Without any, they are staff: they read and take part, and nothing more."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES, widget=Segmented)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = frozenset(roles)
        self.fields["roles"].choices = [(role.value, ROLE_CHOICES[role]) for role in GIVEN_ROLES if role in offered]  # type: ignore[attr-defined]


class AffiliationForm(forms.Form):
    """Title and roles of one colleague.

    `shown` repeats the roles ticked when the page was made, so that only what the reader changed is changed, and not
    what a second administrator did meanwhile.
    """

    title = NameField(label=_("Title"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=Checkboxes)
    shown = forms.MultipleChoiceField(
        required=False, widget=forms.MultipleHiddenInput, choices=[(role.value, role.label) for role in GIVEN_ROLES]
    )

    def __init__(self, *args: Any, member: TeamMember, roles: Collection[Role], **kwargs: Any) -> None:
        held = sorted(member.roles)
        kwargs["initial"] = {"title": member.affiliation.title, "roles": held, "shown": held}
        super().__init__(*args, **kwargs)
        since = {term.role: term.since for term in member.terms}
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (role.value, self._label(role, day(since[role], "plain") if role in since else ""))
            for role in GIVEN_ROLES
            if role in roles
        ]

    def _label(self, role: Role, since: str) -> Any:
        return f"{ROLE_CHOICES[role]} ({_now('since %(date)s') % {'date': since}})" if since else ROLE_CHOICES[role]

    @property
    def given(self) -> set[str]:
        """Roles that the reader ticked."""
        return set(self.cleaned_data["roles"]) - set(self.cleaned_data["shown"])

    @property
    def ended(self) -> set[str]:
        """Roles that the reader unticked."""
        return set(self.cleaned_data["shown"]) - set(self.cleaned_data["roles"])


class ColleagueForm(forms.Form):
    """One of the organisation's people, to hand over to or to appoint."""

    person = forms.TypedChoiceField(
        label=_("Colleague"),
        coerce=int,
        widget=RadioCards,
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("Choose a colleague who belongs to the organisation now."),
        },
    )

    def __init__(self, *args: Any, colleagues: Sequence[Affiliation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {row.person_id: row.person for row in colleagues}
        field = self.fields["person"]
        field.choices = [(row.person_id, row.person.name) for row in colleagues]  # type: ignore[attr-defined]
        field.widget.hints = {str(row.person_id): row.title for row in colleagues}

    @property
    def chosen(self) -> User:
        """The person chosen."""
        return self.people[self.cleaned_data["person"]]


class AdministratorInviteForm(forms.Form):
    """Whom the Secretariat invites to keep an organisation."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = NameField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES, widget=Segmented)


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
    return own | {fold(str(label)): str(code) for pairs in named for code, label in pairs if code in CODES}
