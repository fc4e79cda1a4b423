"""What templates of rooms say: addresses within a room, moments as a list of topics has them, the reader's zone."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date
from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.ui.digits import localise_digits
from portal.ui.formats import current_locale, day, local, number
from workspaces.chat.models import Room
from workspaces.chat.selectors.topics import COUNTED

register = template.Library()


@register.simple_tag
def url_in(room: Room, name: str, *arguments: int) -> str:
    """{% url_in room "edit" message.number %}: the page of a group's room or of a conversation."""
    return room.url(name, *arguments)


@register.simple_tag
def reader_zone() -> str:
    """{% reader_zone %}: the name of the time zone of the page, for clocks that scripts write."""
    return timezone.get_current_timezone_name()


@register.filter
def lately(value: datetime) -> str:
    """{{ at|lately }}: 13:51 · yesterday · Monday · 2 June 2027, in the reader's time zone; beside the full moment."""
    here, today = local(value), timezone.localdate()
    if here.date() == today:
        return localise_digits(here.strftime("%H:%M"))
    if here.date() == today - timedelta(days=1):
        return _("yesterday")
    if today - timedelta(days=7) < here.date() < today:
        return str(format_date(here, "EEEE", locale=current_locale()))
    return day(here, "plain")


@register.filter
def wall_clock(value: datetime) -> str:
    """{{ moment|wall_clock }}: the time of day where that moment's own clock stands."""
    return localise_digits(value.strftime("%H:%M"))


@register.filter
def capped(count: int) -> str:
    """{{ unread|capped }}: 7 · 99+"""
    return f"{number(COUNTED - 1)}+" if count >= COUNTED else number(count)
