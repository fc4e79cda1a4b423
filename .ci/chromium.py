"""Install Debian's chromium for the browser tests where it is missing and may be installed.

Never fails: without a browser those tests are skipped, and the end of the test run says so.
"""

import os
import shutil
import subprocess

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without a network this must not hold up the tests.
IMPATIENT = ("-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20")


def main() -> None:
    if any(shutil.which(name) for name in BROWSERS) or os.environ.get("CHROMIUM"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Debian's chromium for the browser tests (once) ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", *IMPATIENT, "update", "-qq"],
        ["apt-get", *IMPATIENT, "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        try:
            subprocess.run(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300, check=True
            )
        except (OSError, subprocess.SubprocessError):
            print("chromium could not be installed; the browser tests will be skipped.", flush=True)
            return


if __name__ == "__main__":
    main()
