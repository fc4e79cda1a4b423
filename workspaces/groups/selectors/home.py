"""What the rail and the home page show of groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from memberships.people.policies import is_in_network
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.registry import Figure, Need, News
from portal.ui.formats import day, number
from workspaces.groups import policies
from workspaces.groups.models import Approach, Workspace
from workspaces.groups.selectors.participation import places_of, today
from workspaces.groups.selectors.unread import unread_in_all

REVIEW_SOON: Final = timedelta(days=14)
_NEWS_DAYS: Final = 60
_NEWS_LINES: Final = 4


def address_for(reader: User) -> str | None:
    """Where the rail leads: the list; for guests of one group that group; nowhere for who has nothing there."""
    if is_in_network(reader):
        return reverse("groups:groups")
    places = list(places_of(reader).values())
    if len(places) == 1:
        return reverse("groups:group", args=[places[0].slug])
    return reverse("groups:groups") if places else None


def needs(request: HttpRequest) -> Sequence[Need]:
    """What waits for the reader: invitations, requests, proposals, dates."""
    reader = request.user
    if not isinstance(reader, User) or not reader.is_active:
        return []
    kept = [place.workspace_id for place in places_of(reader).values() if place.facilitates]
    return [*_invitations(reader), *_requests(kept), *_proposals(reader), *_dates(kept)]


def _invitations(reader: User) -> list[Need]:
    waiting = policies.invitations_for(reader).select_related("workspace", "organisation", "by").order_by("pk")
    return [
        Need(
            kind=_("Invitation"),
            icon="groups",
            title=_("%(group)s invites %(organisation)s")
            % {"group": one.workspace.name, "organisation": one.organisation.display_name}
            if one.organisation
            else _("%(group)s invites you") % {"group": one.workspace.name},
            sentence=_("Invited by %(name)s on %(day)s.") % {"name": one.by or "–", "day": day(one.at, "plain")},
            action=_("Answer"),
            url=one.workspace.get_absolute_url(),
        )
        for one in waiting
    ]


def _requests(kept: Sequence[int]) -> list[Need]:
    if not kept:
        return []
    waiting = Approach.objects.filter(
        workspace_id__in=kept, side=Approach.Side.ASKED, answer="", workspace__state=Workspace.State.ACTIVE
    )
    found: dict[int, list[Approach]] = {}
    for one in waiting.select_related("workspace").order_by("pk"):
        found.setdefault(one.workspace_id, []).append(one)
    return [_request(asked) for asked in found.values()]


def _request(asked: Sequence[Approach]) -> Need:
    workspace, count = asked[0].workspace, len(asked)
    title = ngettext("A request waits in %(group)s", "%(count)s requests wait in %(group)s", count)
    return Need(
        kind=_("Request"),
        icon="groups",
        title=title % {"group": workspace.name, "count": number(count)},
        sentence=_("Somebody asks to be let in. You decide, as facilitator."),
        action=_("See requests"),
        url=reverse("groups:participants", args=[workspace.slug]) + "#requests",
    )


def _proposals(reader: User) -> list[Need]:
    if not is_secretariat(reader):
        return []
    waiting = Workspace.objects.filter(state=Workspace.State.PROPOSED).select_related("proposed_for").order_by("pk")
    return [
        Need(
            kind=_("Proposed group"),
            icon="groups",
            title=one.name,
            sentence=_("Proposed by %(organisation)s on %(day)s.")
            % {
                "organisation": one.proposed_for.display_name if one.proposed_for else "–",
                "day": day(one.created_at, "plain"),
            },
            action=_("Decide"),
            url=one.get_absolute_url(),
        )
        for one in waiting
    ]


def _dates(kept: Sequence[int]) -> list[Need]:
    if not kept:
        return []
    near = today() + REVIEW_SOON
    due = Workspace.objects.filter(
        Q(review_on__lte=near) | Q(ends_on__lte=near), pk__in=kept, state=Workspace.State.ACTIVE
    )
    return [need for one in due.order_by("pk") for need in _dates_of(one, near)]


def _dates_of(workspace: Workspace, near: date) -> list[Need]:
    said = {"group": workspace.name}
    found = []
    if workspace.ends_on is not None and workspace.ends_on <= near:
        sentence = _("Dissolve it with a closing note, or give it a later day.")
        found.append((workspace.ends_on, _("%(group)s comes to its end") % said, sentence))
    if workspace.review_on is not None and workspace.review_on <= near:
        sentence = _("Does it go on? Give it another review date, or dissolve it.")
        found.append((workspace.review_on, _("%(group)s is to be reviewed") % said, sentence))
    return [
        Need(
            kind=_("Working group"),
            icon="calendar",
            title=title,
            sentence=sentence,
            action=_("Look at it"),
            url=reverse("groups:edit", args=[workspace.slug]),
            deadline=datetime.combine(on, time.max, tzinfo=UTC),
        )
        for on, title, sentence in found
    ]


def figures(request: HttpRequest) -> Sequence[Figure]:
    """How much is new in the reader's groups."""
    reader = request.user
    if not isinstance(reader, User) or not places_of(reader):
        return []
    count = unread_in_all(reader)
    if not count:
        return []
    groups = len(places_of(reader))
    detail = ngettext("in %(count)s group", "in %(count)s groups", groups) % {"count": number(groups)}
    return [Figure(number=count, word=_("unread"), detail=detail, url=address_for(reader) or reverse("groups:groups"))]


def news(request: HttpRequest) -> Sequence[News]:
    """Groups that started lately, of those that the reader may know of; one query."""
    reader = request.user
    if not isinstance(reader, User) or not is_in_network(reader):
        return []
    since = timezone.now() - timedelta(days=_NEWS_DAYS)
    started = policies.visible_to(reader).filter(state=Workspace.State.ACTIVE, activated_at__gte=since)
    return [
        News(
            title=one.name,
            detail=_("Group started"),
            url=one.get_absolute_url(),
            at=one.activated_at,
            lang=one.name_language,
        )
        for one in started.order_by("-activated_at", "-pk")[:_NEWS_LINES]
        if one.activated_at is not None
    ]
