"""Who may open the directory."""

from django.utils.translation import gettext_lazy as _

from memberships.people.policies import Reader, is_in_network
from portal.access.refusal import Refused


def can_open(actor: Reader) -> bool:
    """Whether `actor` may open the lists of organisations and people: everyone in the network.

    What they see there is decided for each row by the policies of organisations and people.
    """
    return is_in_network(actor)


def check_open(actor: Reader) -> None:
    """Raise Refused where `actor` may not open the directory; that there is one is no secret."""
    if not can_open(actor):
        raise Refused(_("Only people of the network's organisations and the Secretariat can open the directory."))
