"""Whoever signs in is loaded with what every page asks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model

from portal.access import factors
from portal.access.roles import remember_roles, role_names

if TYPE_CHECKING:
    from portal.accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's sign-in; the person of a session comes with their network-wide roles, in one query."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session; None where there is none, or none who may sign in."""
        people = get_user_model().objects.annotate(role_names=role_names("pk"), has_factor=factors.of("pk"))
        person: User | None = people.filter(pk=user_id).first()
        if person is None or not self.user_can_authenticate(person):
            return None
        remember_roles(person, person.role_names)  # type: ignore[attr-defined]  # annotations
        factors.remember(person, person.has_factor)  # type: ignore[attr-defined]
        return person
