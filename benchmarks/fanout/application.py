"""The application as it is, but for the wall's limits: here all sockets come from one address."""

from portal.asgi import application
from portal.edge.addresses import AtOnce, Rate

application.handshakes = Rate(burst=10**9, per_second=1e9)
application.sockets = AtOnce(10**9)

__all__ = ["application"]
