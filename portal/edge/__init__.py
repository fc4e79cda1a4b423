"""The outermost wall: what a request may cost before anybody asks who sent it.

In production the reverse proxy in `deploy/` stands before it and this is the second line; in a trial it is the only
one. `server` watches bytes as they arrive at daphne, which would otherwise take any body whole before the application
hears of it; `guard` watches the same on any ASGI server, and what only the application can know: how many requests and
sockets an address has, and how often it guesses.
"""
