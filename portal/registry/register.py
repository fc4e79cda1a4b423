"""What is common to everything announced: a name that is unique among its kind."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

Text = str | Promise


class Named(Protocol):
    """Anything announced has a name that is unique among its kind."""

    @property
    def name(self) -> str: ...


Item = TypeVar("Item", bound=Named)


class Register(Generic[Item]):
    """An ordered collection of announced items of one kind, each name once."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[str, Item] = {}

    def add(self, *items: Item) -> None:
        """Announce `items`.

        Raises ImproperlyConfigured when a name is taken: two apps must not silently replace each other.
        """
        for item in items:
            if item.name in self._items:
                raise ImproperlyConfigured(f"{self.kind} {item.name!r} is announced twice")
            self._items[item.name] = item

    def get(self, name: str) -> Item | None:
        """The item announced under `name`, or None."""
        return self._items.get(name)

    def __getitem__(self, name: str) -> Item:
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[Item]:
        return iter(sorted(self._items.values(), key=lambda item: getattr(item, "order", 0)))

    def __len__(self) -> int:
        return len(self._items)
