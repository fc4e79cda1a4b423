"""`make run` as a whole: a page within seconds, everything stopped by a signal, nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from portal.database.embedded import Cluster

PROJECT = Path(__file__).resolve().parents[3]
FIRST_START_SECONDS = 90
SECOND_START_SECONDS = 30

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def data_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = tmp_path_factory.mktemp("trial")
    for path in [directory, *directory.parents][:3]:
        path.chmod(0o711)  # as root, the database's user must pass
    yield directory / "data"
    Cluster(directory / "data").stop(now=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(data_directory: Path, port: int) -> Iterator[Start]:
    """Starts the trial, without the demonstration network, which has its own tests."""
    started: list[subprocess.Popen[str]] = []

    def start_trial(**variables: str) -> "subprocess.Popen[str]":
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
        process = subprocess.Popen(
            [sys.executable, "manage.py", "trial"],
            cwd=PROJECT,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start_trial
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_for_page(process: "subprocess.Popen[str]", port: int, seconds: float) -> int:
    """The status of the first page."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    process.kill()
    raise AssertionError(f"No page after {seconds} seconds:\n{process.communicate()[0]}")


def test_it_starts_stops_and_survives_being_killed(start: Start, data_directory: Path, port: int) -> None:
    cluster = Cluster(data_directory)

    first = start()
    assert wait_for_page(first, port, FIRST_START_SECONDS) < 500
    assert cluster.in_use()
    family = psutil.Process(first.pid).children(recursive=True)
    first.send_signal(signal.SIGINT)
    output, _ = first.communicate(timeout=30)
    assert first.returncode == 0, output
    assert f"Plenary runs on http://localhost:{port}" in output
    assert output.endswith("Stopped.\n")
    assert "Traceback" not in output
    assert cluster.pid() is None
    assert [child for child in family if child.is_running()] == []

    killed = start()
    assert wait_for_page(killed, port, SECOND_START_SECONDS) < 500
    killed.kill()
    killed.communicate()
    assert cluster.pid() is not None

    again = start()
    assert wait_for_page(again, port, SECOND_START_SECONDS) < 500
    again.terminate()
    output, _ = again.communicate(timeout=30)
    assert again.returncode == 0, output
    # A second start has nothing to prepare.
    assert "..." not in output
    assert cluster.pid() is None


def test_a_taken_port_is_said_before_anything_is_started(start: Start, data_directory: Path, port: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        process = start()
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Port {port} is taken by another program" in output
    assert f"make run PORT={port + 1}" in output
    assert "Traceback" not in output
    assert Cluster(data_directory).pid() is None


def test_it_ends_with_a_killed_make(start: Start, data_directory: Path, port: int) -> None:
    """Whoever kills make, which cannot pass that on, must not leave a server behind."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux tells a process that its parent was killed")
    parent = subprocess.Popen(
        [sys.executable, "-c", "import subprocess, sys; subprocess.run([sys.executable, 'manage.py', 'trial'])"],
        cwd=PROJECT,
        env={
            **{name: value for name, value in os.environ.items() if name not in {"TESTING", "DATABASE_URL"}},
            "DJANGO_SETTINGS_MODULE": "portal.settings", "TRIAL": "1", "DEMONSTRATION": "0", "EMAIL_URL": "console:",
            "PLENARY_DATA": str(data_directory), "PORT": str(port), "MAKELEVEL": "1",
        },
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    wait_for_page(parent, port, FIRST_START_SECONDS)
    (trial,) = psutil.Process(parent.pid).children()
    parent.kill()
    parent.communicate()
    _, alive = psutil.wait_procs([trial], timeout=20)
    assert alive == []
    assert Cluster(data_directory).pid() is None


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT must be a whole number"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL must be an address like postgresql://"),
        ({"DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/d?connect_timeout=2"}, "does not answer"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL must be an address that begins with redis://"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must be"),
        ({"ALLOWED_HOSTS": "a b"}, "ALLOWED_HOSTS must be a list"),
    ],
)
def test_a_wrong_variable_stops_it_with_its_name(start: Start, variables: dict[str, str], sentence: str) -> None:
    process = start(**variables)
    output, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert sentence in output
    assert "hush" not in output
