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
from workspaces.groups.selectors.participation import current_participations
from workspaces.groups.services.effects import announce, lock
from workspaces.groups.services.proposing import TEXTS, address_for, check_dates, check_texts, spoken_languages

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
    visibility: str,
    review_on: date | None,
    ends_on: date | None,
) -> Workspace:
    """Change what the group says about itself. `version` is that of the page on which it was changed.

    A group that becomes secret gets an address that says nothing, and its old one ends; one that no longer is gets
    one that can be read. Raises Refused, Overtaken, ValidationError by field, ValueError for unknown languages.
    """
    workspace = lock(workspace, actor)
    if not policies.can_edit(actor, workspace):
        raise Refused(_("Only facilitators can change what a group says about itself."))
    if version != workspace.version:
        raise Overtaken
    spoken = spoken_languages(languages)
    check_texts(texts, spoken)
    before = {field: getattr(workspace, field) for field in ("visibility", "languages", *KEPT_DATES, *TEXTS)}
    if (review_on, ends_on) != (workspace.review_on, workspace.ends_on):
        check_dates(review_on, ends_on)
    _set_visibility(workspace, Workspace.Visibility(visibility), texts, spoken)
    workspace.languages, workspace.review_on, workspace.ends_on = spoken, review_on, ends_on
    for field in TEXTS:
        setattr(workspace, field, texts.get(field, "").strip())
    changed = sorted(field for field, value in before.items() if getattr(workspace, field) != value)
    if not changed:
        return workspace
    workspace.version += 1
    workspace.save()
    record(actor, verb="group.updated", target=workspace, details={"fields": changed})
    # Whoever could read an open group without a place in it can no longer: all who listen are asked again.
    announce(workspace, people=_people_in(workspace) if "visibility" in changed else [])
    return workspace


def _set_visibility(
    workspace: Workspace, visibility: Workspace.Visibility, texts: Mapping[str, str], languages: Iterable[str]
) -> None:
    was_secret = workspace.is_secret
    workspace.visibility = visibility
    if was_secret != workspace.is_secret:
        workspace.slug = address_for(texts, languages, visibility=visibility, key=workspace.key)


def _people_in(workspace: Workspace) -> list[User]:
    there = current_participations().filter(workspace_id=workspace.pk)
    return list(User.objects.filter(pk__in=there.values("person_id")).order_by("pk"))


@transaction.atomic
def rules_set(actor: User, *, activate_at_once: bool) -> Rules:
    """Set whether proposed groups start by themselves. Raises Refused."""
    if not is_secretariat(actor):
        raise Refused(_("Only the Secretariat sets the rules of groups."))
    rules, _created = Rules.objects.update_or_create(only_one=True, defaults={"activate_at_once": activate_at_once})
    record(actor, verb="group.rules_set", details={"activate_at_once": activate_at_once})
    return rules
