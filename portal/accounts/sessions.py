"""The session engine: rows in the database that end when they are said to, by age or by anybody's order.

Django's own engine updates a session and never inserts it again under its key. Beyond that: a session that is gone
does not go on under a new key either, in a request that was on its way when it ended; and each has two ages, both kept
by the server in the row's `expire_date`: since it was last used, and since the sign-in. Whoever asks for living
sessions (the sockets too) asks for that date and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection, router, transaction
from django.http import HttpRequest
from django.utils import timezone


class Ages(NamedTuple):
    """How long a session lasts without use, and at all."""

    idle: timedelta
    absolute: timedelta


# Two weeks and three months: signing in anew over a slow link, with a second factor, costs minutes, and who must do so
# daily picks a worse password or leaves the factor with the device. Acts that matter ask again whatever the age.
MEMBER: Final = Ages(idle=timedelta(days=14), absolute=timedelta(days=90))
# Whoever runs the network signs in each morning, and each fortnight whatever happens: what they open is everybody's.
STRICT: Final = Ages(idle=timedelta(hours=12), absolute=timedelta(days=14))
# Nobody's session: the steps of a sign-in, a link to reset a password.
ANONYMOUS: Final = timedelta(days=1)

STARTED, IS_STRICT = "_signed_in_at", "_strict"

_ended_here: ContextVar[set[str] | None] = ContextVar("sessions_ended_here", default=None)


class SessionStore(db.SessionStore):
    """One session; see above for what it does differently from Django's."""

    @property
    def ages(self) -> Ages:
        """Which ages it has."""
        return STRICT if self.get(IS_STRICT) else MEMBER

    def get_expiry_date(self, **_given: Any) -> datetime:
        """When it ends if it is not used again (UTC)."""
        now = timezone.now()
        if SESSION_KEY not in self:
            return now + ANONYMOUS
        # Written by hand, or by an older version: it counts from now.
        started = datetime.fromtimestamp(self.setdefault(STARTED, int(now.timestamp())), tz=now.tzinfo)
        return min(now + self.ages.idle, started + self.ages.absolute)

    def get_expiry_age(self, **_given: Any) -> int:
        """Seconds until then, for the cookie."""
        return max(0, int((self.get_expiry_date() - timezone.now()).total_seconds()))

    def begin(self, *, strict: bool) -> None:
        """Count both ages from now, for somebody who has just signed in."""
        self[STARTED] = int(timezone.now().timestamp())
        self[IS_STRICT] = strict

    def used(self, *, strict: bool) -> None:
        """Count the age without use from now. A session that has ended stays so."""
        if bool(self.get(IS_STRICT)) != strict:
            self[IS_STRICT] = strict
            with suppress(UpdateError):
                self.save()
        self.model.objects.filter(pk=self.session_key).update(expire_date=self.get_expiry_date())

    def cycle_key(self) -> None:
        """Go on under a new key. Somebody's session that has ended meanwhile does not. Raises SessionInterrupted."""
        key = self.session_key
        with transaction.atomic(using=router.db_for_write(self.model)):
            if key and SESSION_KEY in self and not is_alive(key) and key not in ended_here():
                raise SessionInterrupted("The session was ended before the request was complete.")
            super().cycle_key()

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        if key := session_key or self.session_key:
            end([key])


def session_of(request: HttpRequest) -> SessionStore:
    """The session of a request, which is one of ours: settings say so."""
    return cast(SessionStore, request.session)


def is_alive(session_key: str) -> bool:
    """Whether the session lives; it then goes on living until the end of the caller's transaction.

    The weakest lock that holds off the row's deletion: requests of one session do not wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM django_session WHERE session_key = %s AND expire_date > %s FOR KEY SHARE",
            [session_key, timezone.now()],
        )
        return cursor.fetchone() is not None


@transaction.atomic
def end(session_keys: Iterable[str]) -> int:
    """Delete these sessions. Returns how many there were."""
    model = SessionStore.get_model_class()
    # In one order, so that two devices that sign each other out wait and do not lock each other out.
    rows = model.objects.select_for_update().filter(pk__in=list(session_keys)).order_by("pk")
    found = list(rows.values_list("pk", flat=True))
    model.objects.filter(pk__in=found).delete()
    if (noted := _ended_here.get()) is not None:
        noted.update(found)
    return len(found)


def ended_here() -> set[str]:
    """The keys of sessions that the request itself has ended: they were alive until then."""
    return _ended_here.get() or set()


@contextmanager
def noting_what_ends() -> Iterator[None]:
    """Keep account of the sessions that this request itself ends."""
    token = _ended_here.set(set())
    try:
        yield
    finally:
        _ended_here.reset(token)
