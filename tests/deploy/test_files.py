"""The files of deploy/: complete, and as strict as they say."""

import configparser
import re

import pytest

from tests.deploy.proxy import PROJECT

DEPLOY = PROJECT / "deploy"
SETTINGS = (PROJECT / "portal" / "settings.py").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS)))


@pytest.mark.parametrize("name", NAMES)
def test_the_example_and_the_manual_name_every_setting(name):
    example = (DEPLOY / "plenary.env.example").read_text(encoding="utf-8")
    manual = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")

    assert re.search(rf"^#?{name}(_FILE)?=", example, re.MULTILINE)
    assert f"`{name}`" in manual


def test_the_example_holds_no_secret():
    example = (DEPLOY / "plenary.env.example").read_text(encoding="utf-8")

    assert not re.search(r"^(SECRET_KEY|AUDIT_ANCHOR_KEY|BACKUP_RECIPIENTS)=.", example, re.MULTILINE)


@pytest.mark.parametrize("name", ["plenary-web@.service", "plenary-worker.service"])
def test_the_units_may_do_little(name):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(DEPLOY / "systemd" / name, encoding="utf-8")
    service = unit["Service"]

    assert service["User"] == "plenary"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    for switch in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "MemoryDenyWriteExecute"):
        assert service[switch] == "yes"


def test_the_image_installs_what_the_lock_says():
    text = (DEPLOY / "container" / "Containerfile").read_text(encoding="utf-8")

    assert "--require-hashes" in text
    assert "\nUSER plenary\n" in text
    copied = set(re.findall(r"^COPY (?!--)(\S+) /opt", text, re.MULTILINE))
    assert {"manage.py", "portal", "memberships", "workspaces", "templates", "static", "locale"} == copied


def test_every_error_page_speaks_four_languages():
    configuration = (DEPLOY / "nginx.conf.in").read_text(encoding="utf-8")
    pages = set(re.findall(r"/plenary-errors/(\d+)\.html", configuration))

    assert pages == {path.stem for path in (DEPLOY / "errors").glob("*.html")}
    for page in pages:
        text = (DEPLOY / "errors" / f"{page}.html").read_text(encoding="utf-8")
        assert all(mark in text for mark in ('<html lang="en">', 'lang="fr"', 'lang="es"', 'lang="ar" dir="rtl"'))
