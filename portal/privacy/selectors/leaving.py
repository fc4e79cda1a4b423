"""Reads about leaving: what should be settled first, and wishes to be erased."""

from __future__ import annotations

from portal.accounts.models import User
from portal.accounts.tokens import token_hash
from portal.privacy.models import ErasureRequest
from portal.registry import Concern, announced


def concerns_of(person: User) -> list[Concern]:
    """What `person` is asked to settle before they go, of all apps."""
    return [
        concern
        for follower in announced.erasure_followers
        if follower.concerns is not None
        for concern in follower.concerns(person)
    ]


def wish_with(token: str) -> ErasureRequest | None:
    """The wish that a link's token belongs to, in whatever state."""
    return ErasureRequest.objects.select_related("person").filter(token_hash=token_hash(token)).first()
