"""Naming organisations and people in a text, one on each line, where there are too many for a list to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from memberships.organisations.models import Organisation
from portal.accounts.models import User
from portal.search.folding import clean_name, fold, query_words, words
from portal.search.selectors import matching
from portal.ui.formats import join_words

MOST_NAMES: Final = 30
_TOLD: Final = 4
Thing = TypeVar("Thing", bound=Model)


class NamedField(forms.CharField, Generic[Thing]):
    """The things whose names are given, one on each line: whole names, acronyms, or as much of them as leaves no doubt.

    `known` are those that may be named, at first none; a name that is nobody's there is told like one that is
    unknown. `names_of` gives the ways in which a thing may be called.
    """

    def __init__(self, *, source: str, names_of: Callable[[Thing], Iterable[str]], **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
        super().__init__(required=False, max_length=5000, **options)
        self.source, self.names_of = source, names_of
        self.known: QuerySet[Thing] | None = None

    def clean(self, value: Any) -> list[Thing]:
        """The things, each once. Raises ValidationError with a sentence for each line that is in doubt."""
        lines = [line for line in (clean_name(row) for row in str(super().clean(value)).splitlines()) if line]
        if len(lines) > MOST_NAMES:
            raise ValidationError(_("At most %(count)s at once. Invite the others later.") % {"count": MOST_NAMES})
        found: dict[Any, Thing] = {}
        wrong = []
        for line in dict.fromkeys(lines):
            candidates = self._called(line)
            if len(candidates) == 1:
                found[candidates[0].pk] = candidates[0]
            else:
                wrong.append(self._doubt(line, candidates))
        if wrong:
            raise ValidationError(wrong)
        return list(found.values())

    def _called(self, line: str) -> list[Thing]:
        """Those that are called exactly so; else those in whose names all its words are."""
        if self.known is None or not query_words(line):
            return []
        near = list(self.known.filter(pk__in=matching(self.source, line))[:50])
        exact = [one for one in near if fold(line) in {fold(name) for name in self.names_of(one) if name}]
        return exact or [one for one in near if self._has_all(one, query_words(line))]

    def _has_all(self, thing: Thing, typed: Sequence[str]) -> bool:
        """Whether each typed word begins a word of its names: the index knows other words of it too."""
        known = [word for name in self.names_of(thing) for word in words(name)]
        return all(any(word.startswith(beginning) for word in known) for beginning in typed)

    def _doubt(self, line: str, candidates: Sequence[Thing]) -> str:
        if not candidates:
            return _("Nobody is known by the name “%(name)s”.") % {"name": line[:80]}
        named = [f"“{next(iter(self.names_of(one)))}”" for one in candidates[:_TOLD]]
        if len(candidates) > _TOLD:
            named.append("“…”")
        said = {"name": line[:80], "names": join_words(named)}
        return _("“%(name)s” may be any of %(names)s. Write the whole name.") % said


def organisations_field(**options: Any) -> NamedField[Organisation]:
    """Organisations by name in English, their own, or acronym."""
    return NamedField(source="organisation", names_of=_names_of_organisation, **options)


def people_field(**options: Any) -> NamedField[User]:
    """People by name."""
    return NamedField(source="person", names_of=lambda person: [person.name], **options)


def _names_of_organisation(organisation: Organisation) -> list[str]:
    return [organisation.name, organisation.native_name, organisation.acronym]
