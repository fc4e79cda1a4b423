"""A server with the wall and an application that only says how much it was given. Run by test_server.py.

Arguments: port, and a number by which the times of the wall are divided.
"""

import daphne.server  # isort: skip # noqa: F401 - first of all: it decides on Twisted's event loop

import sys

import django

django.setup()

from portal.edge import limits  # noqa: E402
from portal.edge.guard import Guard  # noqa: E402
from portal.edge.server import LimitedServer  # noqa: E402


async def application(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": str(len(message["text"]))})
        return
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    if scope["path"] == "/fails/":
        raise RuntimeError("as asked")
    if scope["path"] in {"/breaks/", "/ends/"}:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        if scope["path"] == "/breaks/":
            raise OSError("as asked")
        await send({"type": "http.response.body", "body": b""})
        return
    body = f"{size} bytes".encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main():
    faster = float(sys.argv[2])
    for name in ("HEAD_SECONDS", "BODY_GRACE_SECONDS", "BODY_SECONDS"):
        setattr(limits, name, getattr(limits, name) / faster)
    LimitedServer(Guard(application), endpoints=[f"tcp:port={sys.argv[1]}:interface=127.0.0.1"]).run()


if __name__ == "__main__":
    main()
