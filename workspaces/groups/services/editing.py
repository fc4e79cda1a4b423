"""What a group says about itself, who may come in, and what the Secretariat has set for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_secretariat
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.groups import policies
from workspaces.groups.models import Rules, Workspace
from workspaces.groups.services.effects import announce, lock, readers_of
from workspaces.groups.services.proposing import TEXTS, address_for, check_dates, cleaned_texts, spoken_languages

KEPT_DATES: Final = ("review_on", "ends_on")


class Overtaken(ValidationError):
    """Somebody else changed it since the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this meanwhile. Look at what it says now, then save again."))


@transaction.atomic
def workspace_update(
    actor: User,
    *,
    workspace: Workspace,
    version: int,
    texts: Mapping[str, str],
    languages: Iterable[str],
    review_on: date | None,
    ends_on: date | None,
) -> Workspace:
    """Change what the group says about itself. `version` is that of the page on which it was changed.

    Its address stays: links to it are out in the world. Raises Refused, Overtaken, ValidationError by field,
    ValueError for unknown languages.
    """
    workspace = _kept(actor, workspace)
    if version != workspace.version:
        raise Overtaken
    spoken = spoken_languages(languages)
    said = cleaned_texts(texts, spoken)
    before = {field: getattr(workspace, field) for field in ("languages", *KEPT_DATES, *TEXTS)}
    if (review_on, ends_on) != (workspace.review_on, workspace.ends_on):
        check_dates(review_on, ends_on)
    workspace.languages, workspace.review_on, workspace.ends_on = spoken, review_on, ends_on
    for field in TEXTS:
        setattr(workspace, field, said[field])
    changed = sorted(field for field, value in before.items() if getattr(workspace, field) != value)
    return _saved(actor, workspace, changed) if changed else workspace


@transaction.atomic
def visibility_set(actor: User, *, workspace: Workspace, visibility: str) -> Workspace:
    """Choose who may come in, and so who may read; what was said before is read by the same people.

    A group that becomes secret gets an address that says nothing, and its old one ends; one that no longer is gets
    one that can be read. Raises Refused, ValueError for an unknown visibility.
    """
    workspace = _kept(actor, workspace)
    chosen, was_secret = Workspace.Visibility(visibility), workspace.is_secret
    if chosen == workspace.visibility:
        return workspace
    reading = readers_of(workspace)  # before: those who may no longer are told by their open pages
    workspace.visibility = chosen
    if was_secret != workspace.is_secret:
        said = {field: getattr(workspace, field) for field in TEXTS}
        workspace.slug = address_for(said, workspace.languages, visibility=chosen, key=workspace.key)
    return _saved(actor, workspace, ["visibility"], people=reading)


def _kept(actor: User, workspace: Workspace) -> Workspace:
    """The group, locked, if `actor` may change what it says. Raises Refused."""
    locked = lock(workspace, actor)
    if not policies.can_edit(actor, locked):
        raise Refused(_("Only facilitators can change what a group says about itself."))
    return locked


def _saved(actor: User, workspace: Workspace, changed: list[str], *, people: Iterable[User] = ()) -> Workspace:
    workspace.version += 1
    workspace.save()
    record(actor, verb="group.updated", target=workspace, details={"fields": changed})
    announce(workspace, people=list(people))
    return workspace


@transaction.atomic
def rules_set(actor: User, *, activate_at_once: bool) -> Rules:
    """Set whether proposed groups start by themselves. Raises Refused."""
    if not is_secretariat(actor):
        raise Refused(_("Only the Secretariat sets the rules of groups."))
    rules, _created = Rules.objects.update_or_create(only_one=True, defaults={"activate_at_once": activate_at_once})
    record(actor, verb="group.rules_set", details={"activate_at_once": activate_at_once})
    return rules
