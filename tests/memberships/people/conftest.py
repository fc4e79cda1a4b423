"""A small network: Alpha with a whole team, Beta beside it, Hidden at risk."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from memberships.organisations.models import Organisation
from memberships.people.models import Role
from portal.accounts.models import User
from tests.architecture.world import organisation
from tests.factories import people


@dataclass
class Network:
    alpha: Organisation
    beta: Organisation
    hidden: Organisation
    administrator: User
    delegate: User
    staff: User
    other: User  # administrator of Beta
    at_risk: User  # administrator of Hidden
    secretariat: User
    guest: User
    unaffiliated: User


@pytest.fixture
def network(db) -> Network:
    alpha, beta = organisation("Alpha Press Union"), organisation("Beta Media Watch")
    hidden = organisation("Hidden Voices", at_risk=True)
    return Network(
        alpha=alpha,
        beta=beta,
        hidden=hidden,
        administrator=people.person("Ada Ministrator", of=alpha, roles=[Role.ADMINISTRATOR]),
        delegate=people.person("Dela Gate", of=alpha, roles=[Role.DELEGATE]),
        staff=people.person("Sam Staff", of=alpha),
        other=people.person("Otto Other", of=beta, roles=[Role.ADMINISTRATOR]),
        at_risk=people.person("Ria Risk", of=hidden, roles=[Role.ADMINISTRATOR]),
        secretariat=people.secretariat("Sekou Retariat"),
        guest=people.guest("Gus Guest"),
        unaffiliated=people.person("Una Filiated"),
    )


@pytest.fixture
def queries() -> Callable[[Client, str], int]:
    """How many queries a page costs once its session is warm."""

    def count(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return count
