"""Topics and commands for tests of the live floor alone: an app that is installed in their servers and nowhere else.

Everybody reads and writes on a stage but those who prefer Western digits: a right that a test gives and takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.live.services import announce, publish
from portal.registry import LiveCommand, LiveFragment, LiveTopic, announced


def may_read(person: User, key: str) -> bool:
    return key.isascii() and key.isdecimal() and not person.western_digits


def line(key: str, payload: Mapping[str, Any], language: str, audience: str) -> Mapping[str, str]:
    return {"line": f'<li id="line-{payload["id"]}">{language} {audience}</li>'}


def present(key: str, person_ids: Sequence[int], language: str, audience: str) -> str:
    return f"<p>{len(person_ids)}</p>"


def write(person: User, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """One line, or `count` lines in one transaction; of another `kind` without HTML; `announce` tells the last too."""
    key, kind = str(data["stage"]), str(data.get("kind", "line.written"))
    if not may_read(person, key):
        raise Refused("Only who reads here writes here.")
    with transaction.atomic():
        for place in range(int(data.get("count", 1))):
            number = publish(f"stage:{key}", kind=kind, payload={"id": data.get("id", 0), "place": place}).number
        if data.get("announce"):
            announce(f"stage:{key}", kind="lines", data={"last": number})
    return {"number": number}


announced.live_topics.add(
    LiveTopic(name="stage", may_subscribe=may_read, audience=lambda _person, _key: "player", present=present)
)
announced.live_fragments.add(LiveFragment(name="line.written", render=line))
announced.live_commands.add(LiveCommand(name="line.write", act=write))
