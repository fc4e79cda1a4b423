"""Frames: JSON text, read from clients with distrust, made once for all readers who get the same."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.live import limits

KINDS: Final = frozenset({"subscribe", "unsubscribe", "ack", "typing", "command"})
_LARGEST: Final = 2**63
_DEEPEST: Final = 30
_UNSAYABLE: Final = re.compile("[\\0\ud800-\udfff]")
_NAME: Final = re.compile(r"[a-z][a-z0-9_.-]{0,59}")


class Wrong(ValueError):
    """What a client sent cannot be taken; `code` closes the socket.

    `key`: of a command that is all right but for its content. It alone can be refused, and the socket goes on.
    """

    def __init__(self, code: int, *, key: str = "") -> None:
        super().__init__(code)
        self.code, self.key = code, key


class Frame:
    """One frame as the servers take it. The same object waits in the queues of all its readers."""

    __slots__ = ("message", "number", "size", "topic")

    def __init__(self, content: Mapping[str, Any], *, topic: str = "", number: int | None = None) -> None:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        self.message = {"type": "websocket.send", "text": text}
        self.size = len(text.encode())
        self.topic = topic
        self.number = number  # of an event or a heartbeat: what an acknowledgement may name

    @property
    def text(self) -> str:
        """What is sent."""
        return self.message["text"]


def not_there() -> str:
    """What is said of anything that is not there, or not for this person."""
    return _("This is no longer here for you.")


def head_frame(topic: str, number: int) -> Frame:
    """Heartbeat: the number of the latest event."""
    return Frame({"topic": topic, "head": number}, topic=topic, number=number)


def event_content(topic: str, number: int, kind: str, data: Any, html: Mapping[str, str] | None) -> dict[str, Any]:
    """An event as it is sent; `html` where its kind has fragments."""
    content = {"topic": topic, "number": number, "kind": kind, "data": data}
    if html is not None:
        content["html"] = dict(html)
    return content


def read(text: str | None) -> dict[str, Any]:
    """A frame from a client, its `do` known and its other parts of the right types. Raises Wrong."""
    if text is None or len(text) > limits.FRAME_CHARACTERS:
        raise Wrong(limits.TOO_LARGE)
    try:
        frame: dict[str, Any] = json.loads(text, parse_constant=_no_constant)
        readable = isinstance(frame, dict) and sayable(frame)
    except (ValueError, RecursionError) as error:
        raise Wrong(limits.UNREADABLE) from error
    if not readable:
        raise Wrong(limits.UNREADABLE, key=_key_of(frame))
    if not isinstance(frame.get("do"), str):
        raise Wrong(limits.UNREADABLE)
    if frame["do"] not in KINDS:
        raise Wrong(limits.UNKNOWN)
    if not _has_its_parts(frame):
        raise Wrong(limits.UNREADABLE)
    return frame


def sayable(value: Any, depth: int = 0) -> bool:
    """Whether it can be kept and said again: no NUL, no half of a pair, no number too large, not nested without end."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, str):
        return _UNSAYABLE.search(value) is None
    if isinstance(value, dict):
        return all(sayable(key) and sayable(part, depth + 1) for key, part in value.items())
    if isinstance(value, list):
        return all(sayable(part, depth + 1) for part in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or abs(value) < _LARGEST


def is_topic(value: object) -> bool:
    """Whether it looks like a topic. Whether there is one is another question."""
    return isinstance(value, str) and 0 < len(value) <= 100 and value.isascii() and value.isprintable()


def is_count(value: object) -> bool:
    """Whether it is a number of something: whole, and not below nought."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_command(name: object, data: object) -> bool:
    """Whether the two can belong to a command."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None and isinstance(data, dict)


def _has_its_parts(frame: dict[str, Any]) -> bool:
    match frame["do"]:
        case "command":
            return isinstance(frame.get("key"), str) and is_command(frame.get("name"), frame.get("data", {}))
        case "ack":
            return is_count(frame.get("frames")) or (is_topic(frame.get("topic")) and is_count(frame.get("number")))
        case "subscribe":
            return is_topic(frame.get("topic")) and (frame.get("since") is None or is_count(frame["since"]))
        case _:
            return is_topic(frame.get("topic"))


def _key_of(frame: object) -> str:
    """The key of what is a command in form; empty for everything else."""
    if (
        not isinstance(frame, dict)
        or frame.get("do") != "command"
        or not is_command(frame.get("name"), frame.get("data"))
    ):
        return ""
    key = frame.get("key")
    return key if isinstance(key, str) and is_topic(key) else ""


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
