"""The same key twenty times at once on every form of the site, over two web processes: one effect, one answer (E3).

Then servers killed in the middle of a form, and the form sent again: done once, whether it had been done or not.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from drills.report import Report
from portal.database.embedded import Cluster

PROJECT = Path(__file__).resolve().parent.parent
PREPARED, LIVE = "prepared", "live"
START_SECONDS, STOP_SECONDS, LONGEST_SECONDS = 120, 15, 1800


def run() -> Report:
    """Start a cluster and two servers of its own, send, compare."""
    report = Report("idempotency")
    with tempfile.TemporaryDirectory(prefix="plenary-drill-") as directory, ExitStack() as stack:
        cluster = Cluster(Path(directory))
        cluster.attach()
        stack.callback(cluster.release)
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
            administration.execute(f"CREATE DATABASE {PREPARED}")
        _run(cluster, Path(directory), PREPARED, "prepare")
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
            administration.execute(f"CREATE DATABASE {LIVE} TEMPLATE {PREPARED}")
        ports = [stack.enter_context(_server(cluster, Path(directory))) for _ in range(2)]
        arguments = [cluster.url("postgres"), *map(str, ports)]
        found = json.loads(_run(cluster, Path(directory), LIVE, "send", *arguments))
        cost = json.loads(_run(cluster, Path(directory), LIVE, "cost", arguments[0]))
        killed = json.loads(_run(cluster, Path(directory), LIVE, "kill", *arguments))
    for label, wrong in found["wrong"].items():
        report.expect(label, False, wrong)
    report.expect("forms sent twenty times at once", found["forms"] > 30, found["forms"])
    report.expect("with more or less than one effect", not found["wrong"], len(found["wrong"]))
    report.figures["requests"] = found["requests"]
    report.figures["of these answered 409 (come again)"] = found["told to come again"]
    report.figures["ms from the first to the last answer, median of forms"] = found["ms"]
    report.figures["ms a write takes with a key"] = cost["with"]
    report.figures["ms it takes without any of this"] = cost["without"]
    report.figures["ms the same key takes again"] = cost["again"]
    for outcome, times in killed["outcomes"].items():
        well = outcome in {"had been done", "had not been done"}
        report.expect(f"server killed while it worked, then sent again: {outcome}", well, times)
    return report


def _environment(cluster: Cluster, directory: Path, database: str) -> dict[str, str]:
    # max_age=0: a connection for each request, for the database is made anew under the servers for each form.
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "TRIAL": "1",
        "DEMONSTRATION": "0",
        "PLENARY_DATA": str(directory / "data"),
        "DATABASE_URL": f"{cluster.url(database)}&max_age=0",
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(PROJECT),
    }


def _run(cluster: Cluster, directory: Path, database: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "drills._idempotency", *arguments],
        cwd=PROJECT,
        env=_environment(cluster, directory, database),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=LONGEST_SECONDS,
    )
    return done.stdout.splitlines()[-1] if done.stdout else ""


@contextmanager
def _server(cluster: Cluster, directory: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "portal.asgi:application"]
    with (directory / f"log-{port}").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=_environment(cluster, directory, LIVE), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, port, directory / f"log-{port}")
            yield port
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/accounts/login/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-4000:])
