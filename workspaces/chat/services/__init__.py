"""Writes of rooms: topics, messages, what is decided, how far somebody has read, how long messages stay."""

from workspaces.chat.services.changing import message_delete, message_edit, message_pin, message_react
from workspaces.chat.services.conversing import conversation_leave, conversation_open
from workspaces.chat.services.deciding import (
    decision_propose,
    decisions_settle,
    position_take,
)
from workspaces.chat.services.keeping import messages_vanish, retention_set
from workspaces.chat.services.moving import message_move, topic_merge
from workspaces.chat.services.reading import read_mark, seen_set
from workspaces.chat.services.sending import message_send
from workspaces.chat.services.topics import topic_close, topic_open, topic_pin, topic_reopen, topic_update

__all__ = [
    "conversation_leave",
    "conversation_open",
    "decision_propose",
    "decisions_settle",
    "message_delete",
    "message_edit",
    "message_move",
    "message_pin",
    "message_react",
    "message_send",
    "messages_vanish",
    "position_take",
    "read_mark",
    "retention_set",
    "seen_set",
    "topic_close",
    "topic_merge",
    "topic_open",
    "topic_pin",
    "topic_reopen",
    "topic_update",
]
