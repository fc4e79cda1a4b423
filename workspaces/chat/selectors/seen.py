"""Who has read a message, of those who let it be seen."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.accounts.models import User
from workspaces.chat import policies
from workspaces.chat.models import Message, ReadMark, SeenSetting


def allows_seen(person: User) -> bool:
    """Whether the person lets others see what they have read."""
    return SeenSetting.objects.filter(person_id=person.pk).exists()


def seen_by(reader: User, message: Message) -> QuerySet[User]:
    """The people who have read the message, who let it be seen, and who may still read in its room; by name."""
    read = ReadMark.objects.filter(topic_id=message.topic_id, number__gte=message.number)
    there = policies.callable_people(reader, message.room)
    people = there.filter(pk__in=read.values("person")).filter(pk__in=SeenSetting.objects.values("person"))
    return people.exclude(pk=message.author_id).order_by("name", "pk")
