"""What a name may consist of."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Letters of Persian, Kurdish, Urdu and of the Indian scripts are joined and parted by these two.
_JOINERS = frozenset("\u200c\u200d")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})  # control, format, private use, surrogate


def _is_unseen(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in _UNSEEN


def validate_name(name: str) -> None:
    """Refuse what a reader cannot see: control characters and marks that turn the direction of writing.

    A right-to-left override in a name lets it pose as another one. Raises ValidationError.
    """
    if any(map(_is_unseen, name)):
        raise ValidationError(_("Remove the invisible characters from the name."), code="invisible")
    if name.strip() and not any(character.isalnum() for character in name):
        raise ValidationError(_("A name needs at least one letter."), code="no_letter")
