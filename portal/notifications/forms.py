"""Choosing what is mailed, and how."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.notifications.mails.keys import LARGEST
from portal.notifications.selectors import ALL
from portal.registry import announced
from portal.ui.widgets import Switch

PREFIX = "mailed-"


class MailForm(forms.Form):
    """How mails are written, and one switch for each announced kind. `mailed` and `discreet` are what is in force."""

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

    def __init__(self, *args: Any, mailed: dict[str, bool], discreet: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_force = discreet
        self.fields["discreet"].initial = discreet
        self.fields["any_mail"].initial = mailed.get(ALL, True)
        for kind in announced.notification_kinds:
            self.fields[PREFIX + kind.name] = forms.BooleanField(
                label=str(kind.label), required=False, initial=mailed.get(kind.name, kind.mailed), widget=Switch()
            )

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

    def discretion(self) -> bool | None:
        """What the person chose anew about what mails say; None where they left it, so that advice still counts."""
        chosen = bool(self.cleaned_data["discreet"])
        return None if chosen == self.in_force else chosen


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
