"""The index: what is found by what is typed, in which order, and that nothing typed can hurt."""

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.registry import SearchDocument
from portal.search.lexemes import MOST_QUERY_WORDS
from portal.search.models import Document
from portal.search.selectors import matching, ranked
from portal.search.services import reindex
from tests.portal.search.conftest import SHELF

JED = ("Journaliste en danger", "JED")
ANHRI = ("Arabic Network for Human Rights Information", "الشبكة العربية لمعلومات حقوق الإنسان", "ANHRI")


def found(text):
    return set(matching(SHELF, text))


@pytest.mark.parametrize(
    "typed",
    [
        "journaliste danger",
        "JED",
        "jed",
        "j.e.d.",
        "J.E.D",
        "danger journaliste",
        "JOURNALISTE",
        "journ dang",
        "«Journaliste»",
    ],
)
def test_a_name_is_found_by_its_words_in_any_order_case_and_length(shelf, typed):
    wanted, _other = shelf.add(*JED), shelf.add("Danger Zone Foundation")
    reindex(SHELF)

    assert found(typed) == {wanted}


@pytest.mark.parametrize(
    "typed", ["الشبكة العربية", "شبكة عربية", "الشبكه", "العربيّة", "لمعلومات", "anhri", "الإنسان", "انسان"]
)
def test_arabic_is_found_with_and_without_article_and_marks(shelf, typed):
    wanted, _other = shelf.add(*ANHRI), shelf.add("مؤسسة مهارات")
    reindex(SHELF)

    assert found(typed) == {wanted}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Fundación Karisma", "fundacion"),
        ("Fundacion Karisma", "FUNDACIÓN"),
        ("I'lam", "ilam"),
        ("I'lam", "I’lam"),
        ("Ilam", "i'lam"),
        ("Défense de l’homme", "l'homme defense"),
        ("Côte d'Ivoire libre", "cote d'ivoire"),
        ("WAN-IFRA", "wanifra"),
        ("WAN-IFRA", "wan ifra"),
    ],
)
def test_accents_and_apostrophes_are_forgiven_both_ways(shelf, name, typed):
    wanted = shelf.add(name)
    reindex(SHELF)

    assert found(typed) == {wanted}


def test_every_word_must_occur(shelf):
    shelf.add("Media Watch", keywords=["Cairo"])
    reindex(SHELF)

    assert len(found("media cairo")) == 1
    assert found("media kinshasa") == set()


def test_names_come_before_keywords_and_the_exact_acronym_before_all(shelf):
    body = shelf.add("Something else", body="press press press press press freedom")
    keyword = shelf.add("Another thing", keywords=["press"])
    name = shelf.add("Cairo Press House")
    exact = shelf.add("Very long name of a union", "PRESS")
    reindex(SHELF)

    assert list(ranked(SHELF, "press")) == [exact, name, keyword, body]


def test_the_whole_name_comes_before_longer_ones(shelf):
    longer, exact = shelf.add("Maharat Foundation of the North"), shelf.add("Maharat Foundation")
    reindex(SHELF)

    assert list(ranked(SHELF, "maharat foundation")) == [exact, longer]


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "!!!", "&", "|", "a & | b", "'", "''", "\\", "media\\", "'media'", "media:*", "!media", "a <-> b",
        "(media", "::tsquery", "%s", "%(x)s", "'; DROP TABLE search_document; --", "\0media", "\ud800", "x" * 10_000,
        "media " * 500, "😀", "\u202emedia",
    ],
)  # fmt: skip
def test_operators_and_nonsense_are_harmless(shelf, typed):
    wanted = shelf.add("Media")
    reindex(SHELF)

    assert set(matching(SHELF, typed)) <= {wanted}
    assert set(ranked(SHELF, typed)) <= {wanted}


def test_operators_around_a_word_leave_the_word(shelf):
    wanted = shelf.add("Media")
    reindex(SHELF)

    assert all(found(typed) == {wanted} for typed in ("'media'", "!media", "media:*", "(media", "media\\", "media | "))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=40), typed=st.text(max_size=40))
def test_any_name_can_be_stored_and_any_text_asked(shelf, name, typed):
    pk = next(iter(shelf.documents), None) or shelf.add("x")
    shelf.documents[pk] = SearchDocument(object_id=pk, names=[name], keywords=[name], body=name)

    reindex(SHELF, [pk])

    list(ranked(SHELF, typed))
    if len(name.split()) <= MOST_QUERY_WORDS and set(matching(SHELF, name)) != {pk}:
        assert not any(char.isalnum() for char in name) or not found(name)


def test_what_is_gone_leaves_the_index(shelf):
    kept, gone = shelf.add("Kept"), shelf.add("Gone")
    reindex(SHELF)
    del shelf.documents[gone]

    assert reindex(SHELF, [gone]) == 0
    assert found("gone") == set()
    assert found("kept") == {kept}


def test_a_full_rebuild_drops_what_no_source_gives_any_more(shelf):
    kept = shelf.add("Kept")
    Document.objects.create(source=SHELF, object_id=999_999, vector="'stray':1A")
    Document.objects.create(source="another", object_id=999_999, vector="'stray':1A")

    assert reindex(SHELF) == 1
    assert list(Document.objects.filter(source=SHELF).values_list("object_id", flat=True)) == [kept]
    assert Document.objects.filter(source="another").count() == 1


def test_indexing_again_replaces(shelf):
    pk = shelf.add("Before")
    reindex(SHELF)
    shelf.documents[pk] = SearchDocument(object_id=pk, names=["After"])

    reindex(SHELF, [pk])

    assert (found("before"), found("after")) == (set(), {pk})


@pytest.mark.parametrize("number", [1, 30])
def test_a_batch_costs_the_same_queries_whatever_its_size(shelf, number, django_assert_max_num_queries):
    for count in range(number):
        shelf.add(f"Thing {count}")

    with django_assert_max_num_queries(4):  # savepoint, write, what is stale, release
        assert reindex(SHELF) == number


def test_an_unknown_source_is_an_error(db):
    with pytest.raises(LookupError):
        reindex("nothing of the kind")


def test_long_texts_fit(shelf):
    pk = shelf.add("x" * 5_000, keywords=["ي" * 5_000], body=" ".join(f"word{n}" for n in range(30_000)))
    reindex(SHELF)

    assert found("x" * 3_000) == {pk}


def test_the_command_rebuilds_one_source_or_all(shelf, capsys):
    wanted = shelf.add(*JED)
    Document.objects.all().delete()

    call_command("search_rebuild", SHELF)

    assert found("jed") == {wanted}
    assert "shelf: 1 in the index" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nonsense"):
        call_command("search_rebuild", "nonsense")
    call_command("search_rebuild")
