"""None of the demonstration exists in production, and it cannot be switched on there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, get_commands
from django.urls import NoReverseMatch, reverse

from portal.demonstration.mail import OutboxBackend
from portal.demonstration.services import NotLoadedError, load
from portal.registry import announced

PROJECT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "FACTOR_KEY": "Nn4!xB8@qL1$wE6^rT3*yU9(iO5-pA2=sD7_fG0+hJ4#kZ1%cV",
    "SECRET_KEY": "gx7$P2!nQv9zR4#tLw8@Km3%Bh6^Yd1&Fs5*Jc0(Ua-Ei+Ow=Xk",
    "DATABASE_URL": "postgresql://plenary@127.0.0.1:1/plenary",
    "ALLOWED_HOSTS": "portal.example.org",
    "PUBLIC_ADDRESS": "https://portal.example.org",
    "EMAIL_URL": "smtp://127.0.0.1:1/",
}
LOOK = """
import json, sys, django
django.setup()
from django.conf import settings
from django.core.management import get_commands
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from portal.registry import announced

def is_there(path):
    try:
        resolve(path)
    except Resolver404:
        return False
    return True

print(json.dumps({
    "flag": settings.DEMONSTRATION,
    "installed": [app for app in settings.INSTALLED_APPS if "demonstration" in app],
    "commands": sorted(name for name in get_commands() if "demonstration" in name),
    "pages": [path for path in ("/demonstration/mails/", "/demonstration/mails/x/", "/demonstration/components/")
              if is_there(path)],
    "generators": len(announced.generators),
    "backend": settings.EMAIL_BACKEND,
    "modules": sorted(
        name for name in sys.modules
        if ("demonstration" in name or "samples" in name) and name != "portal.registry.demonstration"
    ),
}))
"""


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        **variables,
    }
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120
    )


def test_in_production_there_is_nothing_of_it():
    looked = run("-c", LOOK, **PRODUCTION)

    assert looked.returncode == 0, looked.stderr
    assert json.loads(looked.stdout) == {
        "flag": False,
        "installed": [],
        "commands": [],
        "pages": [],
        "generators": 0,
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "modules": [],
    }


def test_the_look_would_see_it(tmp_path):
    looked = run("-c", LOOK, TRIAL="1", PLENARY_DATA=str(tmp_path))

    assert looked.returncode == 0, looked.stderr
    seen = json.loads(looked.stdout)
    assert seen["flag"] is True
    assert "portal.demonstration" in seen["installed"]
    assert seen["commands"] == ["demonstration", "demonstration_accounts"]
    assert "/demonstration/mails/" in seen["pages"]
    assert seen["generators"] > 0
    assert seen["backend"] == "portal.demonstration.mail.OutboxBackend"
    assert "memberships.organisations.samples" in seen["modules"]


def test_in_production_it_cannot_be_switched_on():
    refused = run("manage.py", "check", **PRODUCTION, DEMONSTRATION="1")

    assert refused.returncode != 0
    assert "DEMONSTRATION may only be set together with TRIAL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_command_is_unknown_in_production():
    refused = run("manage.py", "demonstration", **PRODUCTION)

    assert refused.returncode != 0
    assert "Unknown command" in refused.stderr


def test_the_check_before_deployment_finds_it(tmp_path):
    checked = run("manage.py", "check", "--deploy", TRIAL="1", PLENARY_DATA=str(tmp_path))

    assert checked.returncode != 0
    assert "demonstration.E001" in checked.stderr


def test_production_passes_the_check_before_deployment():
    checked = run("manage.py", "check", "--deploy", "--fail-level=WARNING", **PRODUCTION)

    assert checked.returncode == 0, checked.stderr


def test_the_outbox_refuses_to_keep_what_must_be_sent(settings):
    settings.EMAIL_BACKEND = "portal.demonstration.mail.OutboxBackend"

    with pytest.raises(ImproperlyConfigured, match="for the demonstration only"):
        mail.send_mail("Subject", "Text", None, ["someone@example.org"])


def test_in_these_tests_it_is_not_there_either():
    assert "demonstration" not in get_commands()
    assert len(announced.generators) == 0
    with pytest.raises(NoReverseMatch):
        reverse("demonstration:mails")
    with pytest.raises(CommandError):
        call_command("demonstration")


@pytest.mark.django_db
def test_loading_refuses_where_it_is_switched_off():
    with pytest.raises(NotLoadedError, match="not a demonstration"):
        load(lambda _name: None)


def test_only_the_newest_mails_are_kept(settings, tmp_path, monkeypatch):
    settings.DEMONSTRATION, settings.DATA_DIR = True, tmp_path
    monkeypatch.setattr("portal.demonstration.mail.KEPT", 3)
    backend = OutboxBackend()

    for number in range(5):
        backend.send_messages([mail.EmailMessage(f"Mail {number}", "Text", to=["someone@example.org"])])

    kept = sorted((tmp_path / "mails").glob("*.eml"))
    assert len(kept) == 3
    assert b"Subject: Mail 4" in kept[-1].read_bytes()
    assert (tmp_path / "mails").stat().st_mode & 0o077 == 0
