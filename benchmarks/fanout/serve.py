"""``python -m benchmarks.fanout.serve PORT``: daphne as the portal starts it."""

from __future__ import annotations

import sys

import django

django.setup()

from benchmarks.fanout.application import application  # noqa: E402 - Django is set up first
from portal.edge.server import LimitedServer  # noqa: E402

LimitedServer(application, endpoints=[f"tcp:port={int(sys.argv[1])}:interface=127.0.0.1"]).run()
