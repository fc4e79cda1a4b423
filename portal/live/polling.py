"""The same as the socket, asked for again and again: where sockets are blocked a page still keeps up, later."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from portal.live import presence
from portal.live.fragments import Look, contents
from portal.live.frames import is_topic, not_there
from portal.live.limits import REFUSAL_SECONDS
from portal.live.reading import audience_of, heads_of, missed_each, told_of
from portal.live.refusals import listening_refused

if TYPE_CHECKING:
    from django.http import QueryDict

    from portal.accounts.models import User

TOPICS_AT_MOST: Final = 50
ASKS_AGAIN_SECONDS: Final = 45
"""A page asks again within this time, so its reader is here until then."""

Asked = Mapping[str, int | None]


def asked_for(query: QueryDict) -> Asked | None:
    """The topics of `?t=…&since=…&t=…&since=…`, each with the last number known, if any; None for what is none."""
    topics, numbers = query.getlist("t"), query.getlist("since")
    if len(topics) != len(numbers) or len(topics) > TOPICS_AT_MOST or not all(map(is_topic, topics)):
        return None
    if not all(number == "" or (number.isascii() and number.isdecimal() and len(number) < 19) for number in numbers):
        return None
    return {topic: int(number) if number else None for topic, number in zip(topics, numbers, strict=True)}


def frames_for(person: User, asked: Asked, language: str) -> list[dict[str, Any]]:
    """What a socket would have sent after subscribing to these topics."""
    began = time.monotonic()
    audiences = {topic: audience_of(person, topic) for topic in asked}
    looks = {topic: Look(language, audience) for topic, audience in audiences.items() if audience is not None}
    frames: list[dict[str, Any]] = [
        {"topic": topic, "gone": not_there()} for topic, audience in audiences.items() if audience is None
    ]
    since = {topic: number for topic, number in asked.items() if topic in looks and number is not None}
    found = missed_each(since)
    # Where the whole page is to be fetched, and where nothing was known, only the head is of use.
    heads = heads_of([topic for topic in looks if found.get(topic) is None])
    for topic, look in looks.items():
        missed = found.get(topic)
        if missed is not None:
            frames += contents(topic, told_of(missed[1]), look)
        elif topic in since:
            frames.append({"topic": topic, "resync": True})
        frames.append({"topic": topic, "head": heads.get(topic, 0) if missed is None else missed[0]})
    frames += _people(looks)
    if person.presence_visible:
        presence.mark([person.pk], ASKS_AGAIN_SECONDS)
    if refused := asked.keys() - looks.keys():
        time.sleep(max(0.0, REFUSAL_SECONDS - (time.monotonic() - began)))
        listening_refused(person, refused)
    return frames


def _people(looks: Mapping[str, Look]) -> list[dict[str, Any]]:
    people = {topic: int(topic.partition(":")[2]) for topic in looks if topic.startswith("person:")}
    here = presence.present(people.values()) if people else set()
    return [
        {"topic": topic, "kind": "presence", "data": {"state": "here" if person_id in here else "offline"}}
        for topic, person_id in people.items()
    ]
