"""Asking the index."""

from django.db.models import QuerySet

from portal.search.models import Document


def matching(source: str, text: str) -> QuerySet[Document, int]:
    """The object ids of `source` whose words match all words of `text` (prefixes count), for use in `pk__in`."""
    raise NotImplementedError
