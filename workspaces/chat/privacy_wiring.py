"""What rooms hold about people, and what becomes of it. The thread stays; the person goes."""

from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from portal.accounts.models import User
from portal.privacy.services.erasure import words_of
from portal.registry import Erasure, NotPersonal, RetentionRule, Text, announced
from workspaces.chat.models import Message
from workspaces.chat.services.effects import index

_SAID = _("Messages")
_DID = _("What you did for others")
_READERS = _("Those who may read in the group or the conversation.")
_ROW = _("It leads to a row without a name.")
_AS_LONG = _("As long as the message.")


def _take_out(person: User) -> None:
    """Take a person out of the texts of messages, and bring the search up to date with what they say then.

    Of the interface's languages that of the message says what stands in place of the name.
    """
    words = words_of(person)
    if not words:
        return
    quoting = Message.objects.annotate(text=Cast("body", TextField())).filter(text__iregex=words.database_pattern)
    changed = []
    for message in quoting.order_by("pk"):
        with translation.override(message.language or "en"):
            body = words.taken_out(message.body, pgettext("a person", "Former member"))
        if body != message.body:
            Message.objects.filter(pk=message.pk).update(body=body)
            changed.append(message.pk)
    index(changed)


def _did(name: str, model: str, fields: tuple[str, ...], purpose: Text, **more: Any) -> RetentionRule:
    return RetentionRule(
        name=name,
        model=model,
        fields=fields,
        label=_DID,
        purpose=purpose,
        audience=_READERS,
        rule=_AS_LONG,
        erasure=Erasure.KEEP,
        because=_ROW,
        order=72,
        **more,
    )


announced.retention_rules.add(
    RetentionRule(
        name="chat.message",
        model="chat.Message",
        fields=("author", "acting_for", "is_guest", "at", "edited_at", "language", "number"),
        of=("author",),
        label=_SAID,
        purpose=_("To know who said what, for which organisation, and when."),
        audience=_READERS,
        rule=_("As long as the group; shorter where the group lets messages vanish."),
        erasure=Erasure.KEEP,
        because=_("What was said stays in its thread; it no longer says by whom."),
        order=44,
    ),
    RetentionRule(
        name="chat.message_text",
        model="chat.Message",
        fields=("body",),
        of=("author",),
        label=_SAID,
        purpose=_("To talk with each other."),
        audience=_READERS,
        rule=_("As long as the group; shorter where the group lets messages vanish."),
        erasure=Erasure.SCRUB,
        erase=_take_out,
        readers_language="language",
        order=45,
    ),
    RetentionRule(
        name="chat.message_guest",
        model="chat.Message",
        fields=("guest_from",),
        of=("author",),
        label=_SAID,
        purpose=_("To say where a guest comes from who writes in a group."),
        audience=_READERS,
        rule=_AS_LONG,
        erasure=Erasure.BLANK,
        order=46,
    ),
    _did("chat.message_by", "chat.Message", ("deleted_by", "pinned_by"), _("To know who deleted or pinned a message.")),
    RetentionRule(
        name="chat.version",
        model="chat.MessageVersion",
        fields=("body", "at"),
        of=("message__author",),
        label=_SAID,
        purpose=_("To show what a message said before it was changed."),
        audience=_READERS,
        rule=_AS_LONG,
        erasure=Erasure.SCRUB,
        readers_language="message__language",
        order=47,
    ),
    RetentionRule(
        name="chat.topic_title",
        model="chat.Topic",
        fields=("title",),
        of=("opened_by",),
        label=_SAID,
        purpose=_("To say what messages are about."),
        audience=_READERS,
        rule=_("As long as the group."),
        erasure=Erasure.SCRUB,
        readers_language="language",
        order=48,
    ),
    _did("chat.topic_by", "chat.Topic", ("opened_by", "closed_by"), _("To know who opened and who closed a topic.")),
    _did("chat.room_by", "chat.Room", ("opened_by",), _("To know who began a conversation.")),
    RetentionRule(
        name="chat.companion",
        model="chat.Companion",
        fields=("person", "room", "since", "left_at"),
        of=("person",),
        label=_SAID,
        purpose=_("To know who may read a conversation."),
        audience=_("Those in the conversation."),
        rule=_("As long as the conversation."),
        erasure=Erasure.KEEP,
        because=_ROW,
        order=49,
    ),
    RetentionRule(
        name="chat.reaction",
        model="chat.Reaction",
        fields=("person", "message", "sign"),
        of=("person",),
        label=_SAID,
        purpose=_("To count how many put a sign to a message, each once."),
        audience=_("You alone see which are yours; the others see how many there are."),
        rule=_("Until you take it back; as long as the message."),
        erasure=Erasure.DELETE,
        order=50,
    ),
    RetentionRule(
        name="chat.mention",
        model="chat.Mention",
        fields=("person", "message"),
        of=("person",),
        label=_SAID,
        purpose=_("To tell whoever a message calls by name."),
        audience=_READERS,
        rule=_AS_LONG,
        erasure=Erasure.DELETE,
        order=51,
    ),
    RetentionRule(
        name="chat.read",
        model="chat.ReadMark",
        fields=("person", "topic", "number", "at"),
        of=("person",),
        label=_SAID,
        purpose=_("To show what is new to you."),
        audience=_("You alone; others who let it be seen too, if you let it be seen."),
        rule=_("As long as the topic."),
        erasure=Erasure.DELETE,
        order=52,
    ),
    RetentionRule(
        name="chat.seen",
        model="chat.SeenSetting",
        fields=("person",),
        label=_SAID,
        purpose=_("To know that you let others see what you have read."),
        audience=_("You alone."),
        rule=_("Until you change it."),
        erasure=Erasure.DELETE,
        order=53,
    ),
    _did("chat.decision_by", "chat.Decision", ("proposed_by",), _("To know who proposed a decision.")),
    _did("chat.position_by", "chat.Position", ("person",), _("To know who gave an organisation's position.")),
    RetentionRule(
        name="chat.position_reason",
        model="chat.Position",
        fields=("reason",),
        of=("person",),
        label=_("Texts of others"),
        purpose=_("To say why an organisation objects to a decision."),
        audience=_READERS,
        rule=_AS_LONG,
        erasure=Erasure.SCRUB,
        order=78,
    ),
)
announced.not_personal.add(
    NotPersonal(
        model="chat.Room",
        fields=("key", "workspace", "circle", "retention_days", "topic_head", "message_head", "opened_at"),
        because="which room; a circle is made of numbers of rows, which lose their names when people are erased",
    ),
    NotPersonal(
        model="chat.Topic",
        fields=(
            *("room", "number", "language", "opened_for", "opened_at", "last_at", "is_pinned", "closed_at"),
            "merged_into",
        ),
        because="about a topic, not about who opened it",
    ),
    NotPersonal(
        model="chat.Message",
        fields=("room", "topic", "reply_to", "files", "deleted_at", "pinned_at", "expires_at"),
        because="where a message stands and what became of it",
    ),
    NotPersonal(model="chat.MessageVersion", fields=("message",), because="which message"),
    NotPersonal(
        model="chat.Mention", fields=("organisation", "facilitators"), because="an organisation, or whoever has a role"
    ),
    NotPersonal(
        model="chat.Decision",
        fields=("message", "proposed_for", "proposed_at", "until", "state", "settled_at", "is_flagged"),
        because="what organisations decide",
    ),
    NotPersonal(
        model="chat.Position",
        fields=("decision", "organisation", "stance", "at", "is_flagged"),
        because="what an organisation says",
    ),
)
