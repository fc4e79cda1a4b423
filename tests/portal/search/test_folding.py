"""Folding: what search and sorting forgive, and that no text breaks it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.folding import LONGEST_KEY, acronyms, clean_name, fold, query_words, sort_key, words

ANY_TEXT = st.text(st.characters()) | st.text(st.sampled_from("aA.'’ lLdهأىةءوال\u0640\u0651\u200c\u202e\ud800ßİ1٣-"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Fundación KARISMA", "fundacion karisma"),
        ("Đặng Łódź Ærø Œuvre straße İstanbul ılık þing", "dang lodz aero oeuvre strasse istanbul ilik thing"),
        ("Azərbaycan", "azerbaycan"),
        ("l'homme", "homme"),
        ("Défense de L’homme", "defense de homme"),
        ("Côte d'Ivoire", "cote ivoire"),
        ("I'lam", "ilam"),
        ("Qurʾān", "quran"),
        ("children’s rights", "childrens rights"),
        ("Don't", "dont"),
        ("J.E.D.", "jed"),
        ("(J.E.D), U.S.A", "jed usa"),
        ("Media, Entertainment & Arts - Alliance", "media entertainment arts alliance"),
        ("Düşünce Suçu(!?)na Karşı", "dusunce sucu na karsi"),
        ("Әділ сөз", "әділ сөз"),
        ("Всё ещё", "все еще"),
        ("香港記者協會", "香港記者協會"),
        ("नेपाल पत्रकार महासंघ", "नेपाल पत्रकार महासंघ"),
        ("ＩＦＥＸ ﬁle ²", "ifex file 2"),
        ("a\u200bb\u00adc\u202ed", "abcd"),
        ("", ""),
        ("!?…", ""),
        ("\ud800", ""),
    ],
)
def test_fold_forgives_how_latin_and_other_scripts_are_typed(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إعلام", "اعلام"),
        ("آمال", "امال"),
        ("ٱلحرية", "الحرية"),
        ("مؤسسة مهارات", "موسسه مهارات"),
        ("الشبكة العربيّة", "الشبكه العربيه"),
        ("حُرِّيَّةُ الصَّحافة", "حرية الصحافة"),
        ("حـــرية", "حرية"),
        ("مصطفى", "مصطفي"),
        ("مبادئ", "مبادي"),
        ("القضاء", "القضا"),
        ("مرکز خبرنگاران", "مركز خبرنگاران"),
        ("ایران", "ايران"),
        ("٢٠٢٤", "2024"),
        ("۲۰۲۴", "2024"),
        ("ﷲ", "الله"),
    ],
)
def test_fold_brings_arabic_spellings_together(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize("typed", ["صحافة", "الصحافة", "والصحافة", "للصحافه", "بالصَّحافة"])
@pytest.mark.parametrize("stored", ["حرية الصحافة", "صحافة", "الرأي والصحافة", "دعما للصحافة"])
def test_the_arabic_article_does_not_matter(typed: str, stored: str) -> None:
    assert set(query_words(typed)) <= set(words(stored))


def test_the_beginning_of_an_arabic_word_still_finds_it() -> None:
    (typed,) = query_words("الص")

    assert any(word.startswith(typed) for word in words("حرية الصحافة"))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("journaliste danger", "Journaliste en danger"),
        ("Democracy and Human Rights", "Americans for Democracy & Human Rights in Bahrain"),
        ("cote d ivoire", "Côte d'Ivoire"),
        ("côte d'ivoire", "Cote d ivoire"),
        ("homme", "Droits de l'homme"),
        ("ilam", "I'lam - Arab Center"),
        ("wan-ifra", "WAN-IFRA"),
        ("wanifra", "WAN-IFRA"),
        ("jed", "J.E.D."),
        ("j.e.d.", "JED"),
    ],
)
def test_what_is_typed_meets_what_is_stored(typed: str, stored: str) -> None:
    assert set(query_words(typed)) <= set(words(stored))


def test_a_query_of_joining_words_only_is_kept() -> None:
    assert query_words("and") == ["and"]
    assert query_words(" ,.") == []


def test_words_come_once_and_in_order() -> None:
    assert words("Press and the press, free") == ["press", "and", "the", "free"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("J.E.D.", ["jed"]),
        ("Union (U.P.E.) and WAN-IFRA", ["upe", "wanifra"]),
        ("P24 and A19", ["p24", "a19"]),
        ("Journaliste en danger", []),
        ("A", []),
    ],
)
def test_acronyms_come_in_one_piece(text: str, found: list[str]) -> None:
    assert acronyms(text) == found


def test_sort_key_orders_names_as_a_reader_expects() -> None:
    names = ["Ärzte", "'Adil Soz'", "The Media Watch", "Zed", "Łódź", "media union", "Журналисты", "حرية", "", "(Beta)"]

    ordered = sorted(names, key=sort_key)

    assert ordered == ["'Adil Soz'", "Ärzte", "(Beta)", "Łódź", "media union", "The Media Watch", "Zed", "",
                       "Журналисты", "حرية"]  # fmt: skip


def test_sort_key_keeps_a_name_that_is_only_an_article() -> None:
    assert sort_key("The") == "the"
    assert sort_key("THE 5") == "5"
    assert sort_key("Theatre") == "theatre"
    assert sort_key("Nora Newcomer") == "nora newcomer"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Sample \t Press\r\nUnion ", "Sample Press Union"),
        ("Sample\x00 Press\x1b[31m", "Sample Press[31m"),
        ("evil\u202egpj.exe\u202c", "evilgpj.exe"),
        ("\u2066in\u2069 \u200eout\u200f", "in out"),
        ("Sam\u200bple\ufeff U\u200dnion", "Sample Union"),
        ("e\u0301", "é"),
        ("\ud83d name \uffff\ufdd0", "name"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("\u200cنام\u200c", "نام"),
        ("\u2028\u0085", ""),
    ],
)
def test_clean_name_takes_out_what_could_deceive(text: str, cleaned: str) -> None:
    assert clean_name(text) == cleaned


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)

    assert fold(once) == once


@given(ANY_TEXT)
def test_a_folded_text_holds_letters_digits_and_single_spaces(text: str) -> None:
    folded = fold(text)

    assert all(char == " " or char.isalnum() or unicodedata.category(char)[0] == "M" for char in folded)
    assert folded == " ".join(folded.split())
    assert folded.encode().decode() == folded


@given(ANY_TEXT)
def test_whatever_is_typed_finds_itself(text: str) -> None:
    assert set(query_words(text)) <= set(words(text))


@given(ANY_TEXT)
def test_sort_key_and_acronyms_take_any_text(text: str) -> None:
    assert len(sort_key(text)) <= LONGEST_KEY
    assert all(found == fold(found) for found in acronyms(text))


@given(ANY_TEXT)
def test_clean_name_is_one_visible_line_and_stays_so(text: str) -> None:
    cleaned = clean_name(text)

    assert clean_name(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in cleaned)
    assert cleaned.encode().decode() == cleaned


def test_ten_thousand_characters_take_no_time() -> None:
    long = "a." * 5000 + "l'" * 5000 + "ال" * 5000

    assert fold(long)
    assert clean_name(long) == long
    assert len(sort_key(long)) == LONGEST_KEY
