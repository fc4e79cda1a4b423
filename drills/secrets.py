"""Check B3, long form: secrets of second factors are looked for in a dump of the database, in the files and logs."""

from __future__ import annotations

import json
import subprocess
import sys

from drills import _portal
from drills.report import Report
from portal.database.embedded import Cluster
from portal.database.programs import installed


def run() -> Report:
    """Fill a portal, dump it, and look for everything that must not be readable in it."""
    report = Report("secrets at rest")
    with _portal.portal() as portal:
        portal.fill()
        listed = subprocess.run(
            [sys.executable, "-m", "drills._secrets", "secrets"],
            cwd=_portal.PROJECT, env=portal.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        known = [*json.loads(listed.stdout), *portal.secrets.values()]
        cluster = Cluster(portal.data)
        cluster.attach()
        try:
            dump = subprocess.run([str(installed() / "pg_dump"), cluster.url()], capture_output=True, check=True).stdout
        finally:
            cluster.release()
        files = b"".join(
            path.read_bytes()
            for path in portal.data.rglob("*")
            if path.is_file() and not any(part.startswith("postgres") for part in path.parts)
        )
        everything = dump + files
        found = [secret for secret in known if secret.encode() in everything]
        report.figures["secrets looked for"] = len(known)
        report.figures["bytes of the dump"] = len(dump)
        report.expect("the dump is one", b"accounts_user" in dump and b"example.org" in dump)
        report.expect("found", not found, len(found))
    return report
