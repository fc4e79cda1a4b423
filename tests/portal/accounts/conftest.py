"""What the tests of accounts share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from portal.accounts.models import Invitation, User
from portal.registry import InvitationPurpose, announced
from tests.factories.accounts import person

PURPOSE = "test.gathering"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests() -> None:
    """Limits of attempts and used codes live in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def joined(request: pytest.FixtureRequest) -> Iterator[list[tuple[Invitation, User]]]:
    """An announced purpose of invitations; the list shows who accepted which."""
    accepted: list[tuple[Invitation, User]] = []
    purpose = InvitationPurpose(
        label="Test",
        name=PURPOSE,
        describe=lambda invitation: f"Gathering of {invitation.invited_by.name}",
        accepted=lambda invitation, joining: accepted.append((invitation, joining)),
    )
    announced.invitation_purposes.add(purpose)
    yield accepted
    announced.invitation_purposes._items.pop(PURPOSE)


@pytest.fixture
def host(db: None) -> User:
    """Someone who invites."""
    return person("Hilde Host")
