"""What people announce about lock-downs; `wiring` takes it in."""

from memberships.people import policies
from memberships.people.selectors import organisations_of
from memberships.people.services.effects import publish_change
from portal.accounts.models import User
from portal.registry import LockdownFollower, LockdownKeeper, announced


def shown_differently(person: User) -> None:
    """Whoever is locked is shown nowhere, so that nobody writes to an account that somebody else may read."""
    for acting in organisations_of(person):
        publish_change(acting.organisation, [person])


announced.lockdown_keepers.add(
    LockdownKeeper(name="people.administrators", kept_by=policies.kept_by, keepers_of=policies.keepers_of)
)
announced.lockdown_followers.add(
    LockdownFollower(name="people.shown", locked=shown_differently, unlocked=shown_differently)
)
