"""Every string the portal can say is translated into French, Spanish and Arabic, and the catalogues are current."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from portal.ui.catalogues import compiled, extracted

LANGUAGES = ("fr", "es", "ar")
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
def test_the_compiled_catalogue_is_current(language):
    path, translations = catalogue(language)

    assert path.with_suffix(".mo").read_bytes() == compiled(translations)
