"""The map of the world: every country has its dots, its shade and its name."""

import gzip
import re
from collections import Counter
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from memberships.directory.map import country_shapes, world_map
from memberships.directory.world import COUNTRIES, ON_DEMAND, VIEWBOX
from portal.ui.countries import CODES


def cells(path: str) -> list[tuple[int, int]]:
    """The grid cells that a path draws a dot in."""
    x = y = 0
    found = []
    for kind, dx, dy in re.findall(r"([Mm])(-?\d+) (-?\d+)h0", path):
        x, y = (int(dx), int(dy)) if kind == "M" else (x + int(dx), y + int(dy))
        found.append((x, y))
    return found


def test_every_country_is_on_the_map() -> None:
    assert (COUNTRIES | ON_DEMAND).keys() == CODES - {"AQ"}


def test_small_states_are_always_drawn() -> None:
    assert {"BH", "PS", "HK", "FJ", "TT", "MT", "LB", "SG", "LI", "TV", "VA", "XK"} <= COUNTRIES.keys()


def test_no_dot_belongs_to_two_countries() -> None:
    dots = Counter(cell for path in COUNTRIES.values() for cell in cells(path))

    assert dots.most_common(1)[0][1] == 1


def test_all_dots_lie_in_the_picture() -> None:
    left, top, width, height = map(float, VIEWBOX.split())

    for path in (COUNTRIES | ON_DEMAND).values():
        assert re.fullmatch(r"M\d+ \d+h0(m-?\d+ \d+h0)*", path)
        assert all(left < x < left + width and top < y < top + height for x, y in cells(path))


@pytest.mark.parametrize(
    ("north", "south"), [("CA", "US"), ("US", "MX"), ("NO", "IT"), ("LB", "IL"), ("TN", "NG"), ("NG", "ZA")]
)
def test_countries_lie_north_and_south_of_each_other_as_on_earth(north: str, south: str) -> None:
    def middle(code: str) -> float:
        rows = [y for _, y in cells(COUNTRIES[code])]
        return sum(rows) / len(rows)

    assert middle(north) < middle(south)


def test_a_title_is_text_also_in_the_drawing() -> None:
    (egypt,) = [shape for shape in country_shapes({"EG": 1}, {}) if shape.country == "EG"]

    assert replace(egypt, title="<b>&").markup.endswith('h0"><title>&lt;b&gt;&amp;</title></path>')


def test_the_map_weighs_less_than_its_budget() -> None:
    drawn = "".join(replace(shape, title="").markup for shape in country_shapes(dict.fromkeys(CODES, 1), {}))

    assert len(gzip.compress(drawn.encode())) < 5_500


@pytest.mark.parametrize(
    ("count", "matching", "css"),
    [(0, 0, "m0"), (1, 0, "m1"), (2, 0, "m2"), (3, 0, "m3"), (4, 0, "m3"), (5, 0, "m4"), (9, 0, "m4"), (5, 1, "match")],
)
def test_a_country_has_the_shade_of_its_number(count: int, matching: int, css: str) -> None:
    (egypt,) = [shape for shape in country_shapes({"EG": count}, {"EG": matching}) if shape.country == "EG"]

    assert egypt.css == css


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Egypt: 4"), ("fr", "Égypte: 4"), ("es", "Egipto: 4"), ("ar", "مصر: 4"), ("xx", "Egypt: 4")],
)
def test_a_country_is_named_in_the_language_of_the_reader(language: str, title: str) -> None:
    with translation.override(language):
        (egypt,) = [shape for shape in country_shapes({"EG": 4}, {}) if shape.country == "EG"]

    assert egypt.title.replace("\u00a0:", ":").replace(" :", ":") == title


def test_counts_are_written_with_the_digits_given() -> None:
    shapes = country_shapes({"EG": 4}, {"EG": 2}, number=lambda n: "٠١٢٣٤"[n])

    (egypt,) = [shape for shape in shapes if shape.country == "EG"]
    assert egypt.title == "Egypt: ٤, in these results ٢"


def test_countries_without_organisations_have_no_title() -> None:
    assert {shape.title for shape in country_shapes({}, {})} == {""}


def test_dependencies_are_drawn_only_where_somebody_is() -> None:
    assert "RE" not in {shape.country for shape in country_shapes({"RE": 0}, {})}
    assert "RE" in {shape.country for shape in country_shapes({"RE": 1}, {})}
    assert "RE" in {shape.country for shape in country_shapes({}, {"RE": 1})}


def test_organisations_without_a_country_are_not_on_the_map() -> None:
    shown = world_map({"": 2, "EG": 4, "JO": 0, "QQ": 1}, {"": 1})

    assert {shape.title for shape in shown.shapes} == {"", "Egypt: 4"}
    assert (shown.countries, shown.matching) == (2, 0)


@pytest.mark.parametrize(("language", "digits"), [("en", "3–4"), ("ar", "٣–٤")])
def test_the_map_is_a_picture_with_a_sentence_a_legend_and_a_list_beside_it(language: str, digits: str) -> None:
    with translation.override(language):
        shown = {"map": world_map({"EG": 4, "JO": 1, "US": 9}, {}), "countries_url": "?view=countries"}
        page = render_to_string("memberships/directory/_map.html", shown)

    assert 'role="img" aria-labelledby="map-title"' in page
    assert re.search(r'<title id="map-title">[^<]+</title>', page)
    assert f'<i class="m3"></i> {digits}</li>' in page
    assert '<a href="?view=countries">' in page
    assert 'class="m4" data-country="US"' in page
    assert 'class="match"' not in page
    assert not re.search(r"\s(style|on\w+)=", page)


def test_matching_countries_are_in_the_sentence_and_in_the_legend() -> None:
    shown = {"map": world_map({"EG": 4, "JO": 1}, {"EG": 2}), "countries_url": "/"}

    page = render_to_string("memberships/directory/_map.html", shown)

    assert "the current results are in 1 country." in page
    assert '<i class="match"></i>' in page
    assert 'class="match" data-country="EG"' in page
