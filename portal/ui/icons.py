"""The names in the sprite `static/icons.svg`, and how an icon is written."""

from functools import lru_cache
from pathlib import Path
from re import findall

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

# Other words by which the same drawing is asked for.
ALIASES = {
    "alert": "warning",
    "building": "organisation",
    "chat": "exchange",
    "chevron-down": "down",
    "chevron-side": "side",
    "chevron-up": "up",
    "close": "cross",
    "edit": "pencil",
    "globe": "members",
    "language": "members",
    "more": "dots",
    "person": "people",
    "skills": "star",
    "library": "books",
    "conference": "calendar",
}
# What points along the line of reading turns round with it; clocks, checks and lenses do not.
MIRRORED = frozenset({"arrow", "side", "back", "send", "sign-out", "sign-in", "external", "reply", "list", "books"})
SIZES = (14, 16, 18, 20)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every symbol in the sprite."""
    sprite = Path(settings.BASE_DIR) / "static" / "icons.svg"
    return frozenset(findall(r'<symbol id="([a-z-]+)"', sprite.read_text(encoding="utf-8")))


@lru_cache(maxsize=2048)  # thirty on every page, a few hundred different ones in all
def icon(name: str, label: str = "", size: int = 20) -> SafeString:
    """One icon; hidden from assistive technology unless it has a `label`. Raises ValueError on an unknown name."""
    name = ALIASES.get(name, name)
    if name not in names():
        raise ValueError(f"There is no icon {name!r} in static/icons.svg")
    classes = "icon" + (f" s{size}" if size != 20 else "") + (" mirrored" if name in MIRRORED else "")
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, role, static("icons.svg"), name)
