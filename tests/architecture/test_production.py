"""Settings of production: what is missing or wrong stops the start with the variable's name, and shows no secret."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
RIGHT = {
    "SECRET_KEY": "gx7$P2!nQv9zR4#tLw8@Km3%Bh6^Yd1&Fs5*Jc0(Ua-Ei+Ow=Xk",
    "FACTOR_KEY": "Nn4!xB8@qL1$wE6^rT3*yU9(iO5-pA2=sD7_fG0+hJ4#kZ1%cV",
    "DATABASE_URL": "postgresql://plenary@db.example.org/plenary",
    "ALLOWED_HOSTS": "portal.example.org",
    "PUBLIC_ADDRESS": "https://portal.example.org",
    "EMAIL_URL": "smtps://mail.example.org/",
}
REQUIRED = ("SECRET_KEY", "FACTOR_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "EMAIL_URL")
WRONG = {
    "SECRET_KEY": "hush",
    "SECRET_KEY_FILE": "/nowhere/hush",
    "FACTOR_KEY": "hush",
    "DATABASE_URL": "mysql://u:hush@db/plenary",
    "ALLOWED_HOSTS": "a b",
    "EMAIL_URL": "mail://u:hush@mail.example.org",
    "REDIS_URL": "http://:hush@cache",
    "PLENARY_DATA": "relative/path",
    "PORT": "eighty",
    "TRIAL": "perhaps",
    "DEMONSTRATION": "perhaps",
    "DEBUG": "perhaps",
    "BEHIND_PROXY": "perhaps",
    "LOG_LEVEL": "LOUD",
    "PUBLIC_ADDRESS": "portal.example.org",
}
# Reads the settings anew for each set of variables, in one process that has nothing of them yet.
READ = """
import json, os, runpy, sys
found = {}
for case, variables in json.load(sys.stdin).items():
    os.environ.clear()
    os.environ.update(variables)
    try:
        runpy.run_path("portal/settings.py")
    except Exception as error:
        found[case] = [type(error).__name__, str(error)]
    else:
        found[case] = ["", ""]
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def readings():
    """What reading the settings said, by case."""
    home = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    cases = {"right": home | RIGHT}
    cases |= {
        f"without {name}": home | {key: value for key, value in RIGHT.items() if key != name} for name in REQUIRED
    }
    for name, value in WRONG.items():
        others = {key: kept for key, kept in RIGHT.items() if not name.startswith(f"{key}_")}
        proxied = {"BEHIND_PROXY": "1"} if name == "PROXY_COUNT" else {}
        cases[f"wrong {name}"] = home | others | proxied | {name: value}
    read = subprocess.run(
        [sys.executable, "-c", READ], cwd=PROJECT, input=json.dumps(cases), capture_output=True, text=True, timeout=120
    )
    assert read.returncode == 0, read.stderr
    return json.loads(read.stdout)


def test_right_settings_are_read(readings):
    assert readings["right"] == ["", ""]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_is_named(name, readings):
    kind, sentence = readings[f"without {name}"]

    assert kind == "ImproperlyConfigured"
    assert f"{name} is not set" in sentence


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_variable_is_named_and_no_secret_shown(name, readings):
    kind, sentence = readings[f"wrong {name}"]

    assert kind == "ImproperlyConfigured"
    assert name in sentence
    assert "hush" not in sentence or name == "SECRET_KEY_FILE"
