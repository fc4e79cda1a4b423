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
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from portal.database import programs
from portal.database.programs import EmbeddedDatabaseError
from portal.database.server import DATABASE, PORT, ROLE, Server

ENGINE: Final = "portal.database.engine"

_threads = threading.RLock()
_attached: dict[Path, _Attachment] = {}


@dataclass
class _Attachment:
    """This process's hold on a running cluster."""

    users_file: int
    pid: int
    server: Server


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
    def server(self) -> Server:
        """The server on this cluster's data."""
        return Server(self.directory, self.swift)

    def settings(self) -> dict[str, Any]:
        """The entry of Django's DATABASES for the database in this cluster."""
        return {
            "ENGINE": ENGINE,
            "NAME": DATABASE,
            "USER": ROLE,
            "HOST": str(self.server.socket_directory),
            "PORT": str(PORT),
            "OPTIONS": {} if self.swift else {"pool": {"min_size": 1, "max_size": 20, "timeout": 10}},
            "EMBEDDED": self,
        }

    def url(self, database: str = DATABASE) -> str:
        """The address of a database in this cluster, for programs other than Django."""
        host = quote(str(self.server.socket_directory), safe="/")
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
                self.server.start()
                users_file = self._open("users")
                fcntl.flock(users_file, fcntl.LOCK_SH)
            _attached[self._link] = _Attachment(users_file, os.getpid(), self.server)
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
                held.server.reap(signal.SIGQUIT)
                return
            with self._locked():
                os.close(held.users_file)
                if not self.kept() and not self.in_use():
                    self.server.stop()

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
            self.server.stop()
        return True

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
