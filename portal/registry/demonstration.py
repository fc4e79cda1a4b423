"""What an app adds to the demonstration network."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DemonstrationGenerator:
    """Fills one app's part of the demonstration network, deterministic, in rising `order`."""

    name: str
    generate: Callable[[], None]
    order: int = 50
