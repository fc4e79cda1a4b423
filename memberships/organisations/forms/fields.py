"""What several forms of an organisation share."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.search.folding import sort_key

_LARGEST_VERSION: Final = 2**31 - 1

_label_key = lru_cache(maxsize=4096)(sort_key)  # of the same few hundred labels in every form


def sorted_choices(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices in the order of their labels in the active language."""
    return sorted(pairs, key=lambda pair: _label_key(pair[1]))


def version_field() -> forms.IntegerField:
    """The version of the profile that the reader had before them."""
    late = _("This page has been open for too long. Open it again; copy what you typed first.")
    return forms.IntegerField(
        min_value=0,
        max_value=_LARGEST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), late),
    )
