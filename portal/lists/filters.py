"""Filters that never refuse an address: what they do not know is left out, and kept to be told."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lists.bitsets import Facets
from portal.search.folding import clean_name, query_words
from portal.ui.countries import CODES as COUNTRIES
from portal.ui.formats import join_words
from portal.ui.languages import CODES as LANGUAGES

if TYPE_CHECKING:
    from portal.accounts.models import User

BEST_MATCH = "match"
LONGEST_TEXT = 200
MOST_TOLD = 3
"""So many of the unknown filters are told by name."""


class LenientText(forms.CharField):
    """Text in one line, cut where it is longer than any name."""

    def clean(self, value: Any) -> str:
        return clean_name(str(value or ""))[:LONGEST_TEXT].strip()


class LenientValues(forms.MultipleChoiceField):
    """Those of the given values that are known, each once; the others are in `left_out`."""

    left_out: tuple[str, ...] = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> "LenientValues":
        """Share the choices, hundreds of them, which are made anew for each filter set and never changed."""
        memo[id(self.choices)] = self.choices
        return super().__deepcopy__(memo)

    def clean(self, value: Any) -> list[str]:
        given = [text for text in dict.fromkeys(value or ()) if text]
        known = [text for text in given if self.valid_value(text)]
        self.left_out = tuple(text for text in given if text not in known)
        return known


class LenientValue(forms.ChoiceField):
    """The given value where it is known, else `initial`."""

    left_out: tuple[str, ...] = ()

    def clean(self, value: Any) -> str:
        if value and not self.valid_value(value):
            self.left_out = (value,)
        return value if value and self.valid_value(value) else str(self.initial)


class TextFilter(django_filters.CharFilter):
    """`?q=`"""

    field_class = LenientText


class ValuesFilter(django_filters.MultipleChoiceFilter):
    """`?region=africa&region=americas`: one of the values; its choices are given by the filter set."""

    field_class = LenientValues


class ValueFilter(django_filters.Filter):
    """A way to show the list, not a filter: leaves the rows as they are."""

    field_class = LenientValue

    def __init__(self, *, choices: Iterable[str], **extra: Any) -> None:
        super().__init__(choices=[(value, value) for value in choices], **extra)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs


CODES: Final[Mapping[str, Collection[str]]] = {"language": LANGUAGES, "country": COUNTRIES}
"""All there are may be asked for: that one is known because somebody hidden has it must not show."""


class ListFilter(django_filters.FilterSet):
    """What such lists share: a text `q`, facets, ways to show the list (`sort`), and a sentence on the rest."""

    facet_names: ClassVar[tuple[str, ...]]
    other_names: ClassVar[tuple[str, ...]] = ("page",)
    labels: ClassVar[Mapping[str, Promise]]

    def __init__(self, data: Any, model: type[Model], *, reader: "User", facets: Facets) -> None:
        # An empty address is an address too: the list is then filtered by its defaults.
        super().__init__(data if data is not None else QueryDict(), model._default_manager.none())
        self.is_bound = True
        self.reader = reader
        self.facets = facets
        for name in self.facet_names:
            values = (*self.always(name), *facets.masks[name], *CODES.get(name, ()))
            self.filters[name].extra["choices"] = [(value, value) for value in values]

    def whole(self) -> QuerySet[Any]:
        """The whole list as the reader may see it."""
        raise NotImplementedError

    @property
    def qs(self) -> QuerySet[Any]:
        """The list in SQL: the truth that the counts in memory are tested against. Pages do not ask it."""
        assert self.is_valid(), "lenient fields have no errors"
        return self.filter_queryset(self.whole())

    def always(self, name: str) -> Iterable[str]:
        """Values of a facet that are known whether or not anything has them."""
        return ()

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """All that the address asks for, cleaned: name of the filter → value or values."""
        assert self.form.is_valid(), "lenient fields have no errors"
        return self.form.cleaned_data

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The chosen values of each facet of which some are chosen."""
        return {name: self.values[name] for name in self.facet_names if self.values[name]}

    @property
    def text(self) -> str:
        """The text to look for; empty where none was given."""
        return self.values["q"]

    @property
    def sorted_by(self) -> str:
        """How the list is sorted: as asked for, else the best match of a text first, else by name."""
        asked: str = self.values["sort"]
        if asked == BEST_MATCH and not self.text:
            return "name"
        return asked or (BEST_MATCH if self.text else "name")

    @property
    def is_narrowed(self) -> bool:
        """Whether the address asks for less than the whole list."""
        return bool(self.text or self.chosen)

    @property
    def told(self) -> dict[str, Any]:
        """What narrows the list, for the record; of words that were typed only that there were some."""
        return {**({"q": "words"} if self.text else {}), **self.chosen}

    @property
    def corrections(self) -> list[str]:
        """Sentences on what the address asked for in vain."""
        sentences = []
        if unknown := self._unknown():
            names = [f"“{clean_name(name)[:40]}”" for name in unknown[:MOST_TOLD]]
            names += ["“…”"] if len(unknown) > MOST_TOLD else []
            sentences.append(
                ngettext(
                    "The filter %(names)s is unknown and was left out.",
                    "The filters %(names)s are unknown and were left out.",
                    len(unknown),
                )
                % {"names": join_words(names)}
            )
        if len(str(self.data.get("q", ""))) > LONGEST_TEXT:
            sentences.append(_("The text was too long. Its first 200 characters are searched for."))
        if self.text and not query_words(self.text):
            sentences.append(_("There is no letter and no number in the text, so there is nothing to search for."))
        return sentences

    def _unknown(self) -> list[str]:
        known = {*self.filters, *self.other_names}
        unknown = [name for name in self.data if name not in known]
        for name in self.values:
            unknown += getattr(self.form.fields[name], "left_out", ())
        return unknown

    def address(self, *, without: tuple[str, str] | None = None, **changes: Any) -> str:
        """The query string for the list as it is now, cleaned, from its first page.

        `changes` replace values (None or an empty one takes a filter away); `without` ("region", "africa") takes one
        value of a facet away. Starts with "?" also when nothing is left, so that it always leads somewhere.
        """
        query = QueryDict(mutable=True)
        for name, value in ({**self.values, **changes}).items():
            values = list(value) if isinstance(value, list | tuple) else [value] if value else []
            if without and without[0] == name:
                values = [kept for kept in values if kept != without[1]]
            if values and values != [self._initial(name)]:
                query.setlist(name, values)
        return f"?{query.urlencode()}"

    def _initial(self, name: str) -> Any:
        return self.filters[name].extra.get("initial") if name in self.filters else None

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The ways to show the list that were asked for: what the form of facets hands on."""
        names = [name for name in self.values if name != "q" and name not in self.facet_names]
        return [(name, self.values[name]) for name in names if self.values[name] not in ("", self._initial(name))]

    @property
    def cleared(self) -> str:
        """The address of the whole list, shown as it is now."""
        return self.address(q=None, **dict.fromkeys(self.facet_names))
