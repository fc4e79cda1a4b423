"""The embedded PostgreSQL starts when needed, survives what happens to it, and leaves nothing running."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from portal.database import programs
from portal.database.embedded import Cluster
from portal.database.programs import EmbeddedDatabaseError
from tests.database import reachable_directory

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of this module's own; each test leaves it stopped."""
    directory = reachable_directory(tmp_path_factory.mktemp("data"))
    cluster = Cluster(directory, swift=True)
    yield cluster
    cluster.stop(now=True)


@pytest.fixture(autouse=True)
def _stopped(cluster: Cluster) -> Iterator[None]:
    yield
    cluster.stop(now=True)
    assert cluster.server.pid() is None


def in_another_process(cluster: Cluster, code: str) -> "subprocess.Popen[str]":
    """A process that runs ``code`` with ``cluster`` at hand, and says so when it is through the first line."""
    program = f"""
        import sys
        from pathlib import Path
        from portal.database.embedded import Cluster
        cluster = Cluster(Path({str(cluster.data_directory)!r}), swift=True)
        {code}
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_it_starts_keeps_its_data_and_stops(cluster: Cluster) -> None:
    cluster.attach()
    assert cluster.server.answers()
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")

    cluster.release()
    assert cluster.server.pid() is None

    cluster.attach()
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("still here",)
        connection.execute("DROP TABLE kept")


def test_the_database_is_unicode_and_has_the_four_languages(cluster: Cluster) -> None:
    cluster.attach()
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute(
            "SELECT current_setting('server_encoding'), lower('ÀÉÑ'), current_setting('timezone'),"
            " (SELECT count(*) FROM pg_ts_config WHERE cfgname IN ('english', 'french', 'spanish', 'arabic'))"
        ).fetchone()
    assert row == ("UTF8", "àéñ", "UTC", 4)


def test_only_its_own_user_can_reach_it(cluster: Cluster) -> None:
    cluster.attach()
    directory = cluster.server.socket_directory.stat()
    assert directory.st_mode & 0o077 == 0
    assert directory.st_uid == programs.account(cluster.directory).uid
    assert cluster.server.data.stat().st_mode & 0o077 == 0
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    server = psutil.Process(cluster.server.pid())
    assert server.net_connections("inet") == []
    assert server.uids().real != 0


def test_several_processes_share_it_and_the_last_one_stops_it(cluster: Cluster) -> None:
    others = [
        in_another_process(cluster, "cluster.attach(); print('on', flush=True); sys.stdin.read()") for _ in range(3)
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "on\n"
    pid = cluster.server.pid()
    assert pid is not None

    cluster.attach()
    assert cluster.server.pid() == pid
    for other in others[:2]:
        other.communicate()
    cluster.release()
    assert cluster.server.pid() == pid
    others[2].communicate()
    assert cluster.server.pid() is None


def test_a_killed_process_leaves_a_server_that_the_next_one_takes_over(cluster: Cluster) -> None:
    other = in_another_process(cluster, "cluster.attach(); print('on', flush=True); sys.stdin.read()")
    assert other.stdout is not None
    assert other.stdout.readline() == "on\n"
    pid = cluster.server.pid()
    other.kill()
    other.communicate()
    assert cluster.server.pid() == pid
    assert not cluster.in_use()

    cluster.attach()
    assert cluster.server.pid() == pid
    cluster.release()
    assert cluster.server.pid() is None


def test_a_killed_server_starts_again_with_what_was_committed(tmp_path: Path) -> None:
    durable = Cluster(reachable_directory(tmp_path))
    try:
        durable.attach()
        with psycopg.connect(durable.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE survivor AS SELECT 1 AS one")
            pid = durable.server.pid()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)
        durable.release()

        durable.attach()
        with psycopg.connect(durable.url()) as connection:
            assert connection.execute("SELECT one FROM survivor").fetchone() == (1,)
    finally:
        durable.stop(now=True)


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and psutil.pid_exists(pid):
        if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)


def test_a_process_number_given_to_another_program_does_not_stop_the_start(cluster: Cluster) -> None:
    """As after a restart of a container, where numbers are small and come again."""
    cluster.attach()
    lines = (cluster.server.data / "postmaster.pid").read_text().splitlines()
    cluster.release()
    stranger = subprocess.Popen(["/bin/sleep", "60"], **programs.account(cluster.directory).process_options())
    try:
        (cluster.server.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert cluster.server.pid() is None
        cluster.attach()
        assert cluster.server.answers()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_broken_off_first_start_is_made_good(tmp_path: Path) -> None:
    cluster = Cluster(reachable_directory(tmp_path), swift=True)
    half = tmp_path / "postgres-test" / "data.unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    programs.account(cluster.directory).give(cluster.directory)
    if os.geteuid() == 0:
        os.chown(cluster.directory, programs.account(tmp_path / "none").uid, -1)
    cluster.directory.chmod(0o700)
    try:
        cluster.attach()
        assert cluster.server.answers()
        assert not half.exists()
    finally:
        cluster.stop(now=True)


def test_a_server_without_a_free_connection_is_left_alone(cluster: Cluster) -> None:
    """Whoever comes then is refused; the server must not be taken for dead, and its data for its own."""
    cluster.attach()
    pid = cluster.server.pid()
    connections_held = []
    try:
        with suppress(psycopg.OperationalError):
            while len(connections_held) < 1000:
                connections_held.append(psycopg.connect(cluster.url()))
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            psycopg.connect(cluster.url())
        assert cluster.server.answers()
        other = in_another_process(cluster, "cluster.attach()")
        other.communicate()
        assert other.returncode != 0
        assert cluster.server.pid() == pid
    finally:
        for connection in connections_held:
            connection.close()
    assert cluster.server.answers()


@pytest.mark.parametrize("name", ["long-" * 30, 'with space, comma \'and "quotes"', "ÉÀ-عربي"])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    directory = tmp_path / name
    directory.mkdir()
    cluster = Cluster(reachable_directory(directory), swift=True)
    try:
        cluster.attach()
        with psycopg.connect(host=str(cluster.server.socket_directory), user="plenary", dbname="plenary") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.stop(now=True)
    assert not cluster.server.answers()


def test_somebody_elses_socket_directory_is_refused(tmp_path: Path) -> None:
    directory = reachable_directory(tmp_path) / ("long-" * 30)
    directory.mkdir(mode=0o711)
    cluster = Cluster(directory, swift=True)
    assert cluster.server.socket_directory.is_relative_to("/tmp")
    cluster.server.socket_directory.mkdir(mode=0o777)
    cluster.server.socket_directory.chmod(0o777)
    try:
        with pytest.raises(EmbeddedDatabaseError, match="must be a directory that only the user"):
            cluster.attach()
    finally:
        cluster.server.socket_directory.rmdir()


def test_a_server_that_cannot_start_says_why(cluster: Cluster) -> None:
    cluster.attach()
    cluster.release()
    control = cluster.server.data / "global" / "pg_control"
    moved = control.rename(control.with_suffix(".moved"))
    try:
        with pytest.raises(EmbeddedDatabaseError, match="did not start. Its log .*(?s:.*)pg_control"):
            cluster.attach()
    finally:
        moved.rename(control)


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    with pytest.raises(EmbeddedDatabaseError, match="cannot be made: .* Set PLENARY_DATA"):
        Cluster(file / "data").attach()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has directories that the server's user cannot enter")
def test_below_roots_own_directory_the_cluster_is_kept_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = reachable_directory(tmp_path) / "closed"
    closed.mkdir(mode=0o700)
    shared = tmp_path / "shared"
    monkeypatch.setattr(programs, "SHARED_DIRECTORY", shared)
    cluster = Cluster(closed / "data", swift=True)
    try:
        cluster.attach()
        assert cluster.server.answers()
        assert closed.stat().st_mode & 0o777 == 0o700
        assert cluster.directory.is_relative_to(shared)
        assert cluster.directory.stat().st_mode & 0o077 == 0
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE old ()")
        cluster.stop(now=True)
        attached_again = Cluster(closed / "data", swift=True)
        attached_again.attach()
        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SELECT count(*) FROM old").fetchone() == (0,)
        cluster.stop(now=True)

        shutil.rmtree(closed / "data")  # "delete that folder to start afresh"
        cluster.attach()
        with (
            psycopg.connect(cluster.url()) as connection,
            pytest.raises(psycopg.errors.UndefinedTable),
        ):
            connection.execute("SELECT count(*) FROM old")
        assert len(list(shared.iterdir())) == 1
    finally:
        cluster.stop(now=True)


def test_a_directory_removed_while_in_use_leaves_no_server(tmp_path: Path) -> None:
    cluster = Cluster(reachable_directory(tmp_path) / "data", swift=True)
    cluster.attach()
    pid = cluster.server.pid()
    assert pid is not None
    shutil.rmtree(tmp_path / "data")
    cluster.release()
    assert not psutil.pid_exists(pid)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts programs as another user")
def test_programs_that_the_server_user_cannot_reach_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = reachable_directory(tmp_path) / "shared"
    monkeypatch.setattr(programs, "SHARED_DIRECTORY", shared)
    copied = programs._copy_for_everyone()
    assert copied.is_relative_to(shared)
    assert programs._works(copied, programs.account(tmp_path / "none"))
    assert programs._copy_for_everyone() == copied
    assert len(list(shared.iterdir())) == 1


def test_the_command_starts_and_stops(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(connections.settings["default"], "EMBEDDED", cluster)
    call_command("database", "status")
    assert "does not run" in capsys.readouterr().out

    call_command("database", "start")
    cluster.release()
    assert cluster.server.pid() is not None
    call_command("database", "status")
    assert f"process {cluster.server.pid()}), used by no process, until stopped" in capsys.readouterr().out

    other = in_another_process(cluster, "cluster.attach(); print('on', flush=True); sys.stdin.read()")
    assert other.stdout is not None
    other.stdout.readline()
    call_command("database", "stop")
    assert "Other processes use" in capsys.readouterr().out
    other.communicate()
    assert cluster.server.pid() is None
    call_command("database", "stop")
    assert "does not run" in capsys.readouterr().out


def test_the_command_knows_when_it_is_not_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(connections.settings["default"], "EMBEDDED", raising=False)
    with pytest.raises(CommandError, match="DATABASE_URL is set"):
        call_command("database", "status")


def test_reading_settings_starts_nothing(tmp_path: Path) -> None:
    """Only a connection does."""
    result = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.DATABASES['default']['HOST'])"],
        env={**os.environ, "PLENARY_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == str(Cluster(tmp_path / "data", swift=True).server.socket_directory)
    assert not (tmp_path / "data" / "postgres-test").exists()


def test_the_socket_is_a_socket(cluster: Cluster) -> None:
    cluster.attach()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(cluster.server.socket_directory / ".s.PGSQL.5432"))
