"""Production as docs/operations.md describes it, and people in browsers who work in groups on it (must hold on several
processes as on one): nginx with TLS, two web processes, a worker, PostgreSQL, Redis between.

The network is the demonstration's, filled in beforehand; the processes themselves run without any of a trial. The same
journeys run in the ordinary tests against one process in memory.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from drills._portal import PROJECT, Portal, portal
from drills.report import Report
from portal.database.embedded import Cluster
from tests.deploy.proxy import NO_NGINX, deployed, nginx
from tests.redis import NO_REDIS, redis_server
from tests.redis import running as running_redis

JOURNEYS = ("test_room", "test_groups", "test_files", "test_live")
LONGEST_SECONDS = 1800
# A session for each person: in production no code is shown beside its field.
SESSIONS = """
import json, sys
from django.test import Client
from portal.accounts.models import User
from django.conf import settings
found = {}
for person in User.objects.filter(is_active=True):
    client = Client()
    client.force_login(person)
    found[person.email] = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps([settings.SESSION_COOKIE_NAME, found]))
"""


def run() -> Report:
    """Each journey's tests, all against the same portal."""
    report = Report("production")
    for missing, reason in ((nginx() is None, NO_NGINX), (redis_server() is None, NO_REDIS)):
        if missing:
            report.skipped = reason
            return report
    with portal() as trial, running_redis() as redis, ExitStack() as stack:
        trial.fill()
        cluster = Cluster(trial.data)
        cluster.attach()
        stack.callback(cluster.release)
        environment = {
            **trial.secrets,
            "DATABASE_URL": cluster.url("plenary"),
            "REDIS_URL": redis.url,
            "EMAIL_URL": "smtp://127.0.0.1:1/",  # nobody takes mail here; it waits
            "EMAIL_FROM": "Plenary <portal@example.org>",
            "NETWORK_NAME": "Plenary",
        }
        directory = trial.data.parent / "production"
        shutil.copytree(trial.data / "files", directory / "files")
        served = stack.enter_context(deployed(directory, environment, webs=2, worker=True))
        sessions = directory / "sessions.json"
        sessions.write_text(json.dumps(_sessions(trial, served.environment)), encoding="utf-8")
        for name in JOURNEYS:
            passed, said = _journey(name, served.address, sessions)
            report.expect(name, passed, said)
    return report


def _sessions(trial: Portal, environment: dict[str, str]) -> dict[str, dict[str, object]]:
    """What a browser keeps for each person, by address."""
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", SESSIONS],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    name, keys = json.loads(made.stdout.strip().splitlines()[-1])
    kept = {"name": name, "domain": "localhost", "path": "/", "expires": -1, "httpOnly": True, "secure": True}
    return {
        email: {"cookies": [{**kept, "value": key, "sameSite": "Lax"}], "origins": []} for email, key in keys.items()
    }


def _journey(name: str, address: str, sessions: Path) -> tuple[bool, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", f"tests/browser/{name}.py"],
        cwd=PROJECT,
        env={**os.environ, "PLENARY_PORTAL": address, "PLENARY_SESSIONS": str(sessions)},
        capture_output=True, text=True, timeout=LONGEST_SECONDS,
    )  # fmt: skip
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-300:]
    if done.returncode:
        print(done.stdout[-6000:], file=sys.stderr)
    return done.returncode == 0, re.sub(r"=+", "", last).strip()
