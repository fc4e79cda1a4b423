"""Making a group of the demonstration, by the services that make one in life, as if it had begun earlier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from memberships.organisations.models import Alliance, Organisation
from portal.accounts.models import User
from portal.demonstration.network import secretary
from portal.search.services import reindex
from workspaces.groups.models import OrganisationParticipation, Participation, StateChange, Workspace
from workspaces.groups.selectors.participation import today
from workspaces.groups.services import workspace_activate, workspace_propose


@dataclass(frozen=True, kw_only=True)
class Words:
    """Name and purpose, each by language."""

    name: Mapping[str, str]
    purpose: Mapping[str, str]

    @property
    def texts(self) -> dict[str, str]:
        """By field."""
        named = {f"name_{code}": text for code, text in self.name.items()}
        return named | {f"purpose_{code}": text for code, text in self.purpose.items()}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A group to be. `review_in`: days from today."""

    words: Words
    kind: str = Workspace.Kind.WORKING_GROUP
    visibility: str = Workspace.Visibility.OPEN
    members: str = Workspace.Members.ORGANISATIONS
    languages: Sequence[str] = ("en", "fr")
    review_in: int = 200
    alliance: Alliance | None = None
    invited: Sequence[Organisation] = field(default_factory=tuple)


def proposed(plan: Plan, founder: User, organisation: Organisation | None) -> Workspace:
    """The group as `founder` proposes it for `organisation`, or as the Secretariat sets it up (None)."""
    return workspace_propose(
        founder,
        organisation=organisation,
        texts=plan.words.texts,
        languages=plan.languages,
        kind=plan.kind,
        visibility=plan.visibility,
        members=plan.members,
        review_on=today() + timedelta(days=plan.review_in),
        organisations=plan.invited,
        alliance=plan.alliance,
    )


def started(plan: Plan, founder: User, organisation: Organisation | None) -> Workspace:
    """The same, running."""
    workspace = proposed(plan, founder, organisation)
    return workspace if workspace.is_active else workspace_activate(secretary(), workspace=workspace)


def begun(workspace: Workspace, at: datetime, *, active_at: datetime | None = None) -> None:
    """Everything so far happened at `at` (timezone-aware); the last time something did at `active_at`."""
    moments = {"created_at": at, "activated_at": at, "active_at": active_at or at}
    Workspace.objects.filter(pk=workspace.pk).update(**moments)
    StateChange.objects.filter(workspace=workspace).update(at=at)
    for model in (OrganisationParticipation, Participation):
        model.objects.filter(workspace=workspace).update(since=at)
    reindex("group", [workspace.pk])


def ago(days: int) -> datetime:
    """So many days before today at nine in the morning, UTC."""
    return timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=days)


def on(day: date) -> datetime:
    """Noon of that day, UTC."""
    return ago(0).replace(year=day.year, month=day.month, day=day.day, hour=12)
