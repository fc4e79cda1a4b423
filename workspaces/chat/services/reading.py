"""How far somebody has read, and whether others may see it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from workspaces.chat.models import ReadMark, SeenSetting, Topic
from workspaces.chat.services.telling import read_what_was_told


@transaction.atomic
def read_mark(actor: User, *, topic: Topic, number: int) -> None:
    """Note that `actor`, who may read the topic, has seen it to the message with that number; never back.

    What waits of it in their inbox is read too. Nobody is told, and it is not recorded.
    """
    mark, created = ReadMark.objects.get_or_create(person=actor, topic=topic, defaults={"number": number})
    if not created:
        behind = Q(number__lt=number)
        ReadMark.objects.filter(behind, pk=mark.pk).update(number=number, at=timezone.now())
    read_what_was_told(actor, topic)


@transaction.atomic
def seen_set(actor: User, *, allowed: bool) -> None:
    """Let others who let it be seen see what one has read, or no longer."""
    if allowed:
        SeenSetting.objects.get_or_create(person=actor)
    else:
        SeenSetting.objects.filter(person=actor).delete()
