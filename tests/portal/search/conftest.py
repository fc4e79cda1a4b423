"""A kind of thing to be found that belongs to no app: shelves, found by everyone whose account is open."""

from dataclasses import dataclass, field

import pytest

from portal.accounts.models import User
from portal.registry import SearchDocument, SearchResult, SearchSource, announced
from tests.factories.accounts import person

SHELF = "shelf"


@dataclass
class Shelf:
    """What is there to be found. Its things are rows of people, for want of a model of its own."""

    documents: dict[int, SearchDocument] = field(default_factory=dict)

    def add(self, *names, keywords=(), body="", hidden=False) -> int:
        """Put a thing on the shelf; `hidden`: nobody may see it."""
        pk = person(is_active=not hidden).pk
        self.documents[pk] = SearchDocument(object_id=pk, names=names, keywords=keywords, body=body)
        return pk


@pytest.fixture
def shelf(db):
    things = Shelf()

    def documents(ids):
        return (things.documents[pk] for pk in (things.documents if ids is None else ids) if pk in things.documents)

    def results(_reader, ids):
        return [
            SearchResult(object_id=pk, title=things.documents[pk].names[0], detail="", url=f"/things/{pk}/")
            for pk in ids
        ]

    announced.search_sources.add(
        SearchSource(
            name=SHELF,
            label="Shelf",
            visible_to=lambda _reader: User.objects.filter(is_active=True),
            results=results,
            documents=documents,
            order=-1,
        )
    )
    yield things
    del announced.search_sources._items[SHELF]
