"""How events look: what apps announced for their kinds, rendered for one language and one audience. For threads."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import override

from portal.live.frames import event_content
from portal.registry import announced

log = logging.getLogger(__name__)


class Look(NamedTuple):
    """Readers with the same look get the same frames."""

    language: str
    audience: str


@dataclass(frozen=True)
class Told:
    """An event, or an announcement (without a number), as it was published."""

    kind: str
    data: Mapping[str, Any]
    number: int | None = None


def has_fragment(kind: str) -> bool:
    """Whether events of this kind are shown by HTML."""
    return kind in announced.live_fragments


def has_presence(topic: str) -> bool:
    """Whether readers of the topic are shown who else has it open."""
    family = announced.live_topics.get(topic.partition(":")[0])
    return family is not None and family.present is not None


def contents(topic: str, told: Iterable[Told], look: Look) -> list[dict[str, Any]]:
    """The frames of events, as one look sees them now."""
    with override(spoken(look.language)):
        return [_content(topic, one, look) for one in told]


def told_of(topic: str, person_ids: list[int], audience: str) -> list[int]:
    """Those of the people who have the topic open of whom the audience is told; nobody where that fails."""
    family, _colon, key = topic.partition(":")
    try:
        return list(announced.live_topics[family].told_of(key, person_ids, audience))
    except Exception:
        log.exception("Of whom readers of %s are told could not be asked", topic)
        return []


def present_html(topic: str, person_ids: list[int], look: Look) -> str:
    """Who has the topic open, as HTML; "" where that fails."""
    family, _colon, key = topic.partition(":")
    present = announced.live_topics[family].present
    if present is None:
        return ""
    with override(spoken(look.language)):
        try:
            return str(present(key, person_ids, spoken(look.language), look.audience))
        except Exception:
            log.exception("Who has %s open could not be shown", topic)
            return ""


def spoken(language: str) -> str:
    """`language`, or the first one where it is not spoken here (any more)."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _content(topic: str, told: Told, look: Look) -> dict[str, Any]:
    fragment, html, failed = announced.live_fragments.get(told.kind), None, False
    if fragment is not None:
        try:
            key = topic.partition(":")[2]
            parts = fragment.render(key, told.data, spoken(look.language), look.audience)
            html = {name: str(part) for name, part in parts.items()}
        except Exception:
            log.exception("An event of the kind %s could not be shown", told.kind)
            failed = True
    if told.number is None:
        return {"topic": topic, "kind": told.kind, "data": dict(told.data)} | ({} if html is None else {"html": html})
    content = event_content(topic, told.number, told.kind, told.data, html)
    # The page may still show what this could not: it is told to fetch the whole afresh.
    return content | {"resync": True} if failed else content
