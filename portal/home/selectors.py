"""Gathering what apps announced for the frame and for the home page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.accounts.models import User
from portal.notifications.selectors import Bell, bell_and
from portal.registry import Card, Figure, NavigationEntry, Need, News, Text, announced

GROUPS = ("act", "look", "own", "run")


@dataclass(frozen=True)
class NavigationItem:
    """One line of the rail as this reader sees it on this page."""

    label: Text
    short_label: Text
    url: str
    icon: str
    current: bool
    count: int
    due: bool
    primary_on_phone: bool


def _item(entry: NavigationEntry, url: str, current: str, count: int) -> NavigationItem:
    return NavigationItem(
        label=entry.label,
        short_label=entry.short_label,
        url=url,
        icon=entry.icon,
        current=url == current,
        count=count,
        due=entry.due,
        primary_on_phone=entry.primary_on_phone,
    )


def rail_and_bell(request: HttpRequest, reader: User) -> tuple[list[list[NavigationItem]], Bell]:
    """The rail's groups for this reader, each a list of items, empty groups left out; and the bell. One query.

    Of nested addresses only the most specific is current. Beside an error nothing is counted: being refused is cheap,
    also for the portal.
    """
    shown = [(entry, entry.url(reader)) for entry in announced.navigation if entry.visible_to(reader)]
    entries = [(entry, url) for entry, url in shown if url is not None]
    around = [url for _entry, url in entries if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(around, key=len, default="")
    counted = [] if getattr(request, "is_refused", False) else [entry for entry, _url in entries]
    bell, counts = _counts(reader, counted)
    grouped = [
        [_item(entry, url, current, counts.get(entry.name, 0)) for entry, url in entries if entry.group == name]
        for name in GROUPS
    ]
    return [items for items in grouped if items], bell


def _counts(reader: User, entries: Sequence[NavigationEntry]) -> tuple[Bell, dict[str, int]]:
    """The bell, and the numbers of the entries that have one, by name; what the database makes in one query."""
    asked = {entry.name: entry.count(reader) for entry in entries if entry.count}
    known = {name: number for name, number in asked.items() if isinstance(number, int)}
    made = {name: number for name, number in asked.items() if not isinstance(number, int)}
    bell, numbers = bell_and(reader, list(made.values()))
    return bell, known | dict(zip(made, numbers, strict=True))


def header_slots(request: HttpRequest) -> list[tuple[str, Mapping[str, Any]]]:
    """Templates for the top bar with their contexts."""
    slots = ((slot.template, slot.context(request)) for slot in announced.header_slots)
    return [(template, context) for template, context in slots if context is not None]


@dataclass(frozen=True)
class HomePage:
    """Everything the home page shows, gathered from the announced cards."""

    subject: Text | None
    needs: list[Need]
    figures: list[Figure]
    news: list[News]
    sides: list[tuple[str, Mapping[str, Any]]]


def home_page(request: HttpRequest) -> HomePage:
    """Ask every card once. Needs come by deadline, those without one last; news by time, latest first."""
    cards: list[Card] = list(announced.cards)
    needs = [need for card in cards if card.needs for need in card.needs(request)]
    news = [line for card in cards if card.news for line in card.news(request)]
    sides = [(card.side_template, card.side(request)) for card in cards if card.side]
    subjects = (card.subject(request) for card in cards if card.subject)
    return HomePage(
        subject=next((subject for subject in subjects if subject), None),
        needs=sorted(needs, key=lambda need: (need.deadline is None, need.deadline)),
        figures=[figure for card in cards if card.figures for figure in card.figures(request)],
        news=sorted(news, key=lambda line: line.at, reverse=True)[:10],
        sides=[(template, context) for template, context in sides if context is not None],
    )
