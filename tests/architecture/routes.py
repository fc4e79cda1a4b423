"""Walking the URL configuration."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One pattern: its full name ("namespace:name"), its path as written, its view."""

    name: str
    path: str
    view: Callable


def routes() -> Iterator[Route]:
    """Every pattern of the site."""
    yield from _walk(get_resolver().url_patterns, "", ())


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            namespace = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern.url_patterns, path, (*spaces, *namespace))
        else:
            yield Route(":".join((*spaces, pattern.name or "")), path, pattern.callback)
