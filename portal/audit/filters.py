"""Narrowing the record down."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.audit.models import Entry
from portal.registry import announced


class EntryFilter(django_filters.FilterSet):
    """By words in the names, by verb, by day (UTC)."""

    q = django_filters.CharFilter(method="by_name", label=_("Person, organisation or thing"), max_length=200)
    verb = django_filters.ChoiceFilter(
        choices=lambda: [(verb.name, verb.label) for verb in announced.audit_verbs],
        label=_("What was done"),
        empty_label=_("Everything"),
    )
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From (day, UTC)"))
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("To (day, UTC)"))

    class Meta:
        model = Entry
        fields = ()

    def by_name(self, entries: QuerySet[Entry], _name: str, words: str) -> QuerySet[Entry]:
        """Every word must occur in one of the names."""
        for word in words.split()[:8]:
            entries = entries.filter(
                Q(actor_name__icontains=word) | Q(acting_for_name__icontains=word) | Q(target_name__icontains=word)
            )
        return entries
