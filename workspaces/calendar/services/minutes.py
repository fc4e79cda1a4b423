"""What was said and agreed, written down afterwards."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from workspaces.calendar.models import Meeting, MeetingChange
from workspaces.calendar.services.effects import announce, held_meeting, trace, writing
from workspaces.groups.models import Workspace
from workspaces.groups.services import Overtaken


@transaction.atomic
def minutes_write(actor: User, *, meeting: Meeting, version: int, text: str, language: str) -> Meeting:
    """Write or correct the minutes; who did so and when is kept, what they said before is not.

    `version` is the number of times they had been written when the page was opened. Raises Refused, Overtaken,
    ValidationError.
    """
    workspace = writing(actor, meeting.workspace)
    meeting = held_meeting(workspace, meeting)
    if version != meeting.minutes_version:
        raise Overtaken
    if meeting.is_cancelled or not meeting.has_begun:
        raise ValidationError(_("There is nothing to write down of a meeting that has not begun, or was cancelled."))
    said = text.strip()
    if not said and not meeting.minutes:
        raise ValidationError({"minutes": _("Write down what was said and agreed.")})
    spoken = language if language in Workspace.LANGUAGES else meeting.language
    if (said, spoken) == (meeting.minutes, meeting.minutes_language):
        return meeting
    meeting.minutes, meeting.minutes_language = said, spoken
    meeting.minutes_by, meeting.minutes_at = actor, timezone.now()
    meeting.minutes_version += 1
    meeting.save(update_fields=["minutes", "minutes_language", "minutes_by", "minutes_at", "minutes_version"])
    trace(actor, meeting, MeetingChange.Kind.MINUTES)
    announce(meeting)
    return meeting
