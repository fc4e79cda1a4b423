"""What is asked to lock an account, and to unlock one."""

from django import forms
from django.utils.translation import gettext_lazy as _

WHY_CHARACTERS = 500


class LockDownForm(forms.Form):
    """Address and code, for whoever stands at any browser in the world."""

    error_title = _("Nothing is locked yet")

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr"}),
    )
    code = forms.CharField(
        label=_("Lock-down code"),
        max_length=64,
        help_text=_("Sixteen letters and digits. Spaces, hyphens and capitals make no difference."),
        # Nothing that fills in forms keeps it: whoever holds the device would find it there.
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )


class LockColleagueForm(forms.Form):
    """Why a keeper locks somebody's account."""

    error_title = _("The account is not locked yet")

    why = forms.CharField(
        label=_("What has happened"),
        required=False,
        max_length=WHY_CHARACTERS,
        help_text=_("May stay empty if there is no time. Read by those who may unlock it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class UnlockForm(forms.Form):
    """What each of the two people who unlock an account answers for."""

    error_title = _("Nothing is unlocked yet")

    why = forms.CharField(
        label=_("How you know that it is them, and that they are free"),
        max_length=WHY_CHARACTERS,
        help_text=_("For example: met in person, or heard and seen, by whom and when. It is kept in the record."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
