"""Make the virtual environment .venv exactly as requirements.lock says. Called by the Makefile.

The argument is the file whose existence means "done": its name carries the check sum of the lock,
so that a start without changes costs nothing. Safe to run twice at once.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
LOCK = PROJECT / "requirements.lock"
OLDEST, NEWEST = (3, 11), (3, 14)


def main() -> None:
    stamp = PROJECT / sys.argv[1]
    # The project's directory itself is the lock: no file to leave behind, and none to be in the way.
    directory = os.open(PROJECT, os.O_RDONLY)
    fcntl.flock(directory, fcntl.LOCK_EX)
    if stamp.exists():
        return
    if not usable():
        make()
    count = LOCK.read_text(encoding="utf-8").count("==")
    print(f"Installing {count} packages into .venv (only when requirements.lock changed) ...", flush=True)
    install()
    for old in ENVIRONMENT.glob("lock-*"):
        old.unlink()
    stamp.touch()


def usable() -> bool:
    """Whether .venv has a Python of a known version, with pip."""
    test = f"import pip, sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    try:
        return subprocess.run([ENVIRONMENT / "bin" / "python", "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def make() -> None:
    """Make .venv; where Debian keeps the needed module in a package of its own, install that first."""
    print(f"Making the virtual environment .venv with Python {sys.version.split()[0]} ...", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 0:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing the system package {package} ...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=apt, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", package], env=apt, **quiet)
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode == 0:
            return
    sys.exit(
        f"The virtual environment cannot be made by {sys.executable}.\n"
        f"On Debian and Ubuntu the package {package} is needed: apt install {package}\n\n"
        f"{(result.stdout + result.stderr).strip()}"
    )


def install() -> None:
    """Install what the lock names, with every hash checked."""
    command = [
        str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install",
        "-qq", "--no-input", "--disable-pip-version-check",
        # The lock is complete: nothing is to be resolved.
        "--no-deps", "--require-hashes", "--requirement", str(LOCK),
    ]  # fmt: skip
    if subprocess.run(command, cwd=PROJECT).returncode != 0:
        sys.exit("The packages could not be installed; the lines above say why. Run the same command again.")


if __name__ == "__main__":
    assert venv  # imported above so that a Python without it fails here and not half-way
    main()
