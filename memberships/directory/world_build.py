"""Makes `world.py` from public-domain shapes: `python world_build.py TOPOJSON CODES > world.py`.

TOPOJSON is `countries-50m.json` of the npm package `world-atlas` 2.0.2 (Natural
Earth 1:50m, public domain). CODES is `codes.json` of the npm package
`i18n-iso-countries` (rows of alpha-2, alpha-3, numeric code), which the shapes
need because they carry numeric codes only. Nothing else is used, and nothing of
this runs in the portal: the result is committed.

How it works: a regular grid is laid over a Robinson projection (stretched a
little upwards, Antarctica and the high Arctic left out). Nine points in every
cell vote for the country they lie in. Countries that win no cell are then given
the nearest cell that is free or that a larger neighbour can spare, the largest
first, and swap cells where that brings both nearer, so that each has at least
one dot. Small dependencies get their cell in
the same way, but into `ON_DEMAND`: drawn only when a member sits there.
"""

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

COLUMNS, STRETCH, CENTRE, NORTH, SOUTH = 122, 1.2, 11.0, 78.5, -56.0
# Robinson (1974): length of the parallel and its distance from the equator, every 5 degrees.
LENGTH = (1, 0.9986, 0.9954, 0.99, 0.9822, 0.973, 0.96, 0.9427, 0.9216, 0.8962, 0.8679, 0.835, 0.7986, 0.7597,
          0.7186, 0.6732, 0.6213, 0.5722, 0.5322, 0.5322)  # fmt: skip
HEIGHT = (0, 0.062, 0.124, 0.186, 0.248, 0.31, 0.372, 0.434, 0.4958, 0.5571, 0.6176, 0.6769, 0.7346, 0.7903,
          0.8435, 0.8936, 0.9394, 0.9761, 1, 1.03)  # fmt: skip
SIZE = 2 * math.pi * 0.8487 / COLUMNS
# Shapes without a code. Kosovo's XK is user-assigned in ISO 3166; the others follow the United Nations' usage.
UNCODED = {"Somaliland": "SO", "Kosovo": "XK", "N. Cyprus": "CY", "Siachen Glacier": "IN"}
# Parts (west, south, east, north) that the shapes count to another code. Crimea and Western Sahara are given by
# control there; here they follow General Assembly resolution 68/262 and the UN list of non-self-governing territories.
PARTS = {"FR": ("GF", -55, 2, -51, 6), "NO": ("SJ", 8, 74, 35, 82), "RU": ("UA", 32.4, 44.3, 36.7, 46.2),
         "MA": ("EH", -17.2, 20.7, -8.6, 27.67)}  # fmt: skip
# Places that have no shape of their own at this scale.
POINTS = {"BQ": (-68.3, 12.2), "BV": (3.4, -54.4), "CC": (96.8, -12.2), "CX": (105.7, -10.5), "GI": (-5.3, 36.1),
          "GP": (-61.5, 16.2), "KI": (173, 1.4), "MQ": (-61, 14.6), "RE": (55.5, -21.1), "TK": (-171.8, -9.2),
          "TV": (179.2, -8.5), "UM": (-176.5, 0.2), "YT": (45.2, -12.8)}  # fmt: skip
DEPENDENT = frozenset(
    {
        "AI", "AS", "AW", "AX", "BL", "BM", "BQ", "BV", "CC", "CK", "CW", "CX", "FK", "FO", "GG", "GI", "GP", "GS",
        "GU", "HM", "IM", "IO", "JE", "KY", "MF", "MO", "MP", "MQ", "MS", "NC", "NF", "NU", "PF", "PM", "PN", "RE",
        "SH", "SX", "TC", "TF", "TK", "UM", "VG", "VI", "WF", "YT",
    }
)  # fmt: skip
HEADER = '''# ruff: noqa: E501
"""The world as dots: for each country the path of its dots. Written by `world_build.py`, not by hand.

Every path is a chain of zero-length strokes (`h0`), one for each cell of a regular
grid; `stroke-linecap: round` makes a dot of each. There are no borders, and no
line is drawn: a country is a group of dots.

`COUNTRIES` are always drawn: every member and observer state of the United
Nations, and every territory large enough to win a cell. `ON_DEMAND` are small
dependencies, drawn (after the others) only when a member sits there.

Shapes: Natural Earth 1:50m (public domain), in the form of the npm package
world-atlas 2.0.2. Projection: Robinson around 11 degrees east, 1.2 times as high.
A small country's dot is the nearest one that could be spared, not its exact place.
"""

from typing import Final
'''
Point = tuple[float, float]
Cell = tuple[int, int]
Shape = tuple[str, float, float, float, float, list[list[Point]]]  # country, west, east, south, north, rings


def along(table: tuple[float, ...], latitude: float) -> float:
    """The table's value at a latitude in degrees, straight between its steps."""
    step, rest = divmod(abs(latitude) / 5, 1)
    return table[int(step)] + rest * (table[int(step) + 1] - table[int(step)])


def project(longitude: float, latitude: float) -> Point:
    """The place on the grid, in cells; y grows to the south, row 0 starts at `NORTH`."""
    x = 0.8487 * along(LENGTH, latitude) * math.radians((longitude - CENTRE + 180) % 360 - 180)
    y, top = (math.copysign(1.3523 * STRETCH * along(HEIGHT, abs(v)), v) for v in (latitude, NORTH))
    return x / SIZE + COLUMNS / 2, (top - y) / SIZE


def unproject(x: float, y: float) -> Point | None:
    """The inverse, by bisection; None outside of the world's edge."""
    low, high = -90.0, 90.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if project(CENTRE, middle)[1] > y else (low, middle)
    east = math.degrees((x - COLUMNS / 2) * SIZE / (0.8487 * along(LENGTH, low)))
    return ((east + CENTRE + 180) % 360 - 180, low) if abs(east) <= 180 else None


def rings(topology: dict[str, Any]) -> Iterator[tuple[str | None, str, list[list[Point]]]]:
    """Per polygon: numeric code, name, its rings in degrees."""
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        arcs.append([((x := x + dx) * scale[0] + move[0], (y := y + dy) * scale[1] + move[1]) for dx, dy in arc])
    for shape in topology["objects"]["countries"]["geometries"]:
        for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
            parts = [[p for i in ring for p in (arcs[i] if i >= 0 else arcs[~i][::-1])] for ring in polygon]
            yield shape.get("id"), shape["properties"]["name"], [unwrapped(ring) for ring in parts]


def unwrapped(ring: list[Point]) -> list[Point]:
    """Rings that cross the date line run on past 180 degrees, so that Chukotka or Fiji stay in one piece."""
    turn, last, out = 0, ring[0][0], []
    for x, y in ring:
        turn += 360 * ((last - x > 180) - (last - x < -180))
        out.append((x + turn, y))
        last = x
    return out


def inside(point: Point, polygon: list[list[Point]]) -> bool:
    """Even-odd rule, so holes count."""
    (x, y), odd = point, False
    for ring in polygon:
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                odd = not odd
    return odd


def area(ring: list[Point]) -> float:
    """In square degrees: only good for telling large from small."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))) / 2


def path(cells: list[Cell]) -> str:
    """Zero-length strokes at the centres of the cells: round caps make dots of them."""
    text, (column, row) = "", (0, 0)
    for x, y in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        text += f"m{x - column} {y - row}h0" if text else f"M{x} {y}h0"
        column, row = x, y
    return text


def shapes_of(topology: dict[str, Any], codes: dict[str, str]) -> tuple[list[Shape], dict[str, Point]]:
    """The polygons with their bounds, and for every country the place its dot should be near; the largest first."""
    shapes: list[Shape] = []
    size, home = dict.fromkeys(POINTS, 0.0), dict(POINTS)
    for number, name, polygon in rings(topology):
        code = UNCODED.get(name) or codes.get(number or "", "")
        if code in ("", "AQ"):
            continue
        xs, ys = zip(*polygon[0], strict=True)
        shapes.append((code, min(xs), max(xs), min(ys), max(ys), polygon))
        if area(polygon[0]) > size.get(code, 0):
            size[code] = area(polygon[0])
            home[code] = POINTS.get(code, ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2))
    return shapes, {code: home[code] for code in sorted(home, key=lambda code: (-size[code], code))}


def country(point: Point, shapes: list[Shape]) -> str | None:
    """Whose the land at a point is; None at sea."""
    x, y = point
    for code, west, east, south, north, polygon in shapes:
        turns = [t for t in (x, x + 360, x - 360) if west <= t <= east and south <= y <= north]
        if any(inside((t, y), polygon) for t in turns):
            part, w, s, e, n = PARTS.get(code, ("", 0, 0, 0, 0))
            return part if part and w <= x <= e and s <= y <= n else code
    return None


def voted(shapes: list[Shape]) -> dict[Cell, str]:
    """The cells that have a third of land at least, each given to the country that most of its points lie in."""
    taken: dict[Cell, str] = {}
    for row in range(int(project(CENTRE, SOUTH)[1]) + 1):
        for column in range(COLUMNS):
            points = [unproject(column + i / 6, row + j / 6) for i in (1, 3, 5) for j in (1, 3, 5)]
            votes = Counter(owner for point in points if point and (owner := country(point, shapes)))
            if votes.total() >= 3:
                taken[column, row] = max(votes.items(), key=lambda vote: (vote[1], vote[0]))[0]
    return taken


def complete(taken: dict[Cell, str], home: dict[str, Point]) -> dict[str, Cell]:
    """Give a cell in `taken` to every country without one; return the cells of those that are drawn on demand."""
    west = min(column for column, _ in taken)
    later: dict[str, Cell] = {}
    for code in sorted(home, key=lambda code: code in DEPENDENT):
        dots = Counter(taken.values())
        if not dots[code]:
            x, y = (int(v) for v in project(*home[code]))
            x = max(x, west + 4)  # no ocean is added at the edge for a dot of the Pacific
            near = [(c, r) for c in range(x - 4, x + 5) for r in range(y - 4, y + 5)]
            free = [cell for cell in near if dots[taken.get(cell, "")] not in (1, 2) and cell not in later.values()]
            cell = min(free, key=lambda cell: (off(home[code], cell), cell))
            if code in DEPENDENT:
                later[code] = cell
            else:
                taken[cell] = code
    return later


def untangle(taken: dict[Cell, str], home: dict[str, Point]) -> None:
    """Swap the cells of countries of one dot where that brings them nearer to their places on the whole."""
    dots = Counter(taken.values())
    single = {code: cell for cell, code in taken.items() if dots[code] == 1 and code in home}
    for one, two in list(combinations(sorted(single), 2)) * 5:
        stay = off(home[one], single[one]) + off(home[two], single[two])
        if off(home[one], single[two]) + off(home[two], single[one]) < stay:
            single[one], single[two] = single[two], single[one]
            taken[single[one]], taken[single[two]] = one, two


def off(place: Point, cell: Cell) -> float:
    """How far a cell lies from where the place really is; squared, so that one long way costs more than two short."""
    x, y = project(*place)
    return (x - cell[0] - 0.5) ** 2 + (y - cell[1] - 0.5) ** 2


def main(shapes_file: str, codes_file: str) -> None:
    """Write the module `world.py` to the standard output."""
    codes = {row[2]: row[0] for row in json.loads(Path(codes_file).read_text())}
    shapes, home = shapes_of(json.loads(Path(shapes_file).read_text()), codes)
    taken = voted(shapes)
    later = complete(taken, home)
    untangle(taken, home)
    columns, rows = zip(*taken, *later.values(), strict=True)
    west, north = min(columns), min(rows)
    cells: dict[str, list[Cell]] = {}
    for (column, row), code in sorted(taken.items()):
        cells.setdefault(code, []).append((column - west, row - north))
    lines = [
        HEADER,
        f'VIEWBOX: Final = "-0.5 -0.5 {max(columns) - west + 1} {max(rows) - north + 1}"\n',
        "COUNTRIES: Final[dict[str, str]] = {",
        *(f'    "{code}": "{path(cells[code])}",' for code in sorted(cells)),
        "}\n\nON_DEMAND: Final[dict[str, str]] = {",
        *(f'    "{code}": "{path([(x - west, y - north)])}",' for code, (x, y) in sorted(later.items())),
        "}\n",
    ]
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
