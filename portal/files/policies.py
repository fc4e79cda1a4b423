"""Who may download a file: whoever the policy of its kind lets. Each kind is announced with it in a wiring.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.files.models import StoredFile
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User


def can_see(actor: User, stored: StoredFile) -> bool:
    """Whether `actor` may download `stored` now. A kind that no app announces any more is nobody's to see."""
    kind = announced.file_kinds.get(stored.kind)
    return actor.is_active and kind is not None and kind.can_see(actor, stored)
