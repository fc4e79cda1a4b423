"""`make run` as a whole: a page within seconds, everything stopped by a signal, nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from portal.database.embedded import Cluster
from tests.database import reachable_directory

PROJECT = Path(__file__).resolve().parents[3]
# How long a start is waited for on a busy machine; how fast it is, benchmarks say.
FIRST_START_SECONDS = 240
SECOND_START_SECONDS = 120


@dataclass
class Trial:
    """A running trial; what it prints goes to a file, because a full pipe would stop it."""

    process: subprocess.Popen[bytes]
    output_file: Path

    def output(self) -> str:
        return self.output_file.read_text(encoding="utf-8")

    def end(self, number: int | None = None) -> str:
        """Wait for its end, after the signal ``number`` where one is given. Returns what it printed."""
        if number is not None:
            self.process.send_signal(number)
        self.process.wait(timeout=60)
        return self.output()

    def first_page(self, port: int, seconds: float) -> int:
        """The status of the first page."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
            try:
                connection.request("GET", "/")
                return connection.getresponse().status
            except OSError:
                time.sleep(0.1)
            finally:
                connection.close()
        self.process.kill()
        raise AssertionError(f"No page after {seconds} seconds:\n{self.end()}")


Start = Callable[..., Trial]


def heed_signals() -> None:
    """Tests that a shell started in the background pass on that they ignore these."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope="module")
def data_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = reachable_directory(tmp_path_factory.mktemp("trial"))
    yield directory / "data"
    Cluster(directory / "data").stop(now=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(data_directory: Path, port: int, tmp_path: Path) -> Iterator[Start]:
    """Starts the trial, without the demonstration network, which has its own tests."""
    started: list[Trial] = []

    def start_trial(*command: str, **variables: str) -> Trial:
        unwanted = {"TESTING", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MAKELEVEL"}
        environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "TRIAL": "1",
            "DEMONSTRATION": "0",
            "EMAIL_URL": "console:",
            "PLENARY_DATA": str(data_directory),
            "PORT": str(port),
        }
        output_file = tmp_path / f"output-{len(started)}"
        with output_file.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *(command or ("manage.py", "trial"))],
                cwd=PROJECT,
                env=environment | variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=heed_signals,
            )
        started.append(Trial(process, output_file))
        return started[-1]

    yield start_trial
    for trial in started:
        trial.process.kill()
        trial.process.wait()


def test_it_starts_stops_and_survives_being_killed(start: Start, data_directory: Path, port: int) -> None:
    cluster = Cluster(data_directory)

    first = start()
    assert first.first_page(port, FIRST_START_SECONDS) < 500, first.output()
    assert cluster.in_use()
    family = psutil.Process(first.process.pid).children(recursive=True)
    output = first.end(signal.SIGINT)
    assert first.process.returncode == 0, output
    assert f"Plenary runs on http://localhost:{port}" in output
    assert output.endswith("Stopped.\n")
    assert "Traceback" not in output
    assert cluster.server.pid() is None
    assert [child for child in family if child.is_running()] == []

    killed = start()
    assert killed.first_page(port, SECOND_START_SECONDS) < 500
    killed.end(signal.SIGKILL)
    assert cluster.server.pid() is not None

    again = start()
    assert again.first_page(port, SECOND_START_SECONDS) < 500
    output = again.end(signal.SIGHUP)  # as when the terminal is closed; SIGTERM is tried below
    assert again.process.returncode == 0, output
    # A second start has nothing to prepare.
    assert "..." not in output
    assert cluster.server.pid() is None


def test_a_taken_port_is_said_before_anything_is_started(start: Start, data_directory: Path, port: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        trial = start()
        output = trial.end()
    assert trial.process.returncode == 1
    assert f"Port {port} is taken by another program" in output
    assert f"make run PORT={port + 1}" in output
    assert "Traceback" not in output
    assert not Cluster(data_directory).in_use()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process of its parent's end")
def test_it_ends_with_a_killed_make(start: Start, data_directory: Path, port: int) -> None:
    """Whoever kills make, which cannot pass that on, must not leave a server behind."""
    make = start("-c", "import subprocess, sys; subprocess.run([sys.executable, 'manage.py', 'trial'])", MAKELEVEL="1")
    assert make.first_page(port, FIRST_START_SECONDS) < 500, make.output()
    (trial,) = psutil.Process(make.process.pid).children()
    make.end(signal.SIGKILL)
    _, alive = psutil.wait_procs([trial], timeout=30)
    assert alive == []
    assert Cluster(data_directory).server.pid() is None


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT must be a whole number"),
        ({"PORT": "70000"}, "PORT must be a whole number from 1 to 65535"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL must be an address like postgresql://"),
        ({"DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/d?connect_timeout=2"}, "does not answer"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL must be an address that begins with redis://"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must be"),
        ({"ALLOWED_HOSTS": "a b"}, "ALLOWED_HOSTS must be a list"),
        ({"SECRET_KEY": "a", "SECRET_KEY_FILE": "/b"}, "Only one of the environment variables SECRET_KEY and"),
    ],
)
def test_a_wrong_variable_stops_it_with_its_name(start: Start, variables: dict[str, str], sentence: str) -> None:
    trial = start(**variables)
    output = trial.end()
    assert trial.process.returncode != 0
    assert sentence in output
    assert "hush" not in output
    assert "Traceback" not in output
