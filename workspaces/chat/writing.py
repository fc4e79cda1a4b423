"""What may stand in a message, and whom it calls by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workspaces.chat.models import LONGEST_MESSAGE, LONGEST_TITLE

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation
    from portal.accounts.models import User

Called = TypeVar("Called")

MOST_MENTIONS: Final = 20
"""So many places with an @ are looked at: who calls everybody calls nobody."""
# Turn the order of what follows round and hide what a line says (Unicode 16, UAX 9, 2.2): nobody types them. Isolates
# and marks stay, for mixed Arabic and Latin lines need them, and end with their paragraph.
_OVERRIDES: Final = dict.fromkeys([0x202A, 0x202B, 0x202C, 0x202D, 0x202E])
_LANGUAGES: Final = frozenset(dict(settings.LANGUAGES))


def clean_text(text: str) -> str:
    """`text` with one kind of line end and without what cannot be seen and can mislead: control characters, overrides
    of the writing direction, tags, halves of a pair."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_OVERRIDES)
    kept = "".join(char for char in text if not _is_unfit(char))
    return re.sub(r"\n{3,}", "\n\n", unicodedata.normalize("NFC", kept)).strip()


def _is_unfit(char: str) -> bool:
    if char in "\n\t":
        return False
    code = ord(char)
    return unicodedata.category(char) in {"Cc", "Cs"} or 0xE0000 <= code <= 0xE007F or code & 0xFFFE == 0xFFFE


def checked_body(text: str) -> str:
    """A message as it is kept. Raises ValidationError by field where it is empty or too long."""
    body = clean_text(text)
    if not body:
        raise ValidationError({"body": _("Write something first.")})
    if len(body) > LONGEST_MESSAGE:
        sentence = _("A message has at most %(most)s characters. Put longer texts into a file.")
        raise ValidationError({"body": sentence % {"most": f"{LONGEST_MESSAGE:,}".replace(",", " ")}})
    return body


def checked_title(text: str) -> str:
    """The title of a topic as it is kept. Raises ValidationError by field."""
    title = " ".join(clean_text(text).split())
    if not title:
        raise ValidationError({"title": _("Say in a few words what it is about.")})
    if len(title) > LONGEST_TITLE:
        raise ValidationError({"title": _("At most 120 characters, so that it can be read in a list.")})
    return title


def checked_language(code: str) -> str:
    """The code of a language of the interface, or "" where it is not said. Raises ValidationError by field."""
    if code and code not in _LANGUAGES:
        raise ValidationError({"language": _("Choose one of the languages.")})
    return code


@dataclass(frozen=True)
class Found:
    """Whom a message calls."""

    people: tuple[User, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    facilitators: bool = False

    def __bool__(self) -> bool:
        return bool(self.people or self.organisations or self.facilitators)


@cache
def words_for_facilitators() -> frozenset[str]:
    """What those who keep a group are called after the @, in each language of the interface."""
    found = {"facilitators"}
    for code in _LANGUAGES:
        with translation.override(code):
            found.add(gettext("facilitators").casefold())
    return frozenset(found)


def mentions_in(body: str, called: Mapping[str, Called]) -> list[Called]:
    """Whom of `called` (by what they are called, case-folded) `body` names after an @; the longest name wins."""
    found: list[Called] = []
    names = sorted(called, key=len, reverse=True)
    folded = body.casefold()
    places = [place.end() for place in re.finditer(r"(?<!\w)@", folded)][:MOST_MENTIONS]
    for place in places:
        name = next((name for name in names if name and _stands(folded, name, place)), None)
        if name is not None and called[name] not in found:
            found.append(called[name])
    return found


def _stands(text: str, name: str, place: int) -> bool:
    after = text[place + len(name) : place + len(name) + 1]
    return text.startswith(name, place) and not after.isalnum()


def by_name(named: Iterable[tuple[str, Called]]) -> dict[str, list[Called]]:
    """What is called so, by its name in the form that is looked for. Several may be called alike: all are meant."""
    found: dict[str, list[Called]] = {}
    for name, one in named:
        if name.strip():
            found.setdefault(" ".join(name.split()).casefold(), []).append(one)
    return found
