"""How a room is kept, and what one shows of oneself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.widgets import Switch
from workspaces.chat.services.keeping import LONGEST_DAYS


class RetentionForm(forms.Form):
    """After how many days messages vanish; empty: they stay."""

    days = forms.IntegerField(
        label=_("Messages vanish after so many days"),
        help_text=_("Empty: they stay. It counts for what was written already, too. Decisions stay always."),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
    )


class SeenForm(forms.Form):
    """Whether others see what one has read."""

    seen = forms.BooleanField(
        label=_("Let others see what I have read"),
        help_text=_("Only those see it who let it be seen themselves."),
        required=False,
        widget=Switch,
    )
