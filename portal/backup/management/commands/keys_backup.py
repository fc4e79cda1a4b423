"""``manage.py keys_backup FILE`` (`make keys-backup`): the portal's own secrets, closed with a passphrase."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

import pyrage
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import environment as env

SHORTEST: Final = 20
NAMES: Final = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "FACTOR_KEY", "FACTOR_KEY_FALLBACKS", "AUDIT_ANCHOR_KEY")


class Command(BaseCommand):
    """What archives do not hold and a restored portal cannot do without: second factors are closed with it."""

    help = "Write the portal's keys to FILE, closed with a passphrase; --show prints what such a file holds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, or where from."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--show", action="store_true", help="open FILE and print the variables")

    def handle(self, *args: Any, **options: Any) -> None:
        """The passphrase is asked for, or comes from the file that KEYS_PASSPHRASE_FILE names."""
        passphrase = _passphrase(twice=not options["show"])
        try:
            if options["show"]:
                self.stdout.write(pyrage.passphrase.decrypt(options["file"].read_bytes(), passphrase).decode())
                return
            closed = pyrage.passphrase.encrypt(_variables().encode(), passphrase)
            descriptor = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            with os.fdopen(descriptor, "wb") as file:
                file.write(closed)
        except (OSError, pyrage.DecryptError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        self.stdout.write(
            f"{options['file']} holds the keys. Keep it apart from the archives and from their opening key."
        )


def _variables() -> str:
    """Lines as an environment file has them."""
    lines = []
    for name in NAMES:
        value = getattr(settings, name, "")
        if value:
            lines.append(f"{name}={value if isinstance(value, str) else ','.join(value)}")
    return "\n".join(lines) + "\n"


def _passphrase(*, twice: bool) -> str:
    if env.is_set("KEYS_PASSPHRASE_FILE"):
        given = env.path("KEYS_PASSPHRASE_FILE").read_text(encoding="utf-8").strip()
    else:
        given = getpass.getpass("Passphrase: ")
        if twice and getpass.getpass("Once more: ") != given:
            raise CommandError("These two are not the same.")
    if twice and len(given) < SHORTEST:
        raise CommandError(f"The passphrase must have {SHORTEST} characters or more: six words picked by dice.")
    return given
