"""Messages about what was done: a toast with an undo where there is one."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

UNDO = "undo="


def notice(request: HttpRequest, sentence: str, *, undo: str = "") -> None:
    """Say that something was done. `undo` is an address of this site that takes POST and reverses it.

    Not for errors: these are shown where they arise, or by `messages.error` as a note.
    """
    messages.success(request, sentence, extra_tags=f"{UNDO}{undo}" if undo.startswith("/") else "")


def undo_address(message: Message) -> str:
    """The address given to :func:`notice`, or an empty text."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO + "/") and not tags.startswith(UNDO + "//") else ""
