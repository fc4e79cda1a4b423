"""Writing messages and opening topics."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.ui.widgets import Segmented
from workspaces.chat.forms.speakers import SpeakerField
from workspaces.chat.models import LONGEST_MESSAGE, LONGEST_TITLE, Room, Topic
from workspaces.chat.services.attaching import MOST, can_be_kept
from workspaces.chat.services.deciding import USUAL
from workspaces.chat.writing import clean_text

LONGEST_TYPED = LONGEST_MESSAGE + 2_000
"""What is too long for a message by a little is told so by the service; what is longer is cut off here."""


def languages() -> list[tuple[str, str]]:
    """The languages of the interface, by their codes."""
    return [(code, code.upper()) for code, _name in settings.LANGUAGES]


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads; the cleaned value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, (list, tuple)) else [data]
        cleaned = (super(FilesField, self).clean(one, initial) for one in given[: MOST + 1] if one)
        return [one for one in cleaned if one]


class TextField(forms.CharField):
    """Text in several lines, without what cannot be seen and can mislead."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.widget.attrs.setdefault("dir", "auto")

    def to_python(self, value: Any) -> str:
        """Cleaned before anything looks at it, so that a null character is no error but is simply not there."""
        return clean_text(super().to_python(str(value or "").replace("\0", "")) or "")


class MessageForm(forms.Form):
    """The composer of a room. `decide` proposes the message as a decision until the end of the day `until`."""

    body = TextField(
        label=_("Message"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_MESSAGE}),
    )
    language = forms.ChoiceField(label=_("Language of the message"), required=False)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    uploads = FilesField(label=_("Files"), required=False)
    decide = forms.BooleanField(label=_("Propose as decision"), required=False)
    until = forms.DateField(label=_("Open for objections until"), required=False)

    def __init__(self, *args: Any, actor: User, room: Room, preferred: int | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.room = room
        self.fields["acting_for"] = SpeakerField(person=actor, room=room, preferred=preferred)
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]
        self.fields["language"].initial = actor.language
        day = (timezone.localtime() + USUAL).date()
        self.fields["until"].initial = day
        self.fields["until"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        if not can_be_kept(room):
            del self.fields["uploads"]
        speaker = self.fields["acting_for"]
        self.may_decide = room.of_group and isinstance(speaker, SpeakerField) and bool(speaker.organisations)
        if not self.may_decide:
            del self.fields["decide"], self.fields["until"]
        if not room.of_group:
            del self.fields["acting_for"]

    @property
    def speaks_for(self) -> list[tuple[str, Any]]:
        """For whom the reader may speak: (value, words)."""
        field = self.fields.get("acting_for")
        return list(field.choices) if isinstance(field, SpeakerField) else []  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        """A proposal needs its last day."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decide") and "until" in cleaned and cleaned["until"] is None:
            self.add_error("until", _("Give the last day for objections."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the services take."""
        cleaned = self.cleaned_data
        until: date | None = cleaned.get("until") if cleaned.get("decide") else None
        return {
            "body": cleaned["body"],
            "acting_for": cleaned.get("acting_for"),
            "language": cleaned["language"],
            "uploads": cleaned.get("uploads") or [],
            "decide_until": end_of(until) if until is not None else None,
        }


def end_of(day: date) -> datetime:
    """The last minute of `day` where the reader is."""
    return datetime.combine(day, time(23, 59), tzinfo=timezone.get_current_timezone())


class TopicForm(MessageForm):
    """A new topic with its first message."""

    title = forms.CharField(label=_("What it is about"), max_length=LONGEST_TITLE)
    field_order = ("title", "body", "acting_for", "language", "uploads", "decide", "until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["body"].required = True
        del self.fields["reply_to"]


class TopicNameForm(forms.Form):
    """The name of a topic."""

    title = forms.CharField(label=_("What it is about"), max_length=LONGEST_TITLE)
    language = forms.ChoiceField(label=_("Language of the title"), required=False, widget=Segmented)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]


class EditForm(forms.Form):
    """A message that was written, to be changed."""

    body = TextField(
        label=_("Message"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_MESSAGE}),
    )
    language = forms.ChoiceField(label=_("Language of the message"), required=False, widget=Segmented)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Another topic of the same room. `following`: all later messages of its topic too, where that is offered."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), to_field_name="number")
    following = forms.BooleanField(label=_("With all messages after it"), required=False)

    def __init__(self, *args: Any, room: Room, without: Topic, whole: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["topic"]
        assert isinstance(field, forms.ModelChoiceField)
        others = Topic.objects.filter(room_id=room.pk, closed_at__isnull=True, merged_into__isnull=True)
        field.queryset = others.exclude(pk=without.pk).order_by("-last_at")[:200]
        field.queryset = Topic.objects.filter(pk__in=list(field.queryset.values_list("pk", flat=True))).order_by(
            "-last_at"
        )
        field.label_from_instance = lambda topic: topic.title  # type: ignore[method-assign, assignment]
        if whole:
            del self.fields["following"]
