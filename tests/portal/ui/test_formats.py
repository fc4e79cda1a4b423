"""Numbers, sizes, dates and lists of words in the reader's language and digits."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone as django_timezone
from django.utils import translation

from portal.ui import formats
from portal.ui.digits import localise_digits, western_digits

THURSDAY = date(2027, 6, 10)
EVENING = datetime(2027, 6, 10, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"), [("en", "12,345"), ("fr", "12\u202f345"), ("es", "12.345"), ("ar", "١٢٬٣٤٥")]
)
def test_a_number_is_grouped_as_the_language_does(language: str, written: str) -> None:
    with translation.override(language):
        assert formats.number(12345) == written


def test_western_digits_are_kept_where_the_reader_prefers_them() -> None:
    with translation.override("ar"), western_digits(True):
        assert formats.number(12345) == "12,345"
        assert localise_digits("3") == "3"
    with translation.override("ar"):
        assert localise_digits("3") == "٣"


@pytest.mark.parametrize(("language", "written"), [("en", "59%"), ("fr", "59 %"), ("ar", "٥٩٪")])
def test_a_share_is_written_in_per_cent(language: str, written: str) -> None:
    with translation.override(language):
        assert formats.percentage(0.59).replace("\xa0", " ") == written


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 kB"),
        (1, "1 kB"),
        (999, "1 kB"),
        (38_000, "38 kB"),
        (3_100_000, "3.1 MB"),
        (48_200_000, "48 MB"),
        (2_000_000_000, "2 GB"),
    ],
)
def test_a_size_is_in_thousands_and_never_nothing(count: int, written: str) -> None:
    with translation.override("en"):
        assert formats.size(count).replace("\xa0", " ") == written


def test_a_size_is_in_the_units_of_the_language() -> None:
    with translation.override("fr"):
        assert formats.size(3_100_000).replace("\xa0", " ").replace("\u202f", " ") == "3,1 Mo"
    with translation.override("ar"):
        assert formats.size(38_000).replace("\xa0", " ") == "٣٨ كيلوبايت"


@pytest.mark.parametrize(
    ("language", "form", "written"),
    [
        ("en", "full", "Thu 10 June 2027"),
        ("en", "short", "Thu 10 June"),
        ("en", "plain", "10 June 2027"),
        ("en", "long", "Thursday 10 June 2027"),
        ("fr", "full", "jeu. 10 juin 2027"),
        ("es", "full", "jue 10 de junio de 2027"),
        ("ar", "full", "الخميس ١٠ يونيو ٢٠٢٧"),
    ],
)
def test_a_day_is_in_words(language: str, form: str, written: str) -> None:
    with translation.override(language):
        assert formats.day(THURSDAY, form) == written


def test_a_moment_is_in_the_readers_zone_which_is_named() -> None:
    with translation.override("en"), django_timezone.override(ZoneInfo("Europe/Paris")):
        assert formats.moment(EVENING) == "Thu 10 June 2027, 18:00 UTC+2"
        assert formats.clock(EVENING) == "18:00 UTC+2"


def test_the_day_is_that_of_the_readers_zone() -> None:
    late = datetime(2027, 6, 10, 23, 30, tzinfo=UTC)
    with translation.override("en"), django_timezone.override(ZoneInfo("Asia/Kathmandu")):
        assert formats.moment(late) == "Fri 11 June 2027, 05:15 UTC+5:45"
        assert formats.day(late, "short") == "Fri 11 June"


def test_a_naive_datetime_is_taken_as_utc() -> None:
    with translation.override("en"), django_timezone.override(ZoneInfo("UTC")):
        assert formats.clock(EVENING.replace(tzinfo=None)) == "16:00 UTC"


def test_an_offset_west_of_greenwich_with_minutes() -> None:
    newfoundland = timezone(-timedelta(hours=3, minutes=30))
    assert formats.zone(EVENING.astimezone(newfoundland)) == "UTC−3:30"


@pytest.mark.parametrize(
    ("language", "words", "written"),
    [
        ("en", ["English", "French", "Arabic"], "English, French and Arabic"),
        ("fr", ["anglais", "arabe"], "anglais et arabe"),
        ("es", ["árabe", "inglés"], "árabe e inglés"),
        ("ar", ["العربية", "الفرنسية"], "العربية والفرنسية"),
        ("ar", ["ARTICLE", "IFEX"], "ARTICLE و IFEX"),
        ("es", ["carbón", "hielo", "árabe"], "carbón, hielo y árabe"),
        ("es", ["agua", "hielo"], "agua y hielo"),
        ("en", [], ""),
        ("en", ["English"], "English"),
    ],
)
def test_words_are_joined_by_the_rule_of_the_language(language: str, words: list[str], written: str) -> None:
    with translation.override(language):
        assert formats.join_words(words) == written
