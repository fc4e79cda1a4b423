"""Meetings as files that other calendars read: iCalendar (RFC 5545), published (RFC 5546, 3.2.1).

Each meeting has the same UID for good and a SEQUENCE that rises with each change, so that a calendar that is given the
file once more puts the new one in place of the old one; a cancelled one stays in it as cancelled. Times are in UTC:
they are moments, and every calendar shows them by its own clock. Nobody's name is in these files, for they leave the
portal.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from portal.notifications.mails import address_of
from workspaces.calendar.models import Meeting

CONTENT_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"


def calendar_file(meetings: Iterable[Meeting], *, name: str, with_links: bool) -> bytes:
    """The meetings as one file, which a calendar that shows several calls `name`.

    `with_links`: whether it is for somebody who may see the links to them.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Plenary//Groups//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for meeting in meetings:
        calendar.add_component(_event(meeting, with_links=with_links))
    return calendar.to_ical()


def _event(meeting: Meeting, *, with_links: bool) -> Event:
    link = meeting.link if with_links else ""
    event = Event()
    event.add("uid", str(meeting.uid))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("created", meeting.created_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("url", address_of(meeting.get_absolute_url()))
    event.add("organizer", _organizer(meeting))
    if description := _description(meeting, link):
        event.add("description", description)
    if meeting.place or link:
        event.add("location", meeting.place or link)
    return event


def _organizer(meeting: Meeting) -> vCalAddress:
    """The group, at the address of the portal: the standard wants one, and no person's is given away."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["cn"] = vText(meeting.workspace.name.replace('"', "'"))
    return organizer


def _description(meeting: Meeting, link: str) -> str:
    because = _("Cancelled: %(reason)s") % {"reason": meeting.cancelled_because} if meeting.is_cancelled else ""
    return "\n\n".join(part for part in (because, link, meeting.agenda) if part)
