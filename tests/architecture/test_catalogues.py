"""Every string the portal can say is translated into French, Spanish and Arabic, and the catalogues are current."""

import re
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from django.conf import settings

from portal.ui.catalogues import compiled, extracted

LANGUAGES = ("fr", "es", "ar")
# The order in which a catalogue has the forms of a number; beyond a million French and Spanish would have one more.
FORMS = {"fr": ("one", "other"), "es": ("one", "other"), "ar": ("zero", "one", "two", "few", "many", "other")}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def catalogue(language):
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return path, read_po(file, locale=language)


@pytest.fixture(scope="module")
def messages():
    return extracted()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language, messages):
    _path, translations = catalogue(language)
    missing = []
    for message in messages:
        if not message.id:
            continue
        known = translations.get(message.id if isinstance(message.id, str) else message.id[0], context=message.context)
        texts = known.string if known and isinstance(known.string, tuple) else (known.string if known else "",)
        if known is None or known.fuzzy or not all(texts):
            missing.append(message.id)

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language):
    _path, translations = catalogue(language)
    wrong = []
    for message in translations:
        if not message.id or not message.string:
            continue
        sources = (message.id,) if isinstance(message.id, str) else message.id
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        named = [{place.group(0) for place in PLACEHOLDER.finditer(source)} for source in sources]
        possible, needed = set.union(*named), set.intersection(*named)
        # A plural form for none, one or two may say the number in words and leave its placeholder out.
        spare = 0 if isinstance(message.id, str) else 1
        for text in texts:
            found = {place.group(0) for place in PLACEHOLDER.finditer(text)}
            if found - possible or len(needed - found) > spare:
                wrong.append((message.id, text))

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_takes_the_form_that_the_language_has_for_it(language):
    """The rule in the head of a catalogue is the language's own: a wrong one counts 11 with the words of 100."""
    _path, translations = catalogue(language)
    form = c2py(translations.plural_expr)
    wanted = {number: FORMS[language].index(Locale(language).plural_form(number)) for number in range(1000)}

    assert {number: form(number) for number in range(1000)} == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_current(language):
    path, translations = catalogue(language)

    assert path.with_suffix(".mo").read_bytes() == compiled(translations)
