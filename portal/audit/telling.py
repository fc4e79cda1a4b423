"""How the details of entries are read: makers of `Detail.told` from what the announcing app knows.

Details are codes, numbers and days (`portal.audit.services.record`). Each maker gives a function that is asked once
for a page of entries, so that a vocabulary that lies in the database costs one query. A code that is not known (any
more) is shown as it is: the record outlives vocabularies. Several values are listed with dots between them, for they
are labels and no words of a sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.models import Model, TextChoices
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.registry import Detail, Teller, Text
from portal.ui.formats import day, number

APART: Final = " · "
PAIRS_APART: Final = " | "

log = logging.getLogger(__name__)


def told(detail: Detail, values: Sequence[Any]) -> list[str]:
    """Each of `values`, which entries keep under `detail`, in words.

    What cannot be read is shown as it is: nobody who writes nonsense past the services can close the record.
    """
    try:
        return [str(text) for text in detail.told(values)] if detail.told else [plainly(value) for value in values]
    except Exception:
        log.warning("The detail %r of the record could not be read", detail.name, exc_info=True)
    if len(values) == 1:
        return [plainly(values[0])]
    return [told(detail, [value])[0] for value in values]


def plainly(value: Any) -> str:
    """A value without a vocabulary: numbers, yes and no, and texts as they are."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        return listed((str(key), plainly(one)) for key, one in value.items())
    if isinstance(value, list):
        return APART.join(map(plainly, value))
    return "" if value is None else str(value)


def listed(pairs: Iterable[tuple[str, str]]) -> str:
    """Labels with what they say, in one line."""
    return PAIRS_APART.join(f"{label}: {text}" for label, text in pairs)


def each(said: Callable[[Any], Text]) -> Teller:
    """Each value, or each of a list, said by itself."""
    return lambda values: [APART.join(str(said(one)) for one in _listed(value)) for value in values]


def whole(said: Callable[[Any], Text]) -> Teller:
    """Each value as a whole, lists and mappings too."""
    return lambda values: [said(value) for value in values]


def words(known: Mapping[str, Text]) -> Teller:
    """Codes by the words that are given for them."""
    return each(lambda code: known.get(code, code))


def choices(*kinds: type[TextChoices]) -> Teller:
    """Codes by the labels of an enumeration."""
    return words({str(choice.value): choice.label for kind in kinds for choice in kind})


def fields(*models: type[Model], **others: Text) -> Teller:
    """Names of fields by `others`, else by what the first of `models` that has one calls it in its forms."""
    known: dict[str, Text] = {
        field.name: field.verbose_name
        for model in reversed(models)
        for field in model._meta.fields
        if isinstance(field.verbose_name, Promise)
    }
    known |= others
    return each(lambda code: capfirst(str(known.get(code, code))))


def looked_up(names: Callable[[Collection[Any]], Mapping[Any, Text]]) -> Teller:
    """Codes or numbers by what `names` finds for all of them at once."""

    def said(values: Sequence[Any]) -> list[str]:
        codes = {code for value in values for code in _listed(value)}
        known = names(codes) if codes else {}
        return [APART.join(str(known.get(code, code)) for code in _listed(value)) for value in values]

    return said


def parts(*details: Detail) -> Teller:
    """Mappings whose keys are `details` themselves."""
    known = {detail.name: detail for detail in details}

    def said(values: Sequence[Mapping[str, Any]]) -> list[str]:
        texts: list[dict[str, str]] = [{} for _value in values]
        for name in dict.fromkeys([*known, *(name for value in values for name in value)]):
            having = [place for place, value in enumerate(values) if name in value]
            detail = known.get(name, Detail(name=name, label=name))
            for place, text in zip(having, told(detail, [values[place][name] for place in having]), strict=True):
                texts[place][str(detail.label)] = text
        return [listed(pairs.items()) for pairs in texts]

    return said


def _day(code: str) -> str:
    return day(date.fromisoformat(code), "plain")


def _people(numbers: Collection[Any]) -> dict[Any, Text]:
    return {person.pk: str(person) for person in get_user_model().objects.filter(pk__in=numbers)}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


days: Final = each(_day)
"""Days as they are kept, "2027-06-10"."""
people: Final = looked_up(_people)
"""People by their numbers, with the names they have now."""
some_words: Final = words({"words": gettext_lazy("words that are not kept")})
"""Of words that were typed it is kept only that there were some."""
