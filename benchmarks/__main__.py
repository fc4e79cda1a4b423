"""``make bench``: fills the networks, starts the servers, asks, and writes the report."""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from psycopg import sql

from benchmarks import client, machine, report
from portal.database.embedded import Cluster

PROJECT = Path(__file__).resolve().parent.parent
PASSWORD, READERS = "a password of benchmarks", 8
WARM_UP = 3


@dataclass
class Size:
    """One network and the server that shows it."""

    times: int
    address: str
    port: int
    data: Path
    facts: dict[str, Any] = field(default_factory=dict)
    requests: dict[str, list[bytes]] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """What its processes run with: production, but for the embedded database and plain http."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "TRIAL": "1",
            "DEMONSTRATION": "0",
            "EMAIL_URL": f"directory://{self.data / 'mails'}",
            "PLENARY_DATA": str(self.data),
            "DATABASE_URL": self.address,
            "PORT": str(self.port),
            "LOG_LEVEL": "ERROR",
        }

    def run(self, *command: str, given: str = "") -> str:
        """Run a Python program of ours to its end. Returns what it printed."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT, env=self.environment(), input=given, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
        return done.stdout


def main() -> None:
    options = _options()
    data = options.data.resolve()
    cluster = Cluster(data)
    cluster.attach()
    try:
        sizes = [_prepared(cluster, times, data, options) for times in options.sizes]
        figures = _measured(sizes, options)
    finally:
        cluster.release()
    name = options.name or figures["date"]
    page = report.write(figures, options.out, name)
    print(report.text(figures))
    print(f"Written to {page}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=[1, 10, 100])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--corpus", type=Path, help="another corpus.py to take the texts from")
    parser.add_argument("--only", default="", help="measure only pages whose name contains this")
    parser.add_argument("--fresh", action="store_true", help="make the networks anew")
    parser.add_argument("--out", type=Path, default=PROJECT / "benchmarks" / "results")
    parser.add_argument("--name", default="", help="of the report, instead of the date")
    parser.add_argument("--data", type=Path, default=PROJECT / ".plenary" / "bench", help="where the networks are kept")
    return parser.parse_args()


def _prepared(cluster: Cluster, times: int, data: Path, options: argparse.Namespace) -> Size:
    name = f"bench_{times}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
        if options.fresh:
            administration.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        if not administration.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            administration.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    size = Size(times, cluster.url(name), _free_port(), data)
    print(f"Preparing the network of {times}× …", file=sys.stderr, flush=True)
    size.run("manage.py", "migrate", "--verbosity=0", "--skip-checks")
    size.run("manage.py", "collectstatic", "--noinput", "--verbosity=0", "--skip-checks")
    corpus = [str(options.corpus)] if options.corpus else []
    size.facts = json.loads(size.run("-m", "benchmarks.network", str(times), *corpus))
    size.facts["pages"] = {name: page for name, page in size.facts["pages"].items() if options.only in name}
    counted = json.loads(size.run("-m", "benchmarks.queries", given=json.dumps(size.facts["pages"])))
    for name, page in size.facts["pages"].items():
        page |= counted[name]
    return size


def _measured(sizes: list[Size], options: argparse.Namespace) -> dict[str, Any]:
    about = machine.description()
    with _servers(sizes):
        samples = asyncio.run(_ask(sizes, options))
    pages = list(sizes[0].facts["pages"])
    for size in sizes:
        for name, page in size.facts["pages"].items():
            windows, lone = samples[size.times, name]
            page |= {
                "per_second": median(window.per_second for window in windows),
                "p50": median(window.quantile(0.5) for window in windows),
                "p95": median(window.quantile(0.95) for window in windows),
                "alone": median(lone),
                "bad": sum(window.bad for window in windows) + (page["status"] not in (200, 302)),
            }
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": about | {"load after": f"{os.getloadavg()[0]:.2f}"},
        "options": {name: getattr(options, name) for name in ("rounds", "seconds", "connections")},
        "corpus": sizes[0].facts["corpus"],
        "pages": pages,
        "sizes": {
            str(size.times): {name: size.facts[name] for name in ("organisations", "people", "pages")} for size in sizes
        },
    }


Samples = dict[tuple[int, str], tuple[list[client.Sample], list[float]]]


async def _ask(sizes: list[Size], options: argparse.Namespace) -> Samples:
    for size in sizes:
        await _requests(size)
    turns = [(size, name) for name in sizes[0].facts["pages"] for size in sizes]
    found: Samples = {(size.times, name): ([], []) for size, name in turns}
    for turn in range(options.rounds + 1):
        for size, name in turns if turn % 2 else turns[::-1]:
            expected = 302 if size.facts["pages"][name].get("post") else 200
            requests = size.requests[name]
            if not turn:  # warming up
                await client.alone(size.port, requests[0], WARM_UP, expected)
                continue
            windows, lone = found[size.times, name]
            lone.append(await client.alone(size.port, requests[0], 5, expected))
            windows.append(await client.window(size.port, requests, options.seconds, options.connections, expected))
        print(f"Round {turn} of {options.rounds}", file=sys.stderr, flush=True)
    return found


async def _requests(size: Size) -> None:
    """What is asked of a size: every reader has a session of their own."""
    signing = [
        client.sign_in(size.port, "/accounts/login/", f"reader{number}@example.org", PASSWORD)
        for number in range(READERS)
    ]
    cookies = [await client.cookie_of(size.port, request) for request in signing]
    for name, page in size.facts["pages"].items():
        if page.get("post"):
            size.requests[name] = signing
        elif page.get("anonymous"):
            size.requests[name] = [client.get(size.port, page["path"])]
        else:
            size.requests[name] = [client.get(size.port, page["path"], cookie) for cookie in cookies]


@contextmanager
def _servers(sizes: list[Size]) -> Iterator[None]:
    started = []
    try:
        for size in sizes:
            command = [sys.executable, "-m", "daphne", "-b", client.HOST, "-p", str(size.port)]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            application = "benchmarks.application:application"
            started.append(subprocess.Popen([*command, application], cwd=PROJECT, env=size.environment(), **quiet))
        _share_the_cores([process.pid for process in started])
        for size in sizes:
            _wait_for(size.port)
        yield
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(timeout=30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((client.HOST, port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("A server did not start within 60 seconds.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((client.HOST, 0))
        return int(probe.getsockname()[1])


def _share_the_cores(servers: list[int]) -> None:
    """Where the system allows it, this process has the last core and the servers have the others."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[-1]})
        for server in servers:
            os.sched_setaffinity(server, set(cores[:-1]))


if __name__ == "__main__":
    main()
