"""The 104 seats: the only ornament, and it is data."""

from collections.abc import Iterator
from math import cos, pi, sin

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, SEAT = 288, 150, 4.6
RADII = (138, 123, 108, 93, 78, 63)


def seats(total: int = 104) -> list[tuple[float, float]]:
    """Centres of the seats, from the start side to the end side, so that the first n taken form one block."""
    placed = sorted(_rows(total), key=lambda seat: (-seat[0], seat[1]))
    return [
        (round(WIDTH / 2 + radius * cos(angle), 1), round(HEIGHT - 7 - radius * sin(angle), 1))
        for angle, radius in placed
    ]


def _rows(total: int) -> Iterator[tuple[float, int]]:
    """Angle and radius of each seat; rows get seats in proportion to their length."""
    left, length = total, sum(RADII)
    for radius in RADII:
        count = round(left * radius / length)
        left, length = left - count, length - radius
        for place in range(count):
            yield (pi * (1 - place / max(count - 1, 1)), radius)


def _path(centres: list[tuple[float, float]]) -> str:
    dots = f"a{SEAT} {SEAT} 0 1 0 {2 * SEAT} 0a{SEAT} {SEAT} 0 1 0-{2 * SEAT} 0"
    return "".join(f"M{x - SEAT:.1f} {y}{dots}" for x, y in centres)


def hemicycle(filled: int = 0, own: int = 0, label: str = "", total: int = 104) -> SafeString:
    """The seats with the first `filled` taken and seat number `own` (from 1) marked; without label, decoration."""
    places = seats(total)
    mine = [places[own - 1]] if own else []
    taken = [seat for seat in places[:filled] if seat not in mine]
    free = [seat for seat in places[filled:] if seat not in mine]
    paths = [
        format_html('<path class="{}" d="{}"/>', kind, _path(centres))
        for kind, centres in (("free", free), ("taken", taken), ("own", mine))
        if centres
    ]
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="hemicycle" viewBox="0 0 {} {}" {}>{}</svg>',
        WIDTH,
        HEIGHT,
        role,
        mark_safe("".join(paths)),  # noqa: S308
    )
