"""Stored files: what was uploaded, checked, and may be downloaded by those its kind's policy lets."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


def _path(stored: "StoredFile", _name: str) -> str:
    # Never the name a stranger gave: it may hold a path, a type or a person's name.
    return f"{stored.kind}/{stored.token.hex[:2]}/{stored.token.hex}"


class StoredFile(models.Model):
    """One immutable file. `kind` names an announced FileKind, whose policy decides on every download."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=50)
    content = models.FileField(upload_to=_path, max_length=200)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)  # pixels, of pictures
    height = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.token])
