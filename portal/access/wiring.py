"""What access announces."""

from portal.access import roles
from portal.access.policies import is_of_secretariat
from portal.registry import PrivilegedRole, announced

announced.privileged_roles.add(
    PrivilegedRole(
        name="secretariat",
        held_by=is_of_secretariat,
        holders=lambda: roles.holders(roles.SECRETARIAT).values_list("pk", flat=True),
    )
)
