"""The header that says how a download is called (RFC 6266)."""

import re
import unicodedata
from typing import Final

from django.utils.http import content_disposition_header

LONGEST: Final = 100
_STEM_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """`name` as a file may be called on any system: no path, nothing invisible, no direction marks; never empty."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*%;')
    kept = unicodedata.normalize("NFC", " ".join(kept.split())).strip(". ")
    kept = _STEM_RESERVED.sub(lambda match: f"_{match.group()}", kept, count=1) if _STEM_RESERVED.match(kept) else kept
    if len(kept) > LONGEST:
        stem, dot, ending = kept.rpartition(".")
        room = LONGEST - len(dot + ending)
        kept = stem[:room] + dot + ending if stem and room > 0 else kept[:LONGEST]
    return kept or "file"


def disposition(name: str, *, inline: bool) -> str:
    """The value of Content-Disposition; shown in the page where `inline`, else always saved."""
    header = content_disposition_header(not inline, safe_name(name))
    return header or ("inline" if inline else "attachment")
