"""One line of a facet."""

import pytest
from django.utils import translation

from portal.lists.options import Option


@pytest.mark.parametrize(
    ("count", "chosen", "marks"),
    [(3, False, ("", "")), (3, True, ("", " checked")), (0, True, ("", " checked")), (0, False, (' class="none"', ""))],
)
def test_what_nothing_has_is_grey_unless_it_is_chosen(count: int, chosen: bool, marks: tuple[str, str]) -> None:
    grey, checked = marks

    assert Option("region", "africa", "Africa", count, chosen).markup == (
        f'<li{grey}><label><input type="checkbox" id="facet-region-africa" name="region" value="africa"{checked}>'
        f' <span>Africa</span> <span class="n">{count}</span></label></li>'
    )


def test_a_label_is_text() -> None:
    assert "<span>&lt;b&gt; &amp; &quot;</span>" in Option("subject", "b", '<b> & "', 1, False).markup


def test_what_is_remembered_of_one_language_is_not_shown_in_another() -> None:
    option = Option("joined", "1990", "1990–1999", 12, False)

    shown = []
    for language in ("en", "ar", "en"):
        with translation.override(language):
            shown.append(option.markup.rpartition('"n">')[2])

    assert shown == ["12</span></label></li>", "١٢</span></label></li>", "12</span></label></li>"]
