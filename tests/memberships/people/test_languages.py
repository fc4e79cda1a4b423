"""A language is read back from the name the portal wrote, in each of its languages."""

import pytest
from django.conf import settings
from django.utils.translation import override

from memberships.people.forms import code_of_language
from portal.ui.languages import CODES
from portal.ui.names import language_name


@pytest.mark.parametrize("reader", [code for code, _name in settings.LANGUAGES])
def test_what_the_portal_writes_it_reads_back(reader):
    with override(reader):
        wrong = {code: code_of_language(language_name(code)) for code in CODES}

    assert {code: read for code, read in wrong.items() if read != code} == {}


@pytest.mark.parametrize("typed", ["ff", "Fulah", "Fula", "peul", "Français", "العربية", "kiswahili"])
def test_names_people_use_are_known(typed):
    assert code_of_language(typed) in CODES


def test_what_is_no_language_is_none():
    assert code_of_language("Klingonese") is None
