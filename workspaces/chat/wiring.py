"""What rooms announce; what they hold about people is in `privacy_wiring`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from memberships.people.policies import is_in_network
from portal.accounts.models import User
from portal.audit.telling import choices
from portal.registry import (
    AuditVerb,
    DemonstrationGenerator,
    Detail,
    LargeBody,
    LiveCommand,
    LiveFragment,
    LiveTopic,
    NavigationEntry,
    News,
    NotificationKind,
    NotificationScope,
    PersonAction,
    RecordedThing,
    SearchSource,
    Text,
    announced,
)
from portal.ui.formats import moment
from workspaces.chat import (
    live,
    lockdown_wiring,  # noqa: F401 - announces by being read
    privacy_wiring,  # noqa: F401 - announces by being read
)
from workspaces.chat.models import Position
from workspaces.chat.selectors import finding, topics
from workspaces.chat.services import telling
from workspaces.groups.models import Workspace
from workspaces.groups.registry import Section, sections


def _address_to_write_to(reader: User, person: User) -> str | None:
    if reader.pk == person.pk or not person.is_active or not is_in_network(reader):
        return None
    return reverse("conversations:new", query={"with": person.pk})


def _news(reader: User, workspace: Workspace, since: datetime) -> Sequence[News]:
    found = []
    for topic in topics.news_of(reader, workspace, since):
        unread = topic.unread  # type: ignore[attr-defined]  # an annotation
        found.append(
            News(
                title=topic.title,
                detail=telling.new_messages(unread, topic.last_by),  # type: ignore[attr-defined]  # an annotation
                url=topic.get_absolute_url(),
                at=topic.last_at,
                lang=topic.language,
            )
        )
    return found


sections.add(
    Section(
        name="chat",
        label=_("Messages"),
        icon="exchange",
        url=lambda workspace: reverse("chat:room", args=[workspace.slug]),
        order=10,
        unread=topics.unread_in_groups,
        news=_news,
        activity=topics.activity,
    )
)
announced.navigation.add(
    NavigationEntry(
        name="conversations",
        label=_("Messages"),
        icon="mail",
        url=lambda reader: reverse("conversations:all") if is_in_network(reader) else None,
        group="own",
        order=20,
        count=topics.unread_in_conversations,
    )
)
announced.person_actions.add(
    PersonAction(name="write", label=_("Write a message"), icon="mail", url=_address_to_write_to, order=10)
)
announced.search_sources.add(
    SearchSource(
        name=finding.SOURCE,
        label=_("Messages"),
        visible_to=finding.visible_to,
        results=finding.results,
        documents=finding.documents,
        order=60,
    )
)
announced.live_topics.add(
    LiveTopic(
        name="chat",
        may_subscribe=live.may_follow,
        audience=live.audience,
        present=live.present,
        told_of=live.told_of,
        label=_("A room"),
    )
)
announced.live_fragments.add(
    LiveFragment(name="message.created", render=live.message_fragment),
    LiveFragment(name="message.changed", render=live.message_fragment),
    LiveFragment(name="topic.changed", render=live.topic_fragment),
)
announced.live_commands.add(
    LiveCommand(name="message.send", act=live.message_send, label=_("Send a message")),
    LiveCommand(name="message.edit", act=live.message_edit, label=_("Change a message")),
    LiveCommand(name="message.delete", act=live.message_delete, label=_("Delete a message")),
    LiveCommand(name="message.react", act=live.message_react, label=_("Put a sign to a message")),
    LiveCommand(name="position.take", act=live.position_take, label=_("Give an organisation's position")),
    LiveCommand(name="topic.read", act=live.topic_read, label=_("Note how far one has read")),
)
announced.notification_scopes.add(
    NotificationScope(
        name="room",
        label=live.room_label,
        may_hear=live.hears_room,
        parent=live.room_parent,
        among=live.heard_in_rooms,
        labels=live.room_labels,
    ),
    NotificationScope(
        name="conversation",
        label=live.conversation_label,
        may_hear=live.hears_conversation,
        among=live.heard_in_conversations,
    ),
)
# Files beside a message, all that are sent at once, and some room for the rest of the form.
_MOST = settings.UPLOAD_MOST_MB * 1_000_000 + 1_000_000
announced.large_bodies.add(
    LargeBody(name="chat:send", most_bytes=_MOST),
    LargeBody(name="chat:topic-new", most_bytes=_MOST),
)

# Not named: what a topic is called belongs to those who may read it.
announced.recorded_things.add(
    RecordedThing(name="chat.room", label=_("Room")),
    RecordedThing(name="chat.topic", label=_("Topic")),
    RecordedThing(name="chat.message", label=_("Message")),
    RecordedThing(name="chat.decision", label=_("Decision of a group")),
)
_COUNTED = (
    Detail(name="agree", label=_("Organisations that agree")),
    Detail(name="object", label=_("Organisations that object")),
)
announced.audit_verbs.add(
    AuditVerb(name="chat.message_removed", label=_("Message of another removed")),
    AuditVerb(
        name="chat.message_moved",
        label=_("Messages moved to another topic"),
        details=[
            Detail(name="from", label=_("From the topic")),
            Detail(name="to", label=_("To the topic")),
            Detail(name="messages", label=_("Messages")),
        ],
    ),
    AuditVerb(
        name="chat.topic_merged", label=_("Topics merged"), details=[Detail(name="merged", label=_("Merged topic"))]
    ),
    AuditVerb(
        name="chat.retention_set",
        label=_("Time set after which messages vanish"),
        details=[Detail(name="from", label=_("Days before")), Detail(name="to", label=_("Days now"))],
    ),
    AuditVerb(name="chat.decision_proposed", label=_("Decision proposed")),
    AuditVerb(name="chat.decision_withdrawn", label=_("Proposed decision withdrawn")),
    AuditVerb(
        name="chat.position_taken",
        label=_("Position on a decision given"),
        details=[Detail(name="stance", label=_("Position"), told=choices(Position.Stance))],
    ),
    AuditVerb(name="chat.decision_recorded", label=_("Decision recorded"), details=_COUNTED),
    AuditVerb(name="chat.decision_objected", label=_("Proposed decision met objections"), details=_COUNTED),
)


def _written(payload: Mapping[str, Any]) -> Text:
    return _now("%(by)s wrote in “%(topic)s”, %(group)s.") % payload


def _mentioned(payload: Mapping[str, Any]) -> Text:
    return _now("%(by)s mentions you in “%(topic)s”, %(group)s.") % payload


def _direct(payload: Mapping[str, Any]) -> Text:
    return _now("%(by)s wrote to you.") % payload


def _proposed(payload: Mapping[str, Any]) -> Text:
    until = parse_datetime(str(payload["until"]))
    said = {**payload, "until": moment(until) if until else ""}
    return _now("%(organisation)s proposes a decision in %(group)s. Objections until %(until)s.") % said


def _settled(payload: Mapping[str, Any]) -> Text:
    if payload["recorded"]:
        return _now("A decision of %(group)s is recorded: “%(topic)s”.") % payload
    return _now("A decision proposed in %(group)s met objections and is not recorded: “%(topic)s”.") % payload


announced.notification_kinds.add(
    NotificationKind(
        name=telling.WRITTEN, label=_("Messages in a topic of a group"), sentence=_written, mailed=False, order=40
    ),
    NotificationKind(
        name=telling.MENTIONED, label=_("Somebody mentions you"), sentence=_mentioned, mention=True, order=41
    ),
    NotificationKind(name=telling.DIRECT, label=_("Somebody writes to you"), sentence=_direct, mention=True, order=42),
    NotificationKind(
        name=telling.PROPOSED, label=_("A decision is proposed in a group"), sentence=_proposed, mention=True, order=43
    ),
    NotificationKind(name=telling.RECORDED, label=_("A group has decided"), sentence=_settled, mention=True, order=44),
)

if settings.DEMONSTRATION:
    from workspaces.chat.demonstration import conversations_in_groups

    announced.generators.add(
        DemonstrationGenerator(name="messages in groups", generate=conversations_in_groups, order=60)
    )
