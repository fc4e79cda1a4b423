"""The embedded PostgreSQL: one cluster in the data directory, started when first needed.

Nothing here runs at import, and settings only compute where the socket is: a command that never
opens a connection (makemessages, collectstatic) never starts a server. The first connection does,
through ``portal.database.engine``.

Every process that uses the cluster holds a shared lock on a file in it, which the kernel lets go of
however the process ends. The last one to leave stops the server. So nothing is left running, except
after ``manage.py database start`` (until ``database stop``) and after a killed process, whose server
the next one finds and takes over.

Nobody can connect from outside: the server listens on a Unix socket alone, in a directory that only
its own user (and root) may enter; hence it asks for no password.
"""

from __future__ import annotations

import atexit
import dataclasses
import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psutil
import psycopg

from portal.database import programs
from portal.database.programs import EmbeddedDatabaseError

DATABASE: Final = "plenary"
ROLE: Final = "plenary"
PORT: Final = 5432  # only a part of the socket's name
ENGINE: Final = "portal.database.engine"

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

_threads = threading.RLock()
_attached: dict[Path, _Attachment] = {}
# Servers that this process started: a child must be waited for when it ends, or it remains as a zombie.
_children: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass
class _Attachment:
    """This process's hold on a running cluster."""

    users_file: int
    pid: int


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL cluster in ``<data directory>/postgres``, or ``postgres-test`` for the swift one."""

    data_directory: Path
    swift: bool = False

    @property
    def _link(self) -> Path:
        return self.data_directory / ("postgres-test" if self.swift else "postgres")

    @property
    def directory(self) -> Path:
        """Where the cluster really is. It exists once the cluster was started."""
        return self._link.resolve()

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

    def settings(self) -> dict[str, Any]:
        """The entry of Django's DATABASES for the database in this cluster."""
        return {
            "ENGINE": ENGINE,
            "NAME": DATABASE,
            "USER": ROLE,
            "HOST": str(self.socket_directory),
            "PORT": str(PORT),
            "OPTIONS": {} if self.swift else {"pool": {"min_size": 1, "max_size": 20, "timeout": 10}},
            "EMBEDDED": self,
        }

    def url(self, database: str = DATABASE) -> str:
        """The address of a database in this cluster, for programs other than Django."""
        host = quote(str(self.socket_directory), safe="/")
        return f"postgresql://{ROLE}@/{quote(database, safe='')}?host={host}"

    def attach(self) -> None:
        """Make sure that the server runs and stays while this process does.

        Raises EmbeddedDatabaseError when it cannot be started.
        """
        with _threads:
            held = _attached.get(self._link)
            if held is not None and held.pid == os.getpid():
                return
            with self._locked():
                if not self.answers():
                    self._start()
                users_file = self._open("users")
                fcntl.flock(users_file, fcntl.LOCK_SH)
            _attached[self._link] = _Attachment(users_file, os.getpid())
            atexit.register(self.release)

    def release(self) -> None:
        """Let go of the server; the last process to do so stops it. Not having attached is no error."""
        with _threads:
            held = _attached.get(self._link)
            if held is None or held.pid != os.getpid():
                return
            del _attached[self._link]
            atexit.unregister(self.release)
            if not self.directory.exists():  # removed while in use
                os.close(held.users_file)
                self._end_child(signal.SIGQUIT)
                return
            with self._locked():
                os.close(held.users_file)
                if not self.kept() and not self.in_use():
                    self._stop()

    def answers(self) -> bool:
        """Whether the server runs and takes connections."""
        try:
            psycopg.connect(
                host=str(self.socket_directory), port=PORT, user=ROLE, dbname="postgres", connect_timeout=5
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def in_use(self) -> bool:
        """Whether any process holds on to the server (this one included)."""
        try:
            users_file = os.open(self.directory / "users", os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(users_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(users_file)
        return False

    def kept(self) -> bool:
        """Whether the server was asked to run on when nobody uses it."""
        return (self.directory / "keep").exists()

    def keep(self) -> None:
        """Start the server and let it run on after this process, until ``stop``."""
        self.attach()
        (self.directory / "keep").touch()

    def stop(self, *, now: bool = False) -> bool:
        """Stop the server unless other processes use it, or in any case with ``now``.

        Returns whether it is stopped. Where it is not, the last process to leave stops it.
        """
        if not self.directory.exists():
            return True
        self.release()
        with self._locked():
            (self.directory / "keep").unlink(missing_ok=True)
            if self.in_use() and not now:
                return False
            self._stop()
        return True

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

    # From here on: with the cluster's lock held.

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The cluster's directory exists, and only this process changes anything about the server."""
        self._make_directory()
        with _exclusively(self.directory):
            yield

    def _open(self, name: str) -> int:
        """One of the cluster's lock files; made by root, it belongs to the cluster's user like the rest."""
        descriptor = os.open(self.directory / name, os.O_RDWR | os.O_CREAT, 0o600)
        if os.geteuid() == 0:
            os.fchown(descriptor, *dataclasses.astuple(programs.account(self.directory)))
        return descriptor

    def _make_directory(self) -> None:
        try:
            make_data_directory(self.data_directory)
            if self.directory.exists():
                return
            with _exclusively(self.data_directory):
                if self.directory.exists():
                    return
                user = programs.account(self.directory)
                if programs.reachable(self._link, user):
                    self.directory.mkdir(mode=0o700)
                    user.give(self.directory)
                else:
                    self._make_directory_elsewhere(user)
        except OSError as error:
            raise EmbeddedDatabaseError(
                f"The directory {error.filename} for the database cannot be made: {error.strerror}. "
                "Set PLENARY_DATA to a directory where this user may write."
            ) from error

    def _make_directory_elsewhere(self, user: programs.Account) -> None:
        """Below a directory that is root's alone: the cluster is kept elsewhere, rather than opening that one."""
        shared = programs.shared_directory()
        digest = hashlib.sha256(os.fsencode(self._link)).hexdigest()[:16]
        for abandoned in shared.glob(f"{digest}-*"):  # whoever removes the data directory means to begin anew
            shutil.rmtree(abandoned, ignore_errors=True)
        elsewhere = Path(tempfile.mkdtemp(dir=shared, prefix=f"{digest}-"))
        user.give(elsewhere)
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(elsewhere)

    def _start(self) -> None:
        user = programs.account(self.directory)
        self._remove_traces_of_a_killed_server()
        if not self.data.exists():
            self._initialise(user)
        self._make_socket_directory(user)
        self._launch(user)
        self._make_database()

    def _remove_traces_of_a_killed_server(self) -> None:
        """PostgreSQL refuses to start where another program now has the old server's process id."""
        deadline = time.monotonic() + _START_SECONDS
        while self.pid() is not None and time.monotonic() < deadline:
            if self.answers():  # it was still starting
                self._stop()
            time.sleep(0.1)
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
        _children[self._link] = server

    def log_end(self) -> str:
        """The last lines of the server's log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
        except OSError:
            return ""

    def _make_database(self) -> None:
        with closing(
            psycopg.connect(host=str(self.socket_directory), port=PORT, user=ROLE, dbname="postgres", autocommit=True)
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    def _stop(self) -> None:
        """Stop the server: first asking ("fast": open transactions are rolled back), then at once."""
        pid = self.pid()
        if pid is not None:
            for number, seconds in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
                if self._ended(seconds):
                    break
        self._end_child()
        if self.socket_directory.parent != self.directory:
            with suppress(OSError):
                self.socket_directory.rmdir()

    def _end_child(self, number: int | None = None) -> None:
        """Wait for the server, if this process started it, after the signal ``number`` where one is given."""
        child = _children.pop(self._link, None)
        if child is not None:
            if number is not None:
                child.send_signal(number)
            child.wait()

    def _ended(self, seconds: float) -> bool:
        child = _children.get(self._link)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if child is not None:
                child.poll()
            if self.pid() is None:
                return True
            time.sleep(0.02)
        return False


@contextmanager
def _exclusively(directory: Path) -> Iterator[None]:
    """Only one process at a time is inside, for each directory; the kernel sees to it that none stays."""
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"{directory} belongs to another user of this machine. Start as that user or as root, "
            "or set PLENARY_DATA to a directory of your own."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_data_directory(path: Path) -> None:
    """Make the data directory, closed to others; PostgreSQL's user must pass through root's."""
    if not path.exists():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o711 if os.geteuid() == 0 else 0o700)


def database(data_directory: Path, *, testing: bool = False) -> dict[str, Any]:
    """The entry of Django's DATABASES for the embedded PostgreSQL in ``data_directory``."""
    return Cluster(data_directory, swift=testing).settings()
