"""Sent twice is done once: the same key gives the same answer and one effect. See docs/decisions/0007."""
