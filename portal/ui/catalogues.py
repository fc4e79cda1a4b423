"""The catalogues of translations: extracted, merged and compiled without any program outside Python.

Django's own commands need the gettext programs; Babel reads and writes the same files.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES if code != "en")


def _sources() -> Iterator[tuple[Path, str]]:
    root = Path(settings.BASE_DIR)
    for package in ("portal", "memberships", "workspaces", "events"):
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            # Turns the template's tags into gettext calls, everything else into padding.
            yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path))


def extracted() -> Catalog:
    """Every message of the code and the templates, with the places it comes from."""
    catalogue = Catalog(project="Plenary", charset="utf-8")
    for path, text in _sources():
        source = io.BytesIO(text.encode("utf-8"))
        place = path.relative_to(settings.BASE_DIR).as_posix()
        for line, message, comments, context in extract("python", source, keywords=KEYWORDS, comment_tags=("Translators:",)):
            catalogue.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return catalogue


def path_of(language: str) -> Path:
    """Where the catalogue of `language` stands."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    """The catalogue of `language` as it stands, empty where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Plenary", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """What gettext reads at run time."""
    output = io.BytesIO()
    write_mo(output, catalogue)
    return output.getvalue()


def update(language: str) -> tuple[int, int]:
    """Merge new messages into the catalogue of `language` and compile it. Returns (messages, untranslated).

    Nothing is guessed: a changed sentence is a new one, to be translated by a person.
    """
    catalogue = load(language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    output = io.BytesIO()
    write_po(output, catalogue, width=0, omit_header=False, sort_output=True, include_lineno=False)
    path.write_bytes(output.getvalue())
    with path.open("rb") as file:
        path.with_suffix(".mo").write_bytes(compiled(read_po(file, locale=language)))
    messages = [message for message in catalogue if message.id]
    missing = [m for m in messages if not (all(m.string) if isinstance(m.string, tuple) else m.string)]
    return len(messages), len(missing)
