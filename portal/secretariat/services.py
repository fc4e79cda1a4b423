"""Giving and taking network-wide roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access import roles
from portal.access.policies import is_secretariat
from portal.access.refusal import Refused
from portal.audit.services import record

if TYPE_CHECKING:
    from portal.accounts.models import User


def _check(actor: User | None) -> None:
    if actor is not None and not is_secretariat(actor):
        raise Refused(_("Only the Secretariat can give or take roles in the network."))


@transaction.atomic
def network_role_grant(actor: User | None, *, person: User, role: str) -> None:
    """Give `person` a network-wide role (`roles.SECRETARIAT`, `roles.GUEST`).

    `actor` None is the installation itself (first start, command line). Raises Refused.
    """
    _check(actor)
    roles.grant(role, person, roles.network())
    person.__dict__.pop("_network_roles", None)
    record(actor, verb="network_role.granted", target=person, details={"role": role})


@transaction.atomic
def network_role_revoke(actor: User | None, *, person: User, role: str) -> None:
    """Take a network-wide role from `person`. Raises Refused."""
    _check(actor)
    roles.revoke(role, person, roles.network())
    person.__dict__.pop("_network_roles", None)
    record(actor, verb="network_role.revoked", target=person, details={"role": role})
