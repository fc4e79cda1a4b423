"""Fetch Debian's nginx for the tests of deploy/ where it is missing: unpacked into .venv/nginx, not installed.

Never fails: without nginx those tests are skipped, and the end of the test run says so.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

PLACE = Path(__file__).resolve().parent.parent / ".venv" / "nginx"
IMPATIENT = ("-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20")


def main() -> None:
    if shutil.which("nginx") or Path("/usr/sbin/nginx").exists() or PLACE.exists() or not shutil.which("apt-get"):
        return
    print("Fetching Debian's nginx for the tests of deploy/ (once) ...", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        try:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": directory, "timeout": 120}
            subprocess.run(["apt-get", *IMPATIENT, "download", "-qq", "nginx"], check=True, **quiet)
            package = next(Path(directory).glob("nginx_*.deb"))
            subprocess.run(["dpkg-deb", "--extract", package, PLACE], check=True, **quiet)
            subprocess.run([PLACE / "usr" / "sbin" / "nginx", "-v"], check=True, **quiet)
        except (OSError, StopIteration, subprocess.SubprocessError):
            shutil.rmtree(PLACE, ignore_errors=True)
            print("nginx could not be fetched; the tests of deploy/ will be skipped.", flush=True)


if __name__ == "__main__":
    main()
