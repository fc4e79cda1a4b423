"""What an app stores and takes in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.registry.register import Text

if TYPE_CHECKING:
    from django.db.models import Model

    from portal.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """A kind of stored file; `can_see(person, file)` decides on each download.

    `personal`: the files of this kind belong to whoever uploaded them, leave with them and are in their export.
    """

    name: str
    label: Text
    can_see: Callable[["User", "Model"], bool]
    personal: bool = False


@dataclass(frozen=True, kw_only=True)
class LargeBody:
    """A page that takes more than an ordinary form: `name` of its URL with the namespace, and how many bytes in all.

    The proxy in `deploy/` knows the same pages; a test holds the two together.
    """

    name: str
    most_bytes: int
