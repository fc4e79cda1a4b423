"""How an app reaches people: notifications and mail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.registry.register import Text

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    """A kind of notification: what it says, by which templates, and whether it is mailed by default.

    `sentence` makes the line of the inbox from the stored payload, in the active language.
    `mail` names a template pair without suffix: `<mail>_subject.txt`, `<mail>.txt`, `<mail>.html`.
    """

    name: str
    label: Text
    sentence: Callable[[Mapping[str, Any]], Text]
    mail: str = "email/portal/notifications/notification"
    mailed: bool = True
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class MailGate:
    """Whoever may hold a person's mails back for a while, asked right before each one leaves.

    `may_mail(person_id)` False keeps the mail waiting; it is asked again every hour and dropped after some days.
    """

    name: str
    may_mail: Callable[[int], bool]


@dataclass(frozen=True, kw_only=True)
class MailDiscretion:
    """Whoever knows that some people's mails had better say nothing, unless they chose otherwise themselves.

    `advised(person)` is asked once for each mail to a person who did not choose.
    """

    name: str
    advised: Callable[["User"], bool]
