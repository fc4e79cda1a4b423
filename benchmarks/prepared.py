"""What the parts of ``make bench`` need before they measure: a database of their own, and programs run on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from portal.database.embedded import Cluster

PROJECT = Path(__file__).resolve().parent.parent


def environment(cluster: Cluster, data: Path, database: str, settings: str) -> dict[str, str]:
    """What programs run with on `database`, which is made where it is missing and has all tables."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
        if not administration.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            administration.execute(f"CREATE DATABASE {database}")
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    given = {
        **kept, "DJANGO_SETTINGS_MODULE": settings, "TRIAL": "1", "DEMONSTRATION": "0", "PLENARY_DATA": str(data),
        "DATABASE_URL": cluster.url(database), "LOG_LEVEL": "ERROR", "PYTHONPATH": str(PROJECT),
    }  # fmt: skip
    run(given, "manage.py", "migrate", "--verbosity=0", "--skip-checks")
    return given


def run(given: dict[str, str], *command: str) -> str:
    """Run a Python program of ours to its end. Returns what it printed; ends this one where it failed."""
    done = subprocess.run([sys.executable, *command], cwd=PROJECT, env=given, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout
