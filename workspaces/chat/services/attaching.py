"""Files beside a message: kept in the group by whoever announced that they keep them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workspaces.groups.registry import attachments

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from memberships.organisations.models import Organisation
    from portal.accounts.models import User
    from workspaces.chat.models import Room

MOST: Final = 5


def can_be_kept(room: Room) -> bool:
    """Whether files can be put beside messages in the room: in a group's, where an app keeps files."""
    return room.workspace is not None and len(attachments) > 0


def kept(actor: User, room: Room, acting_for: Organisation | None, uploads: Sequence[UploadedFile[Any]]) -> list[int]:
    """Keep the uploads in the group; returns their numbers there. Raises Refused, ValidationError by field."""
    if not uploads:
        return []
    keeper = next(iter(attachments), None)
    if keeper is None or room.workspace is None:
        raise ValidationError({"uploads": _("No files can be sent here.")})
    if len(uploads) > MOST:
        raise ValidationError({"uploads": _("At most five files with one message.")})
    try:
        return [keeper.store(actor, room.workspace, acting_for, upload)[0] for upload in uploads]
    except ValidationError as error:
        raise ValidationError({"uploads": error.messages}) from error
