"""Signing out devices from afar. A session that is gone from the database is signed out with its next request,
and its sockets are closed at once: the hub asks again for whom they are open."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from portal.accounts.models import User
from portal.accounts.sessions import end, is_alive
from portal.audit.services import record
from portal.live.services import publish


@transaction.atomic
def session_end(actor: User, *, session: UserSession) -> None:
    """Sign out one of `actor`'s devices. Ending one that has ended changes nothing. The view found it as theirs."""
    if _end(actor, [session.session_key]):
        record(actor, verb="person.session_ended", target=actor)


@transaction.atomic
def sessions_end_others(actor: User, *, session_key: str) -> int:
    """Sign out all of `actor`'s devices but the one with `session_key`; "" spares none. Returns how many."""
    keys = UserSession.objects.filter(user_id=actor.pk).exclude(session_key=session_key)
    ended = _end(actor, list(keys.values_list("session_key", flat=True)))
    if ended:
        record(actor, verb="person.session_ended", target=actor, details={"count": ended})
    return ended


@transaction.atomic
def sessions_end_all(person: User) -> int:
    """Sign `person` out everywhere, for whoever records why. Returns how many devices there were."""
    keys = UserSession.objects.filter(user_id=person.pk).values_list("session_key", flat=True)
    return _end(person, list(keys))


def still_valid(session_key: str | None) -> bool:
    """Whether the session lives now, and, inside a transaction, until its end. See `SessionAtTheEndMiddleware`."""
    return bool(session_key) and is_alive(str(session_key))


def _end(person: User, session_keys: list[str]) -> int:
    # All of the person's, in one order: two devices that sign each other out at once must not lock each other out.
    own = UserSession.objects.filter(user_id=person.pk).values("session_key")
    list(Session.objects.select_for_update().filter(pk__in=own).order_by("pk").values_list("pk"))
    end(session_keys)
    publish(f"rights:{person.pk}", kind="session.ended")
    ended, _by_model = UserSession.objects.filter(user_id=person.pk, session_key__in=session_keys).delete()
    return int(ended)
