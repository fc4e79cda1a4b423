"""The field for names and titles."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.validators import validate_name
from portal.search.folding import clean_name


class NameField(forms.CharField):
    """One line that names a person or a title: no invisible characters, single spaces."""

    def clean(self, value: Any) -> str:
        """The name in one line, composed. Raises ValidationError."""
        text = super().clean(value)
        if text:
            validate_name(" ".join(text.split()) or text)
        return clean_name(text)
