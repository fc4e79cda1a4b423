"""Fetch Debian's Redis for the tests of several processes where it is missing: unpacked into .venv/redis.

Never fails: without Redis those tests are skipped, and the end of the test run says so.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PLACE = Path(__file__).resolve().parent.parent / ".venv" / "redis"
PACKAGES = ("redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1")
IMPATIENT = ("-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20")


def main() -> None:
    if shutil.which("redis-server") or PLACE.exists() or not shutil.which("apt-get"):
        return
    print("Fetching Debian's Redis for the tests of several processes (once) ...", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        try:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": directory, "timeout": 120}
            subprocess.run(["apt-get", *IMPATIENT, "download", "-qq", *PACKAGES], check=True, **quiet)
            for package in Path(directory).glob("*.deb"):
                subprocess.run(["dpkg-deb", "--extract", package, PLACE], check=True, **quiet)
            libraries = ":".join(str(path) for path in PLACE.glob("usr/lib/*") if path.is_dir())
            environment = {**os.environ, "LD_LIBRARY_PATH": libraries}
            program = PLACE / "usr" / "bin" / "redis-server"
            subprocess.run([program, "--version"], check=True, env=environment, **quiet)
        except (OSError, subprocess.SubprocessError):
            shutil.rmtree(PLACE, ignore_errors=True)


if __name__ == "__main__":
    main()
