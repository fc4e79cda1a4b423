"""Where sockets arrive: one address, only from our own pages, only for signed-in people."""

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from portal.edge.guard import SocketsPerPerson
from portal.live.consumer import LiveConsumer

sockets = URLRouter([path("live/", LiveConsumer.as_asgi())])
live = AllowedHostsOriginValidator(AuthMiddlewareStack(SocketsPerPerson(sockets)))
