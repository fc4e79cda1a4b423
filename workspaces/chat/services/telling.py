"""Who hears of what is said: whoever is called by name at once, the others once for each topic until they look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.notifications.services import notifications_read_from, notify
from portal.ui.formats import number
from workspaces.chat.models import Decision, Message, Room, Topic
from workspaces.chat.policies import companions_now
from workspaces.chat.writing import Found
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import current_participations, facilitators_of

WRITTEN: Final = "chat.message"
MENTIONED: Final = "chat.mention"
DIRECT: Final = "chat.direct"
PROPOSED: Final = "chat.decision_proposed"
RECORDED: Final = "chat.decision_recorded"


def tell_of_message(message: Message, called: Found) -> None:
    """Tell those who take part; what it says is not in what they are told, for it may be changed and deleted."""
    room, payload = message.room, _said(message)
    if room.workspace is None:
        others = User.objects.filter(pk__in=companions_now(room).values("person")).exclude(pk=message.author_id)
        _tell(_not_waiting(others, DIRECT, message.topic), DIRECT, message, payload)
        return
    there = _participants(room.workspace).exclude(pk=message.author_id)
    named = _called(room.workspace, called).exclude(pk=message.author_id) if called else User.objects.none()
    mentioned = list(named.distinct())
    _tell(mentioned, MENTIONED, message, payload)
    rest = there.exclude(pk__in=[one.pk for one in mentioned])
    _tell(_not_waiting(rest, WRITTEN, message.topic), WRITTEN, message, payload)


def tell_of_new_mentions(message: Message, called: Found, before: Iterable[int]) -> None:
    """Tell those whom a changed message calls now and did not before."""
    if message.room.workspace is None or not called:
        return
    named = _called(message.room.workspace, called).exclude(pk__in=[message.author_id, *before])
    _tell(named.distinct(), MENTIONED, message, _said(message))


def tell_of_decision(decision: Decision, kind: str, *, without: User | None = None) -> None:
    """Tell everyone who takes part in the group of what is proposed, or was recorded, or was not."""
    message = decision.message
    if message.room.workspace is None:
        return
    people = _participants(message.room.workspace)
    if without is not None:
        people = people.exclude(pk=without.pk)
    payload = _said(message) | {
        "organisation": decision.proposed_for.name,
        "recorded": decision.state == Decision.State.RECORDED,
        "until": decision.until.isoformat(),
    }
    _tell(people, kind, message, payload)


def read_what_was_told(person: User, topic: Topic) -> None:
    """What waits in the person's inbox from a topic that they look at has been seen."""
    notifications_read_from(person, scope=topic.scope, kinds=[WRITTEN, MENTIONED, DIRECT])


def called_people(message: Message) -> set[int]:
    """The numbers of the people whom the message calls now, each way."""
    if message.room.workspace is None:
        return set()
    found = Found(
        people=tuple(one.person for one in message.mentions.select_related("person") if one.person is not None),
        organisations=tuple(
            one.organisation for one in message.mentions.select_related("organisation") if one.organisation is not None
        ),
        facilitators=message.mentions.filter(facilitators=True).exists(),
    )
    return set(_called(message.room.workspace, found).values_list("pk", flat=True)) if found else set()


def _said(message: Message) -> dict[str, Any]:
    workspace = message.room.workspace
    return {
        "by": message.author.name,
        "topic": message.topic.title,
        "group": workspace.name if workspace is not None else "",
    }


def _participants(workspace: Workspace) -> QuerySet[User]:
    there = current_participations().filter(workspace_id=workspace.pk)
    return User.objects.filter(pk__in=there.values("person"))


def _called(workspace: Workspace, called: Found) -> QuerySet[User]:
    there = current_participations().filter(workspace_id=workspace.pk)
    named = Q(pk__in=[person.pk for person in called.people])
    organisations = [organisation.pk for organisation in called.organisations]
    named |= Q(pk__in=there.filter(organisation_id__in=organisations).values("person"))
    if called.facilitators:
        named |= Q(pk__in=facilitators_of(workspace).values("pk"))
    return User.objects.filter(named)


def _not_waiting(people: QuerySet[User], kind: str, topic: Topic) -> QuerySet[User]:
    """Those of the people who have not been told of this topic since they last looked."""
    waiting = Notification.objects.filter(kind__in=[kind, MENTIONED], scope=topic.scope, read_at__isnull=True)
    return people.exclude(pk__in=waiting.values("person"))


def _tell(people: Iterable[User], kind: str, message: Message, payload: dict[str, Any]) -> None:
    notify(people, kind=kind, payload=payload, url=message.get_absolute_url(), scope=message.topic.scope)


def room_scope(room: Room) -> str:
    """Where the notifications of a whole room come from."""
    return room.workspace.scope if room.workspace is not None else f"conversation:{room.key}"


def new_messages(count: int, last_by: str | None) -> str:
    """How many messages are new, and who wrote the last one: a line under a topic's title."""
    said = ngettext("%(n)s new", "%(n)s new", count) % {"n": number(count)}
    return _("%(new)s · %(name)s") % {"new": said, "name": last_by} if last_by else said
