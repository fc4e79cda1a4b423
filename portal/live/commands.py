"""Commands of open pages: one way to do them, whether they come over the socket or by a request."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.access.refusal import Refused
from portal.audit.origin import Origin, coming_from
from portal.audit.services import refusal_record
from portal.edge.addresses import Rate
from portal.idempotency.keys import UnusableKey
from portal.idempotency.services import KeyBusy, KeyReused, once
from portal.live import limits
from portal.live.frames import not_there
from portal.live.reading import session_lives
from portal.registry import LiveCommand, announced
from portal.ui.digits import western_digits
from portal.ui.zones import zone_named

log = logging.getLogger(__name__)

DONE, REFUSED, AGAIN = "done", "refused", "again"
AGAIN_SECONDS: Final = 5

_rate: Final = Rate(limits.COMMANDS_BURST, limits.COMMANDS_A_SECOND)


@dataclass(frozen=True)
class Sender:
    """Who sends a command: in which session, from where, in which language they are answered."""

    person_id: int
    session_key: str
    language: str
    origin: Origin | None = None


@dataclass(frozen=True)
class Answer:
    """`outcome` is DONE, REFUSED or AGAIN, `value` what stands under it."""

    outcome: str
    value: Any

    def frame(self, key: str) -> dict[str, Any]:
        """As it is sent."""
        return {"key": key, self.outcome: self.value}


class SessionOver(Exception):
    """The sender's session has ended, before the command or while it was done; nothing was done."""


def too_often(person_id: int, name: str) -> int:
    """0, or in how many seconds a person may send more of these commands to this process."""
    return 0 if _rate.allows(f"{person_id} {name}") else AGAIN_SECONDS


def perform(sender: Sender, name: str, key: str, data: Mapping[str, Any]) -> Answer:
    """Do the command `name` once for this key, and say what came of it. Synchronous, for a thread.

    Raises UnusableKey, and SessionOver.
    """
    with override(sender.language), coming_from(sender.origin):
        try:
            return Answer(DONE, _once(sender, name, key, data))
        except Refused as refused:
            _note_refusal(sender, name)
            return Answer(REFUSED, str(refused.sentence))
        except ValidationError as error:
            return Answer(REFUSED, str(error.messages[0]))
        except (LookupError, ObjectDoesNotExist, Http404):
            return Answer(REFUSED, not_there())
        except KeyReused:
            return Answer(REFUSED, _("This was sent before with other content."))
        except KeyBusy:
            return Answer(AGAIN, AGAIN_SECONDS)
        except (UnusableKey, SessionOver):
            raise
        except Exception:
            log.exception("The command %s failed", name)
            return Answer(REFUSED, _("Something went wrong on our side. Try again in a moment."))


def _note_refusal(sender: Sender, name: str) -> None:
    """As the record keeps refused pages; what was refused is rolled back by now."""
    person = get_user_model().objects.filter(pk=sender.person_id).first()
    if person is not None:
        with transaction.atomic():
            refusal_record(person, route=f"live:command:{name}", method="POST")


def _once(sender: Sender, name: str, key: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    command = announced.live_commands.get(name)
    person = get_user_model().objects.filter(pk=sender.person_id, is_active=True).first()
    if person is None:
        raise SessionOver
    if command is None:
        raise LookupError(name)
    zone, digits = timezone.override(zone_named(person.time_zone)), western_digits(person.western_digits)
    with zone, digits, transaction.atomic():  # as in a request of theirs
        answer = once(person, key, name, data, lambda: _acted(command, person, data))
        # Looked for when all is done, and kept until the commit: who was signed out meanwhile did nothing.
        if not session_lives(sender.session_key):
            raise SessionOver
        return answer


def _acted(command: LiveCommand, person: Any, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(command.act(person, data))
