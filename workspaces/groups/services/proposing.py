"""How a group begins: an organisation proposes it, or the Secretariat sets it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Alliance, Organisation
from memberships.organisations.services.fields import line, paragraphs
from portal.access.policies import is_secretariat, secretariat
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.groups import policies
from workspaces.groups.models import Approach, Rules, Workspace, new_key
from workspaces.groups.selectors.participation import today
from workspaces.groups.services.effects import announce, tell
from workspaces.groups.services.numbering import next_number
from workspaces.groups.services.state import start

TEXTS: Final = tuple(f"{field}_{code}" for field in ("name", "purpose") for code in Workspace.LANGUAGES)
OF_MEMBERS: Final = frozenset({Workspace.Kind.WORKING_GROUP, Workspace.Kind.MONITORING_GROUP})
"""The kinds that members propose. The others come with the network, and the Secretariat sets them up."""
LONGEST_NAME: Final = 120
LONGEST_PURPOSE: Final = 2000
OPEN_PROPOSALS: Final = 5
"""So many of one organisation may wait at a time."""


@transaction.atomic
def workspace_propose(
    actor: User,
    *,
    organisation: Organisation | None,
    texts: Mapping[str, str],
    languages: Iterable[str],
    kind: str = Workspace.Kind.WORKING_GROUP,
    visibility: str = Workspace.Visibility.CLOSED,
    members: str = Workspace.Members.ORGANISATIONS,
    review_on: date | None = None,
    ends_on: date | None = None,
    organisations: Iterable[Organisation] = (),
    people: Iterable[User] = (),
    alliance: Alliance | None = None,
) -> Workspace:
    """Propose a group for `organisation`, or set one up as the Secretariat (`organisation` None).

    `texts` are names and purposes by field ("name_fr"); `languages` the group's own, the first of which it is shown
    in where a reader's own is missing. `organisations` and `people` are to be invited once it runs. It runs at once
    where the Secretariat does it or has set it so; otherwise it waits for the Secretariat. Dates are UTC days.

    Raises Refused; ValidationError by field; ValueError for unknown kinds and languages.
    """
    kind, visibility = Workspace.Kind(kind), Workspace.Visibility(visibility)
    _check_right(actor, organisation, kind)
    spoken = spoken_languages(languages)
    said = cleaned_texts(texts, spoken)
    check_dates(review_on, ends_on)
    key = new_key()
    workspace = Workspace.objects.create(
        key=key,
        slug=address_for(said, spoken, visibility=visibility, key=key),
        kind=kind,
        visibility=visibility,
        members=Workspace.Members(members),
        alliance=alliance,
        languages=spoken,
        review_on=review_on,
        ends_on=ends_on,
        proposed_for=organisation,
        proposed_by=actor,
        **said,
    )
    workspace.state_changes.create(state=workspace.state, by=actor)
    _keep_first(actor, workspace, organisations, people)
    details = {"kind": kind.value, "visibility": visibility.value}
    record(actor, verb="group.proposed", target=workspace, acting_for=organisation, details=details)
    if organisation is None or at_once():
        return start(None if organisation else actor, workspace)
    tell(secretariat(), workspace, "group.proposed", payload={"organisation": organisation.name}, scoped=False)
    announce(workspace)
    return workspace


def at_once() -> bool:
    """Whether the Secretariat has set that groups start without it."""
    return Rules.objects.filter(activate_at_once=True).exists()


def _check_right(actor: User, organisation: Organisation | None, kind: Workspace.Kind) -> None:
    if organisation is None:
        if not is_secretariat(actor):
            raise Refused(_("Only the Secretariat sets up groups without an organisation that proposes them."))
        return
    if organisation.pk not in {acting.organisation.pk for acting in policies.can_propose(actor)}:
        raise Refused(_("Administrators and delegates of full members can propose groups."))
    if kind not in OF_MEMBERS:
        raise Refused(_("Groups of this kind are set up by the Secretariat."))
    waiting = Workspace.objects.filter(proposed_for=organisation, state=Workspace.State.PROPOSED)
    if waiting.count() >= OPEN_PROPOSALS:
        raise ValidationError(_("Too many proposals of your organisation wait already. Take one back first."))


def _keep_first(
    actor: User, workspace: Workspace, organisations: Iterable[Organisation], people: Iterable[User]
) -> None:
    """Note who is to be invited; they hear of it once the group runs."""
    whose: list[dict[str, Any]] = []
    if workspace.of_organisations:
        asked = sorted({one.pk: one for one in organisations}.items())
        whose = [{"organisation": one} for pk, one in asked if pk != workspace.proposed_for_id]
    chosen = sorted({one.pk: one for one in people}.items())
    whose += [{"person": one} for pk, one in chosen if pk != actor.pk]
    Approach.objects.bulk_create(
        Approach(
            workspace=workspace, number=next_number(workspace, "approach"), side=Approach.Side.INVITED, by=actor, **one
        )
        for one in whose
    )


def spoken_languages(languages: Iterable[str]) -> list[str]:
    """The group's languages in the order given, each once. Raises ValidationError, ValueError for unknown codes."""
    spoken = list(dict.fromkeys(languages))
    if unknown := set(spoken) - set(Workspace.LANGUAGES):
        raise ValueError(f"unknown languages: {sorted(unknown)}")
    if not spoken:
        raise ValidationError({"languages": _("Choose at least one language in which the group works.")})
    return spoken


def cleaned_texts(texts: Mapping[str, str], languages: Iterable[str]) -> dict[str, str]:
    """Names and purposes as they are kept, by field. Raises ValidationError by field.

    The group has both in one of its languages at least; a name has a letter or a digit.
    """
    said: dict[str, str] = {}
    wrong: dict[str, Any] = {}
    for field in TEXTS:
        is_name = field.startswith("name")
        try:
            clean = (line if is_name else paragraphs)(
                texts.get(field, ""), LONGEST_NAME if is_name else LONGEST_PURPOSE
            )
        except ValidationError as error:
            wrong[field] = error
            continue
        said[field] = clean
        if is_name and clean and not any(map(str.isalnum, clean)):
            wrong[field] = _("A name needs at least one letter.")
    spoken = list(languages)
    for field, sentence in (("name", _("Give the group a name.")), ("purpose", _("Say what the group is for."))):
        if not any(said.get(f"{field}_{code}") or f"{field}_{code}" in wrong for code in spoken):
            wrong[f"{field}_{spoken[0]}"] = sentence
    if wrong:
        raise ValidationError(wrong)
    return said


def check_dates(review_on: date | None, ends_on: date | None) -> None:
    """Raise ValidationError unless there is a day on which somebody looks whether the group goes on."""
    if review_on is None and ends_on is None:
        raise ValidationError({"review_on": _("Give a day on which the group is reviewed, or one on which it ends.")})
    for field, day in (("review_on", review_on), ("ends_on", ends_on)):
        if day is not None and day <= today():
            raise ValidationError({field: _("This day is past. Give a later one.")})


def address_for(texts: Mapping[str, str], languages: Iterable[str], *, visibility: str, key: str) -> str:
    """The name of the group's page in addresses, one that is free. A secret group's is its key and says nothing.

    Where another group has the name already, the key follows it: a running number would tell of groups that its
    reader may not know.
    """
    if visibility == Workspace.Visibility.SECRET:
        return key
    names = (texts.get(f"name_{code}", "") for code in (*languages, *Workspace.LANGUAGES))
    wanted = next((slug for slug in (slugify(name)[:60] for name in names) if slug), "")
    if not wanted or wanted in _TAKEN or Workspace.objects.filter(slug=wanted).exists():
        return f"{wanted}-{key[:6]}".strip("-") if wanted else key
    return wanted


_TAKEN: Final = frozenset({"new", "overview", "rules"})
"""Addresses below /groups/ that are pages of their own."""
