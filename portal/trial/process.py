"""Web server and worker in one process and one event loop, until Ctrl-C or SIGTERM.

One loop, so that what a job publishes reaches open pages through the in-memory channel layer: its
queues are those of a single loop. Under load web and worker are processes of their own
(docs/operations.md), with Redis between them.
"""

from __future__ import annotations

# First of all, because importing it decides which event loop Twisted runs on.
from portal.edge.server import LimitedServer  # isort: skip

import asyncio
import ctypes
import errno
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from twisted.internet import defer, reactor

from portal.trial.preparation import release_database

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"  # the demonstration's passwords are public: it is for this machine alone
WORKER_RESTART_SECONDS = 5
JOB_GRACE_SECONDS = 3.0
STOP_SECONDS = 4
FIRST_PAGE_SECONDS = 60


def port_is_free(port: int) -> bool:
    """Whether this process may listen on ``port``."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def end_with_parent() -> None:
    """Ask the kernel (Linux only) for a SIGTERM when the process that started this one is killed.

    A killed ``make`` cannot pass anything on, and would leave a server without a terminal.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os.kill(os.getpid(), signal.SIGTERM)


def serve(port: int, when_ready: Callable[[int], None]) -> None:
    """Serve pages, sockets and jobs until SIGINT or SIGTERM, then end them in this order.

    ``when_ready`` is called, in another thread, with the HTTP status of the first page.
    """
    server = LimitedServer(import_string(settings.ASGI_APPLICATION), endpoints=[f"tcp:port={port}:interface={HOST}"])
    worker = _Worker()
    reactor.callWhenRunning(worker.start)
    for action in (worker.stop, _end_in_time):
        # Twisted declares this method without its first argument.
        reactor.addSystemEventTrigger("before", "shutdown", action)  # type: ignore[arg-type]
    threading.Thread(target=_wait_for_first_page, args=(port, when_ready), daemon=True).start()
    server.run()


class _Worker:
    """procrastinate's worker as a task in Twisted's asyncio loop."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_event_loop().create_task(self._run())

    def stop(self) -> defer.Deferred[None] | None:
        """End the worker; the reactor waits for the result."""
        if self._task is None or self._task.done():
            return None
        self._task.cancel()
        ended = defer.Deferred.fromFuture(self._task)
        ended.addErrback(lambda failure: None)  # being cancelled is what it was asked for
        return ended

    async def _run(self) -> None:
        while True:
            try:
                # A connector of its own: the pages go on queueing jobs within their transactions.
                assert isinstance(app.connector, DjangoConnector)
                worker_app = app.with_connector(app.connector.get_worker_connector())
                async with worker_app.open_async():
                    await worker_app.run_worker_async(
                        name="trial",
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=JOB_GRACE_SECONDS,
                    )
            except Exception:
                logger.exception("The worker failed and is started again in %s seconds.", WORKER_RESTART_SECONDS)
            await asyncio.sleep(WORKER_RESTART_SECONDS)


def _end_in_time() -> None:
    """A page or a job that hangs in a thread must not keep the process: Python would wait for it."""

    def end() -> None:
        logger.warning("A page or a job did not end in time and was broken off.")
        release_database()
        os._exit(0)

    timer = threading.Timer(STOP_SECONDS, end)
    timer.daemon = True
    timer.start()


def _wait_for_first_page(port: int, when_ready: Callable[[int], None]) -> None:
    deadline = time.monotonic() + FIRST_PAGE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection(HOST, port, timeout=FIRST_PAGE_SECONDS)
            connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
            status = connection.getresponse().status
            connection.close()
            when_ready(status)
            return
        time.sleep(0.05)
