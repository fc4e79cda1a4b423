"""Fan-out: many sockets in one room, a few messages a second, and the same bare as the limit."""
