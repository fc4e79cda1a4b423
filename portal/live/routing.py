"""Where sockets arrive: one address, only from our own pages, only for signed-in people."""

from typing import Final

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import AllowedHostsOriginValidator

from portal.edge.guard import SocketsPerPerson
from portal.live import limits
from portal.live.consumer import Receive, Scope, Send, socket

ADDRESS: Final = "/live/"
ours = AllowedHostsOriginValidator(AuthMiddlewareStack(SocketsPerPerson(socket)))


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """One socket at our address; anywhere else it is closed before anybody is asked who comes."""
    if scope["path"] == ADDRESS:
        await ours(scope, receive, send)
    else:
        await receive()  # that somebody connects
        await send({"type": "websocket.close", "code": limits.NOWHERE})
