"""What an app has to do with accounts: invitations, names, roles, secrets, lock-downs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.registry.register import Text

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class InvitationPurpose:
    """What an invitation leads to. `accepted(invitation, person)` runs in the transaction of the acceptance.

    `describe(invitation)` is the sentence shown on the invitation's page and in its mail, `label` what the record calls
    the purpose.
    """

    name: str
    label: Text
    describe: Callable[[Any], Text]
    accepted: Callable[[Any, "User"], None]


@dataclass(frozen=True, kw_only=True)
class NameFollower:
    """Whatever keeps something made of a person's name (a sort key, an index) and follows when the name changes.

    `renamed(person)` runs in the transaction of the change.
    """

    name: str
    renamed: Callable[["User"], None]


@dataclass(frozen=True, kw_only=True)
class PersonAction:
    """Something that one person may do with another, offered on the other's page as a link: `label`, `icon`.

    `url(reader, person)` is where it leads, None where this reader may not. It is asked only of who may see the page,
    and costs no query.
    """

    name: str
    label: Text
    icon: str
    url: Callable[["User", "User"], str | None]
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class PrivilegedRole:
    """A role whose rights need a second factor. Who holds it is shown as holding it, whether they have one or not.

    `held_by(person)` is asked for every page, so it must cost nothing where the person's roles are loaded already.
    `holders()` gives the pks of everybody who holds it now.
    """

    name: str
    held_by: Callable[["User"], bool]
    holders: Callable[[], "QuerySet[Any]"]


@dataclass(frozen=True, kw_only=True)
class SealedStore:
    """Something kept encrypted with the factor key. `rotate()` closes all of it with the current key; returns how much.

    It takes the rows under lock, a few at a time, and can be run again after it was broken off.
    """

    name: str
    rotate: Callable[[], int]


@dataclass(frozen=True, kw_only=True)
class LockdownKeeper:
    """Who, beside the Secretariat, may lock a person's account and take part in unlocking it.

    `kept_by(actor)` gives the people whose keeper `actor` is now, `keepers_of(person)` those who are told.
    """

    name: str
    kept_by: Callable[["User"], "QuerySet[User]"]
    keepers_of: Callable[["User"], "QuerySet[User]"]


@dataclass(frozen=True, kw_only=True)
class LockdownFollower:
    """Whatever waits in a person's name (a draft, a vote) and is flagged while their account is locked.

    Both run in the transaction of the act, `person` being locked or unlocked already. One that fails is logged and
    undone by itself: nothing keeps an account from being locked.
    """

    name: str
    locked: Callable[["User"], None]
    unlocked: Callable[["User"], None]
