"""Arabic-Indic digits in Arabic, unless the reader prefers Western ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import get_language

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

_western: ContextVar[bool] = ContextVar("western_digits", default=False)


@contextmanager
def western_digits(preferred: bool) -> Iterator[None]:
    """Within the block numbers are written in Western digits in every language, where `preferred`."""
    token = _western.set(preferred)
    try:
        yield
    finally:
        _western.reset(token)


def western_preferred() -> bool:
    """Whether the current reader prefers Western digits in every language."""
    return _western.get()


def uses_arabic_indic() -> bool:
    """Whether numbers are written ١٢٣ for the current reader."""
    return (get_language() or "").split("-")[0] == "ar" and not _western.get()


def localise_digits(text: object) -> str:
    """`text` with its digits as the reader writes them. Not for addresses, telephone numbers or code."""
    return str(text).translate(ARABIC_INDIC) if uses_arabic_indic() else str(text)
