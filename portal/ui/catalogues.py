"""The catalogues of translations: extracted, merged and compiled without any program outside Python.

Django's own commands need the gettext programs; Babel reads and writes the same files.
"""

import io
import re
from ast import literal_eval
from collections.abc import Iterator
from datetime import UTC, datetime
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
    "_now": None,  # `gettext` beside `gettext_lazy as _`
}
BEGINNING = datetime(2026, 11, 21, tzinfo=UTC)
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES if code != "en")


# What `templatize` makes of a template: gettext calls with plain string literals, the rest turned into padding.
_STRING = r"""[uU]?('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?")

Message = tuple[int, str | tuple[str, ...], str | None]  # line, text (or singular and plural), context


def _in_python(text: str) -> Iterator[Message]:
    source = io.BytesIO(text.encode("utf-8"))
    for line, message, _comments, context in extract("python", source, keywords=KEYWORDS):
        yield line, message, context


def _in_template(text: str, origin: str) -> Iterator[Message]:
    calls = templatize(text, origin=origin)
    for call in _CALL.finditer(calls):
        line = calls.count("\n", 0, call.start()) + 1
        name, *strings = call.groups()
        texts = [literal_eval(string) for string in strings if string]
        context = texts.pop(0) if "p" in name.removesuffix("gettext") else None
        yield line, (texts[0], texts[1]) if name.startswith("n") else texts[0], context


def extracted() -> Catalog:
    """Every message of the code and the templates, with the files it comes from."""
    root = Path(settings.BASE_DIR)
    catalogue = Catalog(project="Plenary", charset="utf-8")
    found: list[tuple[Path, Iterator[Message]]] = []
    for package in ("portal", "memberships", "workspaces", "events"):
        paths = (path for path in sorted((root / package).rglob("*.py")) if "migrations" not in path.parts)
        found += ((path, _in_python(path.read_text(encoding="utf-8"))) for path in paths)
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            found.append((path, _in_template(path.read_text(encoding="utf-8"), str(path))))
    for path, messages in found:
        for line, message, context in messages:
            catalogue.add(message, None, [(path.relative_to(root).as_posix(), line)], context=context)
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
    # A header without dates and places to fill in: it changes only when something is translated.
    catalogue.fuzzy = False
    catalogue.header_comment = f"# Plenary in {catalogue.locale.english_name if catalogue.locale else language}."
    catalogue.creation_date = catalogue.revision_date = BEGINNING
    catalogue.last_translator, catalogue.language_team, catalogue.msgid_bugs_address = "", "", ""
    catalogue.version = "1"
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
