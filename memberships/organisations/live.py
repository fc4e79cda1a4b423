"""Topics of organisations. Their events say that something changed and carry ids only."""

from memberships.organisations.policies import facts_visible_to
from memberships.people.policies import is_in_network
from portal.accounts.models import User


def may_follow(person: User, key: str) -> bool:
    """Whether `person` may be told of changes of the organisation with that id: who may read what changes there.

    Of one at risk others see the name, and not even that something about it is being done.
    """
    return key.isascii() and key.isdigit() and len(key) < 19 and facts_visible_to(person).filter(pk=int(key)).exists()


def may_follow_directory(person: User, key: str) -> bool:
    """Whether `person` may be told of changes of the directory, which has no parts."""
    return key == "" and is_in_network(person)
