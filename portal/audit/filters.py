"""Narrowing the record down."""

from datetime import date, datetime, time
from typing import Any

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.audit.models import Entry
from portal.audit.selectors import PERSON
from portal.registry import announced

MOST_WORDS = 8


def _verbs() -> list[tuple[str, str | Promise]]:
    return sorted(((verb.name, verb.label) for verb in announced.audit_verbs), key=lambda pair: str(pair[1]).casefold())


def _kinds() -> list[tuple[str, str | Promise]]:
    kinds = [(PERSON, _("Person")), *((kind.name, kind.label) for kind in announced.recorded_things)]
    return sorted(kinds, key=lambda pair: str(pair[1]).casefold())


def _with_words(words: str, **lookups: str) -> Q:
    """Every word must occur in the field."""
    ((name, lookup),) = lookups.items()
    return Q(*(Q(**{f"{name}__{lookup}": word}) for word in words.split()[:MOST_WORDS]))


class EntryFilter(django_filters.FilterSet):
    """By words in the names of who acted, for whom and to what; by verb and kind; by day, in the reader's time zone.

    People are found by the names they have now: the record itself knows none.
    """

    who = django_filters.CharFilter(method="by_actor", label=_("Who"), max_length=200)
    acting_for = django_filters.CharFilter(method="by_acting_for", label=_("Acting for"), max_length=200)
    verb = django_filters.ChoiceFilter(choices=_verbs, label=_("What was done"), empty_label=_("Everything"))
    kind = django_filters.ChoiceFilter(
        field_name="target_type", choices=_kinds, label=_("Kind of thing"), empty_label=_("Every kind")
    )
    target = django_filters.CharFilter(method="by_target", label=_("To what or whom"), max_length=200)
    since = django_filters.DateFilter(
        method="by_first_day",
        label=pgettext_lazy("day", "From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = django_filters.DateFilter(
        method="by_last_day",
        label=pgettext_lazy("day", "To"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = Entry
        fields = ()

    def by_actor(self, entries: QuerySet[Entry], _name: str, words: str) -> QuerySet[Entry]:
        """Who did it."""
        return entries.filter(_with_words(words, actor__name="icontains"))

    def by_acting_for(self, entries: QuerySet[Entry], _name: str, words: str) -> QuerySet[Entry]:
        """For whom, by the name of that moment."""
        return entries.filter(_with_words(words, acting_for_name="icontains"))

    def by_target(self, entries: QuerySet[Entry], _name: str, words: str) -> QuerySet[Entry]:
        """To whom, by the name of now; to what, by the name of that moment."""
        people = get_user_model().objects.filter(_with_words(words, name="icontains"))
        person = Q(target_type=PERSON, target_id__in=people.values("pk"))
        return entries.filter(person | _with_words(words, target_name="icontains"))

    def by_first_day(self, entries: QuerySet[Entry], _name: str, day: date) -> QuerySet[Entry]:
        """From the beginning of that day."""
        return entries.filter(at__gte=timezone.make_aware(datetime.combine(day, time.min)))

    def by_last_day(self, entries: QuerySet[Entry], _name: str, day: date) -> QuerySet[Entry]:
        """To the end of that day."""
        return entries.filter(at__lte=timezone.make_aware(datetime.combine(day, time.max)))

    @property
    def found(self) -> QuerySet[Entry]:
        """The entries, none where something asked for makes no sense."""
        return self.qs if self.is_valid() else self.queryset.none()

    @property
    def told(self) -> dict[str, str]:
        """What narrows the list, for the record: codes and days as they are, of words only that there were some."""
        if not self.is_valid():
            return {}
        given: dict[str, Any] = {name: value for name, value in self.form.cleaned_data.items() if value}
        typed = {"who", "acting_for", "target"}
        return {name: "words" if name in typed else str(value) for name, value in given.items()}
