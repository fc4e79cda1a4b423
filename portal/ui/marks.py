"""Tile (an organisation, square), face (a person, round), language mark, foreign text, bar."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.ui.names import direction, language_name

TILE_SIZES = (24, 32, 44, 96)
FACE_SIZES = (28, 36, 48)
HUES = range(1, 7)
PRESENCE = ("here", "away", "offline")


def initials(name: str) -> str:
    """First letters of the first and the last word, or "?" where there is none."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper() or "?"


def name_of(subject: Any) -> str:
    """The name of an organisation or a person; a text is its own name."""
    return str(getattr(subject, "name", subject) or "")


def tile(organisation: Any, size: int = 44, *, with_logo: bool = True) -> SafeString:
    """The square of an organisation, always beside its name, so hidden from assistive technology.

    Reads `.tile_text` (2 to 5 letters), `.tile_hue` (1 to 6, or "h1c") and `.logo_url`, each optional.
    """
    if size not in TILE_SIZES:
        raise ValueError(f"A tile is {TILE_SIZES} px, not {size}")
    logo = getattr(organisation, "logo_url", "") if with_logo else ""
    if logo:
        picture = format_html('<img src="{0}" alt="" width="{1}" height="{1}" loading="lazy">', logo, size)
        return format_html('<span class="tile x{}" aria-hidden="true">{}</span>', size, picture)
    text = (getattr(organisation, "tile_text", "") or initials(name_of(organisation)))[:5]
    hue = str(getattr(organisation, "tile_hue", "") or 2)
    digit = int(hue.strip("hc")) if hue.strip("hc").isdecimal() else 2
    length = "short" if len(text) < 4 else "long"
    return format_html(
        '<span class="tile x{} h{}c {}" aria-hidden="true">{}</span>', size, digit if digit in HUES else 2, length, text
    )


def face(person: Any, size: int = 36, presence: str = "", *, follow: bool = False) -> SafeString:
    """The circle of a person, always beside their name; only presence is said to assistive technology.

    Reads `.initials`, else makes them from the name. `presence` is "here", "away", "offline" or "" for not shown.
    With `follow` the page's live connection keeps it up to date, for whoever lets it be seen.
    """
    if size not in FACE_SIZES:
        raise ValueError(f"A face is {FACE_SIZES} px, not {size}")
    letters = getattr(person, "initials", "") or initials(name_of(person))
    state = presence if presence in PRESENCE else ""
    said = {"here": _("Here now"), "away": _("Away"), "offline": _("Offline")}
    told = [key for key in PRESENCE if follow or key == state]
    words = format_html_join(
        "", '<span class="visually-hidden" data-when="{}">{}</span>', [(key, said[key]) for key in told]
    )
    live = format_html(' data-presence="{}"', person.pk) if follow else ""
    shown = format_html(' data-state="{}"', state) if told else ""
    return format_html(
        '<span class="face x{}"{}{}><span aria-hidden="true">{}</span>{}{}</span>',
        size,
        live,
        shown,
        letters,
        SafeString("<i></i>") if told else "",
        words,
    )


def language_mark(code: str) -> SafeString:
    """The bordered code after a text in another language."""
    return format_html('<abbr class="language-mark" title="{}">{}</abbr>', language_name(code), code.upper())


def bdi(text: object, lang: str = "") -> SafeString:
    """`text` kept apart from the direction of what surrounds it."""
    if not lang:
        return format_html("<bdi>{}</bdi>", text)
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', lang, direction(lang), text)


def meter(value: float, whole: float, text: str, kind: str = "") -> SafeString:
    """A bar; `text` says the same in words ("38 of 104") and is its name. `kind`: due, ok, plum, grey, tall."""
    return format_html(
        '<meter class="bar {}" min="0" max="{}" value="{}" aria-label="{}"></meter>', kind, whole, value, text
    )
