"""What the calendars of groups announce."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.audit import telling
from portal.registry import (
    AuditVerb,
    Card,
    DemonstrationGenerator,
    Detail,
    Erasure,
    NotificationKind,
    NotPersonal,
    RecordedThing,
    RetentionRule,
    SearchSource,
    Text,
    announced,
)
from portal.ui.formats import moment
from workspaces.calendar import policies
from workspaces.calendar.models import Meeting
from workspaces.calendar.selectors import announcing, finding
from workspaces.groups.registry import Section, sections

sections.add(
    Section(
        name="calendar",
        label=_("Calendar"),
        icon="calendar",
        url=lambda workspace: reverse("group_calendar:calendar", args=[workspace.slug]),
        order=50,
        news=announcing.news,
        side=announcing.side,
        side_template="workspaces/calendar/_next_meeting.html",
        activity=announcing.activity,
    )
)
announced.cards.add(
    Card(
        name="group-calendar",
        order=35,
        side=announcing.home_side,
        side_template="workspaces/calendar/_next_meetings.html",
    )
)
announced.search_sources.add(
    SearchSource(
        name="meeting",
        label=_("Meetings"),
        visible_to=policies.visible_to,
        results=finding.results,
        documents=finding.documents,
        order=46,
    )
)

announced.recorded_things.add(RecordedThing(name="group_calendar.meeting", label=_("Meeting of a group")))
FIELDS = Detail(
    name="fields",
    label=_("What of it"),
    told=telling.fields(Meeting, starts_at=_("Begins at"), ends_at=_("Ends at")),
)
announced.audit_verbs.add(
    AuditVerb(name="meeting.planned", label=_("Meeting planned")),
    AuditVerb(name="meeting.changed", label=_("Meeting changed"), details=[FIELDS]),
    AuditVerb(name="meeting.moved", label=_("Meeting moved"), details=[FIELDS]),
    AuditVerb(name="meeting.cancelled", label=_("Meeting cancelled")),
    AuditVerb(name="meeting.minutes", label=_("Minutes of a meeting written")),
)


def _kind(name: str, text: Text, said: Callable[[], Text], **more: Any) -> NotificationKind:
    def sentence(payload: Mapping[str, Any]) -> Text:
        return str(said()) % {**payload, "when": moment(datetime.fromisoformat(payload["starts"]))}

    return NotificationKind(name=name, label=text, sentence=sentence, **more)


announced.notification_kinds.add(
    _kind("meeting.planned", _("A group of yours plans a meeting"),
          lambda: _now("%(by)s plans a meeting of %(group)s on %(when)s: %(title)s")),
    _kind("meeting.moved", _("A meeting of a group is moved"),
          lambda: _now("%(by)s moved a meeting of %(group)s to %(when)s: %(title)s"), urgent=True),
    _kind("meeting.cancelled", _("A meeting of a group is cancelled"),
          lambda: _now("%(by)s cancelled the meeting of %(group)s on %(when)s: %(title)s. The reason: %(reason)s"),
          urgent=True),
    _kind("meeting.tomorrow", _("A meeting of a group begins in a day"),
          lambda: _now("%(group)s meets on %(when)s: %(title)s")),
    # Its mail would often come too late; whoever wants it gets it at once.
    _kind("meeting.soon", _("A meeting of a group begins in an hour"),
          lambda: _now("%(group)s meets on %(when)s: %(title)s"), mailed=False, urgent=True),
)  # fmt: skip

_OTHERS = _("What you did for others")
_TEXTS = _("Texts of others")
_IN_IT = _("Those who may read in the group.")
_AS_LONG = _("As long as the group.")
_ROW_WITHOUT_NAME = _("It leads to a row without a name.")

announced.retention_rules.add(
    RetentionRule(
        name="group_calendar.convened",
        model="group_calendar.Meeting",
        fields=("convened_by", "created_at"),
        label=_OTHERS,
        purpose=_("To know who convenes a meeting."),
        audience=_IN_IT,
        rule=_AS_LONG,
        erasure=Erasure.KEEP,
        because=_ROW_WITHOUT_NAME,
        order=73,
    ),
    RetentionRule(
        name="group_calendar.cancelled",
        model="group_calendar.Meeting",
        fields=("cancelled_by", "cancelled_at"),
        label=_OTHERS,
        purpose=_("To know who cancelled a meeting."),
        audience=_IN_IT,
        rule=_AS_LONG,
        erasure=Erasure.KEEP,
        because=_ROW_WITHOUT_NAME,
        order=73,
    ),
    RetentionRule(
        name="group_calendar.written",
        model="group_calendar.Meeting",
        fields=("minutes_by", "minutes_at"),
        label=_OTHERS,
        purpose=_("To know who wrote the minutes of a meeting."),
        audience=_IN_IT,
        rule=_AS_LONG,
        erasure=Erasure.KEEP,
        because=_ROW_WITHOUT_NAME,
        order=73,
    ),
    RetentionRule(
        name="group_calendar.change",
        model="group_calendar.MeetingChange",
        fields=("by", "at", "kind"),
        of=("by",),
        label=_OTHERS,
        purpose=_("To know who changed a meeting and who wrote its minutes."),
        audience=_IN_IT,
        rule=_AS_LONG,
        erasure=Erasure.KEEP,
        because=_ROW_WITHOUT_NAME,
        order=73,
    ),
    RetentionRule(
        name="group_calendar.words",
        model="group_calendar.Meeting",
        fields=("title", "agenda", "place", "link", "cancelled_because"),
        of=("convened_by",),
        label=_TEXTS,
        purpose=_("To say what a meeting is about, where it is, and why it will not take place. It may name people."),
        audience=_("Those who may read in the group; the link only those who take part in it."),
        rule=_AS_LONG,
        erasure=Erasure.SCRUB,
        readers_language="language",
        order=79,
    ),
    RetentionRule(
        name="group_calendar.minutes",
        model="group_calendar.Meeting",
        fields=("minutes",),
        of=("minutes_by",),
        label=_TEXTS,
        purpose=_("To keep what was said and agreed. It may name people."),
        audience=_IN_IT,
        rule=_AS_LONG,
        erasure=Erasure.SCRUB,
        readers_language="minutes_language",
        order=79,
    ),
)
announced.not_personal.add(
    NotPersonal(
        model="group_calendar.Meeting",
        fields=(
            *("workspace", "number", "uid", "sequence", "language", "starts_at", "ends_at", "zone", "languages"),
            *("convened_for", "changed_at", "version", "told_at", "minutes_language", "minutes_version"),
            *("reminded_a_day_before", "reminded_an_hour_before"),
        ),
        because="when and for which organisation it was planned, and what was sent of it",
    ),
    NotPersonal(
        model="group_calendar.MeetingChange",
        fields=("meeting", "by_for", "began_at"),
        because="which meeting, for which organisation, and when it was to begin before",
    ),
)

if settings.DEMONSTRATION:
    from workspaces.calendar.demonstration import meetings

    # After the groups and those who take part in them.
    announced.generators.add(DemonstrationGenerator(name="meetings of groups", generate=meetings, order=63))
