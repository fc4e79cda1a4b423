"""Asking ClamAV about an upload, where it is set up: clamd's command INSTREAM (man 8 clamd).

The bytes go to the daemon in pieces over its socket, and nothing is written anywhere for it. Where it is set up and
does not answer, nothing is taken: an upload that nobody looked at would look like one that was found clean.
"""

from __future__ import annotations

import logging
import socket
import struct
from contextlib import closing
from typing import IO, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PORT: Final = 3310
CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 60.0
_PIECE: Final = 65_536
_LONGEST_ANSWER: Final = 1_000

log = logging.getLogger(__name__)


def scan(file: IO[bytes]) -> None:
    """Raise ValidationError where clamd finds something, or is set up and does not answer. Not set up: nothing."""
    if not settings.CLAMD_URL:
        return
    try:
        answer = _asked(file)
    except OSError as error:
        log.exception("clamd does not answer")
        raise _unreachable() from error
    file.seek(0)
    if answer.endswith(" FOUND"):
        log.warning("clamd refused an upload: %s", answer)
        raise ValidationError(_("The virus scanner found malware in this file. It was not stored."), code="malware")
    if not answer.endswith(" OK"):
        log.error("clamd could not look at an upload: %s", answer)
        raise _unreachable()


def _unreachable() -> ValidationError:
    return ValidationError(
        _("Files are looked at by a virus scanner, which does not answer at the moment. Nothing was stored; try again "
          "later."),
        code="scanner",
    )  # fmt: skip


def _asked(file: IO[bytes]) -> str:
    """clamd's answer. Raises OSError, a TimeoutError among them."""
    with closing(_connected()) as connection:
        file.seek(0)
        refused = False
        try:
            connection.sendall(b"zINSTREAM\0")
            while piece := file.read(_PIECE):
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            refused = True  # it has heard enough (its StreamMaxLength) and says so
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            piece = connection.recv(_LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
        if refused and not answer:
            raise ConnectionResetError("clamd broke off")
        return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected() -> socket.socket:
    address = urlsplit(str(settings.CLAMD_URL))
    if address.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(CONNECT_SECONDS)
        connection.connect(address.path)
    else:
        host = address.hostname or "localhost"
        connection = socket.create_connection((host, address.port or PORT), timeout=CONNECT_SECONDS)
    connection.settimeout(ANSWER_SECONDS)
    return connection
