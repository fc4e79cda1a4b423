"""The interface's tags: what they write, and what they never let through."""

from pathlib import Path
from re import findall
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from portal.registry import announced
from portal.ui import icons, marks
from portal.ui.hemicycle import seats

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def render(source: str, **context: object) -> str:
    with translation.override("en"):
        return Template(source).render(Context(context))


def test_an_icon_is_hidden_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render('{% icon "pin" %}')
    labelled = render('{% icon "pin" label="Place" size=16 %}')
    assert 'role="img" aria-label="Place"' in labelled
    assert "aria-hidden" not in labelled
    assert 'class="icon s16"' in labelled


def test_arrows_turn_with_the_line_and_clocks_do_not() -> None:
    assert "mirrored" in render('{% icon "arrow" %}')
    assert "mirrored" not in render('{% icon "clock" %}')


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(ValueError, match="no icon 'unicorn'"):
        icons.icon("unicorn")


def test_every_icon_that_is_asked_for_is_in_the_sprite() -> None:
    asked = {name for path in TEMPLATES for name in findall(r"{%\s*icon \"([a-z-]+)\"", path.read_text("utf-8"))}
    asked |= {entry.icon for entry in announced.navigation} | set(icons.ALIASES)
    assert {name for name in asked if icons.ALIASES.get(name, name) not in icons.names()} == set()
    assert icons.names() >= icons.MIRRORED


def test_a_tile_has_acronym_and_hue() -> None:
    organisation = SimpleNamespace(name="Sample Press Union", tile_text="SPU", tile_hue=3, logo_url="")
    assert render("{% tile o %}", o=organisation) == ('<span class="tile x44 h3c short" aria-hidden="true">SPU</span>')
    assert 'class="tile x32 h3c short"' in render("{% tile o 32 %}", o=organisation)


@pytest.mark.parametrize(
    ("hue", "drawn"), [("h5c", "h5c"), (0, "h2c"), (99, "h2c"), ("nonsense", "h2c"), (None, "h2c")]
)
def test_a_tile_has_a_hue_whatever_it_is_given(hue: object, drawn: str) -> None:
    assert drawn in render("{% tile o %}", o=SimpleNamespace(name="A B", tile_hue=hue))


def test_a_tile_without_acronym_has_initials_and_escapes_them() -> None:
    assert ">SU<" in render("{% tile o %}", o=SimpleNamespace(name="Sample Press Union"))
    hostile = render("{% tile o %}", o=SimpleNamespace(name="x", tile_text="<b>&"))
    assert "&lt;b&gt;&amp;" in hostile


def test_a_logo_takes_the_place_of_letters_except_in_low_bandwidth() -> None:
    organisation = SimpleNamespace(name="Sample Press Union", tile_text="SPU", tile_hue=3, logo_url="/files/7/")
    assert '<img src="/files/7/" alt=""' in render("{% tile o %}", o=organisation)
    assert "<img" not in render("{% tile o %}", o=organisation, low_bandwidth=True)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Tomás Rey", "TR"), ("Jeanne", "J"), ("Ana de la Cruz", "AC"), ("", "?"), ("—", "?"), ("ليلى حداد", "لح")],
)
def test_a_face_has_the_initials(name: str, letters: str) -> None:
    assert marks.initials(name) == letters
    assert f">{letters}<" in render("{% face p %}", p=SimpleNamespace(name=name))


def test_presence_is_said_in_words_and_only_where_it_is_shown() -> None:
    person = SimpleNamespace(name="Ravi Menon", pk=7)
    here = render('{% face p presence="here" %}', p=person)
    assert 'data-state="here"' in here
    assert "Here now" in here
    assert "Away" not in here
    assert "Away" in render('{% face p presence="away" %}', p=person)
    assert "Offline" in render('{% face p presence="offline" %}', p=person)
    assert "data-state" not in render("{% face p %}", p=person)
    assert "data-presence" not in here


def test_presence_that_is_followed_has_the_words_for_every_state() -> None:
    face = render("{% face p follow=True %}", p=SimpleNamespace(name="Ravi Menon", pk=7))
    assert 'data-presence="7" data-state=""' in face
    assert all(words in face for words in ("Here now", "Away", "Offline"))


def test_foreign_text_is_kept_apart_and_marked() -> None:
    assert render('{% bdi "مهارات" "ar" %}') == '<bdi lang="ar" dir="rtl">مهارات</bdi>'
    assert render("{% bdi text %}", text="<i>") == "<bdi>&lt;i&gt;</bdi>"
    assert render('{% language_mark "fr" %}') == '<abbr class="language-mark" title="French">FR</abbr>'
    assert render('{% language_mark "" %}') == ""


def test_a_meter_says_its_numbers() -> None:
    assert 'aria-label="38 of 104"' in render("{% meter 38 104 %}")
    assert 'class="bar due"' in render('{% meter 28 30 "28 of 30 taken" kind="due" %}')


def test_there_are_104_seats_from_the_start_side_to_the_end() -> None:
    places = seats()
    assert len(places) == len(set(places)) == 104
    assert places[0][0] < places[-1][0]


def test_the_hemicycle_is_decoration_unless_it_says_something() -> None:
    assert 'aria-hidden="true"' in render("{% hemicycle %}")
    turnout = render('{% hemicycle filled=61 own=62 label="61 of 104 have voted" %}')
    assert 'role="img" aria-label="61 of 104 have voted"' in turnout
    assert all(f'class="{kind}"' in turnout for kind in ("free", "taken", "own"))


@pytest.mark.parametrize("name", ["number", "percentage", "size", "day", "moment", "clock", "zone", "country_name"])
def test_a_filter_says_nothing_of_nothing(name: str) -> None:
    assert render("{{ value|" + name + " }}", value=None) == ""


def test_names_of_languages_begin_with_a_capital_except_inside_a_sentence() -> None:
    with translation.override("fr"):
        template = Template('{{ "ar"|language_name }} {{ "ar"|language_name:"inline" }} {{ "EG"|country_name }}')
        assert template.render(Context()) == "Arabe arabe Égypte"
    assert render('{{ "zz"|language_name }}{{ ""|language_name }}') == "Zz"


def test_a_part_of_another_app_has_its_own_values_on_top_of_the_pages() -> None:
    source = '{% part "portal/ui/_count.html" values %}|{{ item }}'
    written = render(source, item="page", values={"item": SimpleNamespace(count=3, due=False), "kind": "n"})
    assert "3 unread" in written
    assert written.endswith("|page")
