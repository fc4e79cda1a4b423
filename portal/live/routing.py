"""Where sockets arrive: one address, only from our own pages, only for signed-in people."""

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from portal.edge.guard import SocketsPerPerson
from portal.live.consumer import socket

sockets = URLRouter([path("live/", socket)])  # type: ignore[arg-type]  # Django knows views only
live = AllowedHostsOriginValidator(AuthMiddlewareStack(SocketsPerPerson(sockets)))
