"""The server of the embedded PostgreSQL: one directory with its data, started, found and stopped.

Whoever calls ``start`` or ``stop`` holds the cluster's lock (``portal.database.embedded``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from portal.database import programs
from portal.database.programs import EmbeddedDatabaseError

DATABASE: Final = "plenary"
ROLE: Final = "plenary"
PORT: Final = 5432  # only a part of the socket's name

# The system's limit on a socket's whole path is 108 bytes on Linux and 104 on macOS.
_SOCKET_PATH_BYTES: Final = 103
_START_SECONDS: Final = 120  # recovery after a crash is part of it
_STOP_SECONDS: Final = 20
_LOG_BYTES: Final = 5_000_000

_SETTINGS: Final = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
# The test cluster may lose everything in a power cut, and is the quicker for it.
_SWIFT_SETTINGS: Final = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "1h",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

# Servers that this process started: a child must be waited for when it ends, or it remains as a zombie.
_children: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Server:
    """PostgreSQL on the data in ``directory``, an absolute path without symbolic links."""

    directory: Path
    swift: bool

    @property
    def data(self) -> Path:
        """PostgreSQL's own directory."""
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """What the server reported."""
        return self.directory / "log"

    @property
    def socket_directory(self) -> Path:
        """The directory of the server's socket: in the cluster, or in /tmp where that path is too long."""
        inside = self.directory / "socket"
        # A comma separates hosts for libpq.
        if "," not in str(inside) and len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_BYTES:
            return inside
        digest = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
        return Path("/tmp") / f"plenary-{digest}"  # noqa: S108 - made with mode 0700, and its owner is checked

    def answers(self) -> bool:
        """Whether the server runs and is ready, even where all its connections are taken."""
        return PGconn.ping(self._conninfo().encode()) == Ping.OK

    def pid(self) -> int | None:
        """The process id of this cluster's server; None where none runs."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n")[0])
            process = psutil.Process(pid)
            # After a restart of the machine the number may belong to some other program.
            if process.status() != psutil.STATUS_ZOMBIE and str(self.data) in process.cmdline():
                return pid
        except (OSError, ValueError, psutil.Error):
            pass
        return None

    def start(self) -> None:
        """Start the server, unless it runs; make its data first, where there are none.

        Raises EmbeddedDatabaseError with the end of the server's log.
        """
        if not self.answers() and not self._comes_up():
            self._remove_traces_of_a_killed_server()
            user = programs.account(self.directory)
            if not self.data.exists():
                self._initialise(user)
            self._make_socket_directory(user)
            self._launch(user)
        self._make_database()

    def stop(self) -> None:
        """Stop the server: first asking ("fast": open transactions are rolled back), then at once."""
        pid = self.pid()
        if pid is not None:
            for number, seconds in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
                if self._ended(seconds):
                    break
        self.reap()

    def reap(self, number: int | None = None) -> None:
        """Wait for the server, if this process started it, after the signal ``number`` where one is given.

        Its socket's directory goes too, where it is not part of the cluster.
        """
        child = _children.pop(self.directory, None)
        if child is not None:
            if number is not None:
                child.send_signal(number)
            child.wait()
        if self.socket_directory.parent != self.directory:
            with suppress(OSError):
                self.socket_directory.rmdir()

    def log_end(self) -> str:
        """The last lines of the server's log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
        except OSError:
            return ""

    def _ended(self, seconds: float) -> bool:
        child = _children.get(self.directory)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if child is not None:
                child.poll()
            if self.pid() is None:
                return True
            time.sleep(0.02)
        return False

    def _conninfo(self) -> str:
        host = str(self.socket_directory)
        return make_conninfo(host=host, port=PORT, user=ROLE, dbname="postgres", connect_timeout=5)

    def _comes_up(self) -> bool:
        """Wait for a server that is starting or stopping. Returns whether it is ready; if not, none runs."""
        deadline = time.monotonic() + _START_SECONDS
        while self.pid() is not None:
            if self.answers():
                return True
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(
                    f"The embedded PostgreSQL runs (process {self.pid()}) and does not answer. "
                    f"Its log {self.log} ends:\n{self.log_end()}"
                )
            time.sleep(0.1)
        return False

    def _remove_traces_of_a_killed_server(self) -> None:
        """PostgreSQL refuses to start where another program now has the old server's process id."""
        for path in (self.data / "postmaster.pid", self.socket_directory / f".s.PGSQL.{PORT}.lock"):
            with suppress(FileNotFoundError):
                path.unlink()

    def _initialise(self, user: programs.Account) -> None:
        """Make the cluster beside its place and move it there, so that a broken-off try leaves no half one."""
        unfinished = self.directory / "data.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        arguments: list[str | Path] = [
            "--pgdata",
            unfinished,
            f"--username={ROLE}",
            "--auth-local=trust",
            "--auth-host=reject",
            "--encoding=UTF8",
            # The same on every machine, whatever locales are installed there.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--text-search-config=simple",
        ]
        if self.swift:
            arguments += ["--no-sync", "--no-data-checksums"]
        programs.run("initdb", arguments, user, self.directory)
        unfinished.rename(self.data)

    def _make_socket_directory(self, user: programs.Account) -> None:
        path = self.socket_directory
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
            user.give(path)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or found.st_mode & 0o077:
            raise EmbeddedDatabaseError(
                f"{path} must be a directory that only the user with number {user.uid} can enter, and is not. "
                "Remove it, or set PLENARY_DATA to another (shorter) path."
            )

    def _launch(self, user: programs.Account) -> None:
        settings = _SETTINGS | (_SWIFT_SETTINGS if self.swift else {})
        directory = str(self.socket_directory).replace('"', '""')
        settings["unix_socket_directories"] = f'"{directory}"'
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old"))
        with self.log.open("ab") as log:
            os.fchmod(log.fileno(), 0o600)
            user.give(self.log)
            server = subprocess.Popen(
                [programs.directory(user) / "postgres", "-D", self.data, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                env=programs.clean_environment(),
                # Ctrl-C in the terminal is for the application, which stops the server after itself.
                start_new_session=True,
                umask=0o077,
                **user.process_options(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self.answers():
            if server.poll() is not None or time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    server.kill()
                server.wait()
                raise EmbeddedDatabaseError(
                    f"The embedded PostgreSQL did not start. Its log {self.log} ends:\n{self.log_end()}"
                )
            time.sleep(0.05)
        _children[self.directory] = server

    def _make_database(self) -> None:
        with closing(psycopg.connect(self._conninfo(), autocommit=True)) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
