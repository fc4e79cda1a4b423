"""How far somebody has read, and whether others may see it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from workspaces.chat.models import ReadMark, SeenSetting, Topic
from workspaces.chat.services.telling import read_what_was_told


@transaction.atomic
def read_mark(actor: User, *, topic: Topic, number: int) -> None:
    """Note that `actor`, who may read the topic, has seen it to the message with that number; never back.

    What waits of it in their inbox is read too. Nobody is told, and it is not recorded.
    """
    marks = ReadMark.objects.filter(person=actor, topic=topic)
    if not marks.filter(number__lt=number).update(number=number, at=timezone.now()):
        # There is none, or it is further on already.
        ReadMark.objects.bulk_create([ReadMark(person=actor, topic=topic, number=number)], ignore_conflicts=True)
    read_what_was_told(actor, topic)


@transaction.atomic
def seen_set(actor: User, *, allowed: bool) -> None:
    """Let others who let it be seen see what one has read, or no longer."""
    if allowed:
        SeenSetting.objects.get_or_create(person=actor)
    else:
        SeenSetting.objects.filter(person=actor).delete()
