"""Invented meetings in the groups of the demonstration network."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import cycle, islice
from typing import Final

from django.utils import timezone

from portal.search.services import reindex
from workspaces.calendar.models import Meeting, MeetingChange
from workspaces.calendar.services.effects import SOURCE
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.participation import current_participations
from workspaces.groups.services import next_number

COMING_IN_EACH: Final = 2
NAMES: Final = uuid.UUID("8d0f4a52-6c1e-4d0b-9a57-3b1c2f5e7a10")
"""What the files of the demonstration are called by is made from this, so that they are the same each time."""


@dataclass(frozen=True)
class Sample:
    """A meeting; `days` from today, `hour` in UTC, `zone` where it was planned."""

    title: str
    days: int
    hour: int
    language: str = "en"
    zone: str = "UTC"
    minutes_long: int = 60
    place: str = ""
    link: str = ""
    spoken: Sequence[str] = ("en",)
    agenda: str = ""
    minutes: str = ""
    cancelled: str = ""


COMING: Final = (
    Sample("Monthly call", 8, 14, zone="Europe/Paris", link="https://calls.example.org/monthly", spoken=("en", "fr"),
           agenda="1. The referral form: open questions\n2. Who takes the duty line in summer\n3. Any other business"),
    Sample("Réunion des avocats", 21, 9, "fr", zone="Africa/Dakar", minutes_long=90, spoken=("fr", "en"),
           link="https://calls.example.org/avocats", agenda="1. Deux dossiers\n2. Le guide, version française"),
    Sample("اجتماع التنسيق", 12, 11, "ar", zone="Africa/Cairo", spoken=("ar", "en"),
           link="https://calls.example.org/tansiq", agenda="1. التأمين\n2. الترجمة"),
    Sample("Taller sobre casos urgentes", 33, 16, "es", zone="America/Bogota", minutes_long=120, spoken=("es",),
           place="Sala 2, Casa de Muestra, Bogotá"),
    Sample("Extra call on visas", 3, 13, zone="Asia/Kathmandu", minutes_long=45, spoken=("en",),
           cancelled="The consulate has answered; there is nothing to decide."),
)  # fmt: skip


PAST: Final = (
    Sample("Monthly call", -22, 14, zone="Europe/Paris", link="https://calls.example.org/monthly", spoken=("en", "fr"),
           agenda="1. What the survey says\n2. The next guide",
           minutes="Fourteen organisations took part.\n\nThe telephone number becomes optional in the referral form "
                   "and is deleted when the case closes. The next guide is on travelling with devices."),
    Sample("Which guide comes next", -4, 10, zone="Africa/Kinshasa", minutes_long=45, place="By telephone"),
)  # fmt: skip
"""Each group has had these; of the second nobody has written down anything."""


def meetings() -> None:
    """Some for each active group in which several people take part."""
    supply = cycle(COMING)
    for workspace in Workspace.objects.filter(state=Workspace.State.ACTIVE).order_by("pk"):
        places = current_participations().filter(workspace=workspace, is_guest=False).order_by("number")
        people = list(places.select_related("person", "organisation")[:10])
        if len(people) > 1:
            for order, sample in enumerate((*islice(supply, COMING_IN_EACH), *PAST)):
                _make(workspace, people, sample, order)
    reindex(SOURCE)


def _make(workspace: Workspace, people: list[Participation], sample: Sample, order: int) -> None:
    now = timezone.now()
    begin = datetime.combine(now.date() + timedelta(days=sample.days), time(sample.hour), tzinfo=UTC)
    planned, by, other = min(now, begin) - timedelta(days=25), people[order % len(people)], people[-1]
    number = next_number(workspace, "meeting")
    meeting = Meeting.objects.create(
        workspace=workspace,
        number=number,
        uid=uuid.uuid5(NAMES, f"{workspace.pk} {number}"),
        title=sample.title,
        agenda=sample.agenda,
        language=sample.language,
        starts_at=begin,
        ends_at=begin + timedelta(minutes=sample.minutes_long),
        zone=sample.zone,
        place=sample.place,
        link=sample.link,
        languages=list(sample.spoken),
        convened_by=by.person,
        convened_for=by.organisation,
        created_at=planned,
        changed_at=planned,
        told_at=planned,
    )
    _trace(meeting, MeetingChange.Kind.PLANNED, by, planned)
    if sample.minutes:
        meeting.minutes, meeting.minutes_language, meeting.minutes_version = sample.minutes, sample.language, 1
        meeting.minutes_by, meeting.minutes_at = other.person, begin + timedelta(hours=5)
        _trace(meeting, MeetingChange.Kind.MINUTES, other, begin + timedelta(hours=5))
    if sample.cancelled:
        meeting.cancelled_by, meeting.cancelled_because, meeting.sequence = by.person, sample.cancelled, 1
        meeting.cancelled_at = meeting.changed_at = planned + timedelta(days=12)
        _trace(meeting, MeetingChange.Kind.CANCELLED, by, planned + timedelta(days=12))
    meeting.save()


def _trace(meeting: Meeting, kind: MeetingChange.Kind, by: Participation, at: datetime) -> None:
    MeetingChange.objects.create(meeting=meeting, kind=kind, by=by.person, by_for=by.organisation, at=at)
