"""``manage.py audit_verify``: has anybody tampered with the record?"""

from __future__ import annotations

import re
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.audit import anchor
from portal.audit.chain import Head, verify


def noted(text: str) -> Head:
    """A head that somebody kept: NUMBER:HASH."""
    match = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text.strip())
    if match is None:
        raise ArgumentTypeError("NUMBER:HASH, as audit_anchor prints it")
    return Head(int(match[1]), match[2])


class Command(BaseCommand):
    """Reads the whole record and its anchor, and names each thing that does not fit."""

    help = "Check the record of acts against its chain and its anchor; status 1 where anything was tampered with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Another anchor than the usual one, heads that were mailed or printed."""
        parser.add_argument("--anchor", type=Path, help="the anchor's file (AUDIT_ANCHOR where not given)")
        parser.add_argument(
            "--head", type=noted, action="append", default=[], help="a head kept elsewhere, NUMBER:HASH"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints findings and notes; CommandError with status 1 where there is a finding."""
        # The anchor first: an entry written meanwhile is in the record and not yet in it, never the other way round.
        reading = self._anchor(options["anchor"])
        began = time.monotonic()
        verdict = verify(sorted([*reading.heads, *options["head"]]))
        findings = [*verdict.findings, *reading.findings]
        for note in reading.notes[-20:]:
            self.stdout.write(f"Note: {note}")
        for finding in findings:
            self.stdout.write(self.style.ERROR(finding.sentence))
        self.stdout.write(
            f"{verdict.entries} entries, {reading.lines} lines of the anchor, read in {time.monotonic() - began:.1f} s."
            f" Head: {verdict.head.number}:{verdict.head.hash}"
        )
        if findings:
            raise CommandError(f"The record was tampered with: {len(findings)} findings.", returncode=1)
        self.stdout.write("Nothing was tampered with.")

    def _anchor(self, given: Path | None) -> anchor.Reading:
        path = given or settings.AUDIT_ANCHOR
        try:
            return anchor.read(path)
        except OSError as error:
            if given is not None or not isinstance(error, FileNotFoundError):
                raise CommandError(f"The anchor {path} cannot be read: {error.strerror}.", returncode=2) from error
        reading = anchor.Reading()
        reading.notes.append(f"There is no anchor at {path}, so a tail that was cut off is not noticed.")
        return reading
