"""Beginning a conversation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from workspaces.chat import policies


class ConversationForm(forms.Form):
    """With whom; `knowingly` appears where somebody would learn of the writer by it."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("With whom"), widget=forms.CheckboxSelectMultiple
    )
    knowingly = forms.BooleanField(label=_("I know, and write all the same"), required=False)

    def __init__(self, *args: Any, actor: User, asks: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["people"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = policies.people_to_write_to(actor).order_by("profile__name_sort", "pk")
        if not asks:
            self.fields["knowingly"].widget = forms.HiddenInput()
