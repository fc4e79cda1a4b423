"""Forms of an organisation's team and of its recovery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from memberships.people.forms.names import NameField
from memberships.people.models import Affiliation, Role
from memberships.people.policies import GIVEN_ROLES
from memberships.people.selectors.team import TeamMember
from portal.accounts.models import User
from portal.ui.formats import day
from portal.ui.widgets import Checkboxes, RadioCards, Segmented

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

ROLE_HINTS: Final = {
    Role.ADMINISTRATOR: _("Keeps the profile and the team."),
    Role.DELEGATE: _("Votes for the organisation."),
    Role.ALTERNATE: _("Votes when the delegate cannot."),
    Role.SIGNATORY: _("Signs statements for the organisation."),
}
"""The roles that are given, each with what it is for."""


class RoleCards(Checkboxes):
    """Roles to tick as cards, each with what it is for and, where it is held, since when (`since`, by role)."""

    template_name = "portal/ui/forms/radio_cards.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since: Mapping[str, datetime] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        hint = str(ROLE_HINTS[Role(value)])
        if since := self.since.get(str(value)):
            hint = f"{hint} {_now('Since %(date)s.') % {'date': day(since, 'plain')}}"
        option["hint"] = hint
        return option


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
        widget=RoleCards,
        help_text=_("Without any, they are staff: they read and take part, and nothing more."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES, widget=Segmented)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = frozenset(roles)
        self.fields["roles"].choices = [(role.value, role.label) for role in GIVEN_ROLES if role in offered]  # type: ignore[attr-defined]


class AffiliationForm(forms.Form):
    """Title and roles of one colleague.

    `shown` repeats the roles ticked when the page was made, so that only what the reader changed is changed, and not
    what a second administrator did meanwhile.
    """

    title = NameField(label=_("Title"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=RoleCards)
    shown = forms.MultipleChoiceField(
        required=False, widget=forms.MultipleHiddenInput, choices=[(role.value, role.label) for role in GIVEN_ROLES]
    )

    def __init__(self, *args: Any, member: TeamMember, roles: Collection[Role], **kwargs: Any) -> None:
        held = sorted(member.roles)
        kwargs["initial"] = {"title": member.affiliation.title, "roles": held, "shown": held}
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        field.choices = [(role.value, role.label) for role in GIVEN_ROLES if role in roles]  # type: ignore[attr-defined]
        field.widget.since = {term.role: term.since for term in member.terms}

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
