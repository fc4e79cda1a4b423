"""What rooms do while somebody's account is locked: what waits for a decision in their name is flagged."""

from portal.accounts.models import User
from portal.registry import LockdownFollower, announced
from workspaces.chat.models import Decision, Position

_OPEN = Decision.State.OPEN


def _flag(person: User, flagged: bool) -> None:
    """It may not have been they who proposed or said it: others see so, and nothing of it is recorded meanwhile."""
    Decision.objects.filter(proposed_by_id=person.pk, state=_OPEN).update(is_flagged=flagged)
    Position.objects.filter(person_id=person.pk, decision__state=_OPEN).update(is_flagged=flagged)


announced.lockdown_followers.add(
    LockdownFollower(
        name="chat.decisions",
        locked=lambda person: _flag(person, True),
        unlocked=lambda person: _flag(person, False),
    )
)
