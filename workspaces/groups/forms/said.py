"""What a group says about itself: when it is proposed, and later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Alliance, Organisation
from memberships.organisations.policies import visible_to as visible_organisations
from memberships.people.policies import visible_to as visible_people
from memberships.people.selectors import Acting
from portal.accounts.models import User
from portal.ui.languages import CODES
from portal.ui.names import direction, language_name
from portal.ui.widgets import ActingFor, Checkboxes, RadioCards, Segmented, Switch
from workspaces.groups.forms.naming import organisations_field, people_field
from workspaces.groups.models import Workspace
from workspaces.groups.services.proposing import LONGEST_NAME, LONGEST_PURPOSE, OF_MEMBERS, TEXTS

if TYPE_CHECKING:
    from django.forms import BoundField

SECRETARIAT: Final = "secretariat"

VISIBILITY_HINTS: Final[Mapping[str, Promise]] = {
    Workspace.Visibility.OPEN: _("Everyone in the network reads. Organisations and their people join by themselves."),
    Workspace.Visibility.CLOSED: _(
        "Everyone in the network sees that it exists and what for. Only participants read; others ask to be let in."
    ),
    Workspace.Visibility.SECRET: _(
        "Only those invited, and the Secretariat, know that it exists; only participants read. "
        "Its address says nothing."
    ),
}
KIND_HINTS: Final[Mapping[str, Promise]] = {
    Workspace.Kind.WORKING_GROUP: _("Works on a subject, for as long as it takes."),
    Workspace.Kind.MONITORING_GROUP: _("Watches one country or one case, and ends with it."),
    Workspace.Kind.COMMITTEE: _("Is appointed, with a mandate."),
    Workspace.Kind.ALLIANCE: _("The room of a regional alliance. Its organisations are in it from the beginning."),
    Workspace.Kind.COMMONS: _("Where everyone in the network is, without joining. There is one."),
    Workspace.Kind.EVENT_ROOM: _("Belongs to a meeting, and ends after it."),
}
MEMBERS_HINTS: Final[Mapping[str, Promise]] = {
    Workspace.Members.ORGANISATIONS: _(
        "Organisations take part and name their people, whose place ends with their affiliation."
    ),
    Workspace.Members.PEOPLE: _("People take part for themselves, whatever they belong to."),
}
_LARGEST_VERSION: Final = 2**31 - 1


def day_field(**options: Any) -> forms.DateField:
    """A day in UTC."""
    widget = forms.DateInput(attrs={"type": "date", "class": "narrow-input"}, format="%Y-%m-%d")
    return forms.DateField(required=options.pop("required", False), widget=widget, **options)


class SaidForm(forms.Form):
    """What both forms share: languages, texts, dates."""

    languages = forms.MultipleChoiceField(
        label=_("Languages of the group"),
        widget=Checkboxes,
        help_text=_("In which it works. Anybody may write in any."),
    )
    first_language = forms.ChoiceField(
        label=_("First language"),
        widget=Segmented,
        help_text=_("Name and purpose are shown in it where a reader’s own language is missing."),
    )
    review_on = day_field(
        label=_("Review date"), help_text=_("On that day the group and the Secretariat look whether it goes on (UTC).")
    )
    ends_on = day_field(label=_("End date"), help_text=_("Where it is known when the work is done (UTC)."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, language_name(code)) for code in Workspace.LANGUAGES]
        for name in ("languages", "first_language"):
            self.fields[name].choices = named  # type: ignore[attr-defined]
        for code in Workspace.LANGUAGES:
            attrs = {"lang": code, "dir": direction(code)}
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name"), required=False, max_length=LONGEST_NAME, widget=forms.TextInput(attrs=attrs)
            )
            self.fields[f"purpose_{code}"] = forms.CharField(
                label=_("Purpose"),
                required=False,
                max_length=LONGEST_PURPOSE,
                widget=forms.Textarea(attrs={"rows": 5, **attrs}),
            )
            for name in ("name", "purpose"):  # needed in one language, so none of them is called optional
                self.fields[f"{name}_{code}"].one_of_several = True  # type: ignore[attr-defined]

    @property
    def spoken(self) -> list[str]:
        """The languages, the first one first; after `is_valid()`."""
        first = self.cleaned_data["first_language"]
        return list(dict.fromkeys([first, *self.cleaned_data["languages"]]))

    @property
    def texts(self) -> dict[str, str]:
        """Names and purposes by field; after `is_valid()`."""
        return {field: self.cleaned_data.get(field, "") for field in TEXTS}

    def text_fields(self) -> Iterator[tuple[str, Sequence[BoundField], bool, bool]]:
        """For the page: language, its two fields, whether both say something, whether its section is open.

        The first language's is; so is any in which something is said, or is wrong.
        """
        for code in Workspace.LANGUAGES:
            fields = [self[f"name_{code}"], self[f"purpose_{code}"]]
            said = [bool(field.value()) for field in fields]
            is_open = any(said) or any(field.errors for field in fields) or code == (self["first_language"].value())
            yield code, fields, all(said), is_open


class GroupForm(SaidForm):
    """What a group says about itself, changed by those who keep it. `version`: what the page was made from."""

    version = forms.IntegerField(min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        self.workspace = workspace
        kwargs["initial"] = {
            "version": workspace.version,
            "languages": workspace.languages,
            "first_language": workspace.languages[0],
            "review_on": workspace.review_on,
            "ends_on": workspace.ends_on,
            **{field: getattr(workspace, field) for field in TEXTS},
        }
        super().__init__(*args, **kwargs)

    def caught_up(self, workspace: Workspace) -> GroupForm:
        """The same form with what was typed, to be saved over what `workspace` says now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("version")] = str(workspace.version)
        form = GroupForm(data, workspace=workspace, auto_id=self.auto_id)
        form.is_valid()
        return form

    def differences(self) -> list[tuple[Any, str, str, str]]:
        """What the group says now and what was typed, where they differ: label, language, theirs, yours."""
        found = []
        for field in TEXTS:
            now, typed = getattr(self.workspace, field), self.texts[field]
            if now != typed.strip():
                label = self.fields[field].label
                found.append((label, field.rpartition("_")[2], now, typed))
        return found


class VisibilityForm(forms.Form):
    """Who may come in."""

    visibility = forms.ChoiceField(
        label=_("Who may come in"), choices=Workspace.Visibility, widget=RadioCards(hints=VISIBILITY_HINTS)
    )


class ProposalForm(SaidForm):
    """A group to be. `own` are the organisations that `actor` may propose for; `secretariat` sets up any kind."""

    acting_for = forms.ChoiceField(
        label=_("Acting for"),
        widget=ActingFor,
        error_messages={
            "required": _("Choose for whom you act."),
            "invalid_choice": _("You do not act for this organisation now. Choose another one."),
        },
    )
    kind = forms.ChoiceField(label=_("Kind"), widget=RadioCards(hints=KIND_HINTS), initial=Workspace.Kind.WORKING_GROUP)
    visibility = forms.ChoiceField(
        label=_("Who may come in"), choices=Workspace.Visibility, widget=RadioCards(hints=VISIBILITY_HINTS)
    )
    members = forms.ChoiceField(
        label=_("Who takes part"),
        choices=Workspace.Members,
        widget=RadioCards(hints=MEMBERS_HINTS),
        initial=Workspace.Members.ORGANISATIONS,
    )
    alliance = forms.ModelChoiceField(
        label=_("Alliance"),
        queryset=Alliance.objects.none(),
        to_field_name="slug",
        required=False,
        help_text=_("For the room of an alliance."),
    )
    organisations = organisations_field(
        label=_("First organisations"),
        help_text=_("To be invited once it starts: names or acronyms, one on each line."),
    )
    people = people_field(
        label=_("First people"), help_text=_("To be invited for themselves once it starts: names, one on each line.")
    )

    def __init__(self, *args: Any, actor: User, own: Sequence[Acting], secretariat: bool, **kwargs: Any) -> None:
        first = kwargs.pop("language", "en")
        first = first if first in CODES and first in Workspace.LANGUAGES else "en"
        kwargs["initial"] = {
            "visibility": Workspace.Visibility.CLOSED,
            "first_language": first,
            "languages": [first],
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self._own = {str(acting.organisation.pk): acting.organisation for acting in own}
        choices: list[tuple[str, Any]] = [(pk, one.display_name) for pk, one in self._own.items()]
        choices += [(SECRETARIAT, _("The Secretariat"))] if secretariat else []
        if len(choices) == 1:
            self.fields["acting_for"].initial = choices[0][0]
        else:
            choices.insert(0, ("", _("Choose for whom you act")))
        self.fields["acting_for"].choices = choices  # type: ignore[attr-defined]
        kinds = [kind for kind in Workspace.Kind if secretariat or kind in OF_MEMBERS]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if secretariat:
            self.fields["alliance"].queryset = Alliance.objects.all()  # type: ignore[attr-defined]
        else:
            del self.fields["alliance"]
        self.fields["organisations"].known = visible_organisations(actor)  # type: ignore[attr-defined]
        self.fields["people"].known = visible_people(actor)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_room = cleaned.get("kind") == Workspace.Kind.ALLIANCE
        if is_room and "alliance" in self.fields and not cleaned.get("alliance") and "alliance" not in self.errors:
            self.add_error("alliance", ValidationError(_("Choose the alliance whose room this is.")))
        return cleaned

    @property
    def organisation(self) -> Organisation | None:
        """The organisation that proposes it, None for the Secretariat; after `is_valid()`."""
        return self._own.get(self.cleaned_data["acting_for"])

    @property
    def room_of(self) -> Alliance | None:
        """The alliance whose room it is; after `is_valid()`."""
        is_room = self.cleaned_data["kind"] == Workspace.Kind.ALLIANCE
        return self.cleaned_data.get("alliance") if is_room else None


class RulesForm(forms.Form):
    """What the Secretariat has set for all groups."""

    activate_at_once = forms.BooleanField(
        label=_("Proposed groups start at once"),
        required=False,
        widget=Switch,
        help_text=_("Otherwise each waits until the Secretariat has started it."),
    )
