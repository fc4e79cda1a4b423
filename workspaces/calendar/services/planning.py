"""Planning a meeting, and changing what was planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.registry import Text
from portal.ui.languages import CODES
from portal.ui.zones import zone_names
from workspaces.calendar.models import LONGEST_TITLE, Meeting, MeetingChange
from workspaces.calendar.services.effects import announce, held_meeting, tell, trace, writing
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import taking_part_for
from workspaces.groups.services import Overtaken, next_number

LONGEST: Final = timedelta(days=3)
FARTHEST: Final = timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is planned. Begin and end are timezone-aware; `zone` is the name of the zone they were thought of in."""

    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    agenda: str = ""
    language: str = ""
    place: str = ""
    link: str = ""
    languages: Sequence[str] = field(default_factory=tuple)


FIELDS: Final = ("title", "agenda", "language", "starts_at", "ends_at", "zone", "place", "link", "languages")
TIMES: Final = frozenset({"starts_at", "ends_at"})


@transaction.atomic
def meeting_plan(actor: User, *, workspace: Workspace, plan: Plan) -> Meeting:
    """Plan a meeting, convened by `actor`; whoever takes part is told. Raises Refused, ValidationError by field."""
    workspace = writing(actor, workspace)
    meeting = Meeting(workspace=workspace, convened_by=actor, convened_for=taking_part_for(actor, workspace))
    _set(meeting, plan, _begin_problems(plan))
    meeting.number = next_number(workspace, "meeting")
    meeting.save()
    trace(actor, meeting, MeetingChange.Kind.PLANNED)
    tell(meeting, "meeting.planned", but=actor, payload={"by": actor.name})
    announce(meeting)
    return meeting


@transaction.atomic
def meeting_update(actor: User, *, meeting: Meeting, version: int, plan: Plan) -> Meeting:
    """Change what was planned; of another time whoever takes part is told. `version` is that of the page.

    Of a meeting that is over everything can be set right but when it was. Raises Refused, Overtaken, ValidationError.
    """
    workspace = writing(actor, meeting.workspace)
    meeting = held_meeting(workspace, meeting)
    if version != meeting.version:
        raise Overtaken
    if meeting.is_cancelled:
        raise ValidationError(_("This meeting is cancelled. Plan another one."))
    before = {name: getattr(meeting, name) for name in FIELDS}
    _set(meeting, plan, _move_problems(meeting, plan))
    changed = sorted(name for name in FIELDS if getattr(meeting, name) != before[name])
    if not changed:
        return meeting
    moved = TIMES & set(changed)
    if moved:
        meeting.told_at = timezone.now()
    meeting.version += 1
    meeting.sequence += 1
    meeting.changed_at = timezone.now()
    meeting.save()
    kind = MeetingChange.Kind.MOVED if moved else MeetingChange.Kind.CHANGED
    began_at = before["starts_at"] if "starts_at" in moved else None
    trace(actor, meeting, kind, began_at=began_at, details={"fields": changed})
    if moved:
        tell(meeting, "meeting.moved", but=actor, payload={"by": actor.name})
    announce(meeting)
    return meeting


def _set(meeting: Meeting, plan: Plan, problems: Mapping[str, Text]) -> None:
    """Put the plan into the meeting; not saved. Raises ValidationError by field, with `problems` among them."""
    problems = {**_problems(plan), **problems}
    if problems:
        raise ValidationError(problems)
    first: str = meeting.workspace.languages[0] if meeting.workspace.languages else "en"
    meeting.title, meeting.agenda = " ".join(plan.title.split()), plan.agenda.strip()
    meeting.language = plan.language if plan.language in Workspace.LANGUAGES else first
    meeting.starts_at, meeting.ends_at, meeting.zone = plan.starts_at, plan.ends_at, plan.zone
    meeting.place, meeting.link = plan.place.strip(), plan.link.strip()
    meeting.languages = list(dict.fromkeys(plan.languages))


def _problems(plan: Plan) -> dict[str, Text]:
    found: dict[str, Text] = {}
    if not plan.title.strip():
        found["title"] = _("Give the meeting a title.")
    elif len(plan.title) > LONGEST_TITLE:
        found["title"] = _("Say it shorter, and write the rest into the agenda.")
    if not timedelta(minutes=5) <= plan.ends_at - plan.starts_at <= LONGEST:
        found["length"] = _("A meeting lasts at least 5 minutes and at most 3 days.")
    if plan.zone not in zone_names():
        found["zone"] = _("Choose a time zone.")
    if not set(plan.languages) <= CODES:
        found["languages"] = _("Choose among the languages offered.")
    if plan.link.strip():
        try:
            URLValidator(schemes=["https", "http"])(plan.link.strip())
        except ValidationError:
            found["link"] = _("This is no address of a page. It begins with https://")
    return found


def _begin_problems(plan: Plan) -> dict[str, Text]:
    now = timezone.now()
    if plan.starts_at <= now:
        return {"day": _("This moment is past. Give a later one.")}
    return {"day": _("This is more than three years away.")} if plan.starts_at > now + FARTHEST else {}


def _move_problems(meeting: Meeting, plan: Plan) -> dict[str, Text]:
    if (plan.starts_at, plan.ends_at) == (meeting.starts_at, meeting.ends_at):
        return {}
    if meeting.is_over:
        return {"day": _("This meeting is over. When it was cannot be changed any more.")}
    return _begin_problems(plan)
