"""Whether an account is locked: the one question that others ask. Who may lock is in `policies`, how in `services`.

What asks whether a person is active needs not ask this: nobody locked is active, the database sees to it.
"""

from portal.accounts.models import User
from portal.registry import LockdownFollower, LockdownKeeper

__all__ = ["LockdownFollower", "LockdownKeeper", "is_locked"]


def is_locked(person_id: int) -> bool:
    """Whether the account of that person is locked now; read afresh."""
    return User.objects.filter(pk=person_id, locked_at__isnull=False).exists()
