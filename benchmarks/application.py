"""The application as a benchmark asks it: as it is, but for the wall's limit on how often one address signs in."""

from portal.asgi import application
from portal.edge.addresses import Rate

application.guesses = Rate(burst=10**9, per_second=1e9)

__all__ = ["application"]
