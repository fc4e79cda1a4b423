"""Choosing what is mailed, when and how, and how much one is told from where."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.notifications.mails.keys import LARGEST
from portal.notifications.models import MailSettings
from portal.notifications.selectors import ALL, WORDS
from portal.notifications.services import MailTimes
from portal.registry import Level, announced
from portal.ui.digits import localise_digits
from portal.ui.widgets import RadioCards, Switch

PREFIX = "mailed-"


def hours() -> list[tuple[int, str]]:
    """The hours of a day, as the reader writes them."""
    return [(hour, localise_digits(f"{hour:02}:00")) for hour in range(24)]


def weekdays() -> list[tuple[int, str]]:
    """The days of a week from Monday, which is 0."""
    return [(day, capfirst(str(WEEKDAYS[day]))) for day in range(7)]


def clock_input() -> forms.TimeInput:
    """A time of day in whole minutes."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "narrow-input"})


class MailForm(forms.Form):
    """How and when mails come, and one switch for each announced kind.

    `mailed`, `discreet` and `times` are what is in force; times that are not sent stay as they are.
    """

    pace = forms.ChoiceField(
        label=_("How often"),
        help_text=_("What cannot wait, such as the security of accounts, is mailed at once in any case."),
        choices=MailSettings.Pace,
        widget=RadioCards(
            hints={
                MailSettings.Pace.AT_ONCE: _("Each by itself, as it happens."),
                MailSettings.Pace.DAILY: _("All that you have not read by then, in one mail."),
                MailSettings.Pace.WEEKLY: _("All that you have not read by then, in one mail."),
            }
        ),
    )
    hour = forms.TypedChoiceField(label=_("Hour of the one mail"), coerce=int, choices=hours)
    weekday = forms.TypedChoiceField(label=_("Day of the weekly mail"), coerce=int, choices=weekdays)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=clock_input())
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=clock_input())
    discreet = forms.BooleanField(
        label=_("Mails say only that something awaits me"),
        help_text=_("All mails look the same then and name nobody and nothing. What it is you read after signing in."),
        required=False,
        widget=Switch(),
    )
    any_mail = forms.BooleanField(
        label=_("Mail me what I am told here"),
        help_text=_("Links that you ask for and changes of how you sign in are mailed in any case."),
        required=False,
        widget=Switch(),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        mailed: dict[str, bool],
        discreet: bool,
        times: MailSettings,
        **kwargs: Any,
    ) -> None:
        initial = _initial(times)
        if data is not None:
            data = data.copy()
            for name in initial.keys() - data.keys():
                data[name] = initial[name]
        super().__init__(data, initial=initial, **kwargs)
        self.in_force = discreet
        self.fields["discreet"].initial = discreet
        self.fields["any_mail"].initial = mailed.get(ALL, True)
        for kind in announced.notification_kinds:
            self.fields[PREFIX + kind.name] = forms.BooleanField(
                label=str(kind.label), required=False, initial=mailed.get(kind.name, kind.mailed), widget=Switch()
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if not self.errors and (begin is None) != (end is None):
            self.add_error("quiet_until" if end is None else "quiet_from", _("Give both hours, or neither."))
        elif begin is not None and begin == end:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        return cleaned

    def kinds(self) -> list[forms.BoundField]:
        """The switches of the kinds, for the page."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def chosen(self) -> dict[str, bool]:
        """For each kind whether it is to be mailed, and under ALL whether any is; after `is_valid()`."""
        kinds = {
            name.removeprefix(PREFIX): bool(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }
        return {ALL: bool(self.cleaned_data["any_mail"]), **kinds}

    def times(self) -> MailTimes:
        """When mails are to come; after `is_valid()`."""
        values = self.cleaned_data
        begin, end = values["quiet_from"], values["quiet_until"]
        quiet = None if begin is None or end is None else (begin, end)
        return MailTimes(pace=values["pace"], hour=values["hour"], weekday=values["weekday"], quiet=quiet)

    def discretion(self) -> bool | None:
        """What the person chose anew about what mails say; None where they left it, so that advice still counts."""
        chosen = bool(self.cleaned_data["discreet"])
        return None if chosen == self.in_force else chosen


def _initial(times: MailSettings) -> dict[str, Any]:
    return {
        "pace": times.pace,
        "hour": times.digest_hour,
        "weekday": times.digest_weekday,
        "quiet_from": times.quiet_from.strftime("%H:%M") if times.quiet_from else "",
        "quiet_until": times.quiet_until.strftime("%H:%M") if times.quiet_until else "",
    }


class LevelForm(forms.Form):
    """How much the reader is told from one place; "" gives their choice up."""

    level = forms.ChoiceField(
        choices=[*((level.value, word) for level, word in WORDS.items()), ("", _("As usual"))],
        required=False,
        widget=RadioCards(
            hints={
                Level.ALL: _("Whatever happens there."),
                Level.NOTHING: _("Not even what is addressed to me."),
                Level.MENTIONS: _("What is addressed to me, and nothing else."),
                "": _("What I chose for all around it, or else what is usual there."),
            }
        ),
    )

    def chosen(self) -> Level | None:
        """The level, None where the choice is given up; after `is_valid()`."""
        return Level(self.cleaned_data["level"]) if self.cleaned_data["level"] else None


class Unrepeated(forms.Textarea):
    """A text that is not shown again: it may be a private key."""

    def format_value(self, value: Any) -> None:
        return None


class KeyForm(forms.Form):
    """A public key, pasted or as a file."""

    public_key = forms.CharField(
        label=_("Public key as text"),
        help_text=_("All of it, from the line with BEGIN PGP PUBLIC KEY BLOCK to the one with END."),
        required=False,
        max_length=LARGEST,
        widget=Unrepeated(attrs={"rows": 8, "dir": "ltr", "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("Or the file that holds it"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".asc,.gpg,.pgp,.key,application/pgp-keys"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("public_key", "").strip()) == bool(cleaned.get("file")):
            raise forms.ValidationError(_("Give the key either as text or as a file."))
        return cleaned

    def content(self) -> bytes:
        """What was given, at most a byte longer than a key may be; after `is_valid()`."""
        file = self.cleaned_data.get("file")
        return file.read(LARGEST + 1) if file else self.cleaned_data["public_key"].encode()

    def refuse(self, sentence: Any) -> None:
        """Say beside the field why the key cannot be used."""
        self.add_error("file" if self.cleaned_data.get("file") else "public_key", sentence)
