"""A meeting that will not take place."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from workspaces.calendar.models import Meeting, MeetingChange
from workspaces.calendar.services.effects import announce, held_meeting, tell, trace, writing


@transaction.atomic
def meeting_cancel(actor: User, *, meeting: Meeting, reason: str) -> Meeting:
    """Cancel a meeting and say why; whoever takes part is told. Cancelled already: unchanged.

    It stays in the calendar, and in the files that other calendars read, as cancelled. Raises Refused, ValidationError.
    """
    workspace = writing(actor, meeting.workspace)
    meeting = held_meeting(workspace, meeting)
    if meeting.is_cancelled:
        return meeting
    if meeting.is_over:
        raise ValidationError(_("This meeting is over. It cannot be cancelled any more."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, so that whoever meant to come knows.")})
    now = timezone.now()
    meeting.cancelled_at, meeting.cancelled_by, meeting.cancelled_because = now, actor, reason.strip()[:500]
    meeting.version += 1
    meeting.sequence += 1
    meeting.changed_at = now
    meeting.save()
    trace(actor, meeting, MeetingChange.Kind.CANCELLED, why=reason)
    tell(meeting, "meeting.cancelled", but=actor, payload={"by": actor.name, "reason": meeting.cancelled_because})
    announce(meeting)
    return meeting
