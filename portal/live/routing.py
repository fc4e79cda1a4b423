"""Where sockets arrive."""

from channels.routing import URLRouter

live = URLRouter([])
