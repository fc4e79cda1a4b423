"""The forms of meetings."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.preferences import language_choices
from portal.ui.formats import day as day_in_words
from portal.ui.names import language_name
from portal.ui.widgets import Checkboxes
from portal.ui.zones import NoSuchTime, instant_of, zone_named, zone_words, zones_by_region
from workspaces.calendar.models import LONGEST_TITLE, Meeting
from workspaces.calendar.services import Plan
from workspaces.groups.models import Workspace

USUAL_LENGTH: Final = 60


class MeetingForm(forms.Form):
    """A new meeting, or `meeting` to be changed. Times are typed by the clocks of one zone, which is chosen too."""

    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Give the meeting a title.")},
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date", "class": "narrow-input"}, format="%Y-%m-%d"),
        error_messages={"required": _("Give the day.")},
    )
    starts = forms.TimeField(
        label=_("Begins at"),
        widget=forms.TimeInput(attrs={"type": "time", "class": "narrow-input"}, format="%H:%M"),
        error_messages={"required": _("Give the time at which it begins.")},
    )
    length = forms.IntegerField(
        label=_("Length in minutes"),
        min_value=5,
        max_value=3 * 24 * 60,
        initial=USUAL_LENGTH,
        widget=forms.NumberInput(attrs={"class": "narrow-input"}),
        error_messages={"required": _("Say how long it lasts.")},
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The one that you think of: everybody sees the meeting by their own clock."),
    )
    place = forms.CharField(
        label=_("Place"), required=False, max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=500,
        help_text=_("To a room for calls. Only those who take part in the group see it."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off"}),
    )
    languages = forms.MultipleChoiceField(label=_("Languages spoken"), required=False, widget=Checkboxes)
    agenda = forms.CharField(
        label=_("Agenda"), required=False, max_length=8000, widget=forms.Textarea(attrs={"dir": "auto", "rows": 6})
    )
    language = forms.ChoiceField(label=_("Language of these words"), choices=language_choices)

    said_twice = ""
    """A sentence on a time that comes twice on that day, once the form is valid."""

    def __init__(self, *args: Any, workspace: Workspace, meeting: Meeting | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["zone"].choices = zones_by_region  # type: ignore[attr-defined]
        spoken = sorted({*Workspace.LANGUAGES, *(meeting.languages if meeting is not None else ())})
        self.fields["languages"].choices = [(code, language_name(code)) for code in spoken]  # type: ignore[attr-defined]
        if meeting is None:
            own, first = get_language() or "en", workspace.languages[0] if workspace.languages else "en"
            self.initial.update(
                zone=timezone.get_current_timezone_name(),
                language=own if own in workspace.languages else first,
                languages=list(workspace.languages),
            )
            return
        here = meeting.starts_at.astimezone(zone_named(meeting.zone))
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
        self.initial.update(
            version=meeting.version,
            day=here.date(),
            starts=here.time(),
            length=int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
            **{name: getattr(meeting, name) for name in ("title", "zone", "place", "link", "agenda", "language")},
            languages=list(meeting.languages),
        )

    def clean(self) -> dict[str, Any]:
        """Find the moment that is meant: some times of a clock never come, and some come twice."""
        cleaned = super().clean() or self.cleaned_data
        if not {"day", "starts", "zone", "length"} <= cleaned.keys():
            return cleaned
        said = {"zone": zone_words(cleaned["zone"]), "day": day_in_words(cleaned["day"])}
        said["time"] = f"{cleaned['starts']:%H:%M}"
        try:
            clock = cleaned["starts"].replace(second=0, microsecond=0)
            begin, twice = instant_of(cleaned["day"], clock, cleaned["zone"])
            end = begin + timedelta(minutes=cleaned["length"])
        except NoSuchTime:
            sentence = _now("On %(day)s clocks in %(zone)s skip %(time)s: they are put forward. Choose another time.")
            self.add_error("starts", sentence % said)
        except OverflowError:
            self.add_error("day", _("This is more than three years away."))
        else:
            cleaned |= {"starts_at": begin.astimezone(UTC), "ends_at": end.astimezone(UTC)}
            if twice:
                sentence = _now(
                    "On %(day)s clocks in %(zone)s are put back: %(time)s comes twice, and the first is meant."
                )
                self.said_twice = sentence % said
        return cleaned

    def plan(self) -> Plan:
        """What a valid form says."""
        given = self.cleaned_data
        names = ("title", "starts_at", "ends_at", "zone", "agenda", "language", "place", "link", "languages")
        return Plan(**{name: given[name] for name in names})


class CancelForm(forms.Form):
    """Why a meeting will not take place."""

    reason = forms.CharField(
        label=_("Why it will not take place"),
        max_length=500,
        help_text=_("Everybody in the group is told this."),
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
        error_messages={"required": _("Say why, so that whoever meant to come knows.")},
    )


class MinutesForm(forms.Form):
    """What was said and agreed."""

    minutes = forms.CharField(
        label=_("Minutes"),
        required=False,
        max_length=40000,
        help_text=_("Who wrote them and when is shown; earlier versions are not kept."),
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 16}),
    )
    language = forms.ChoiceField(label=_("Language of these words"), choices=language_choices)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
