"""Who may download a file: whoever the policy of its kind lets. Each kind is announced with it in a wiring.py."""

from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.registry import announced


def can_see(actor: User, stored: StoredFile) -> bool:
    """Whether `actor` may download `stored` now. A kind that no app announces any more is nobody's to see."""
    kind = announced.file_kinds.get(stored.kind)
    return actor.is_active and kind is not None and kind.can_see(actor, stored)
