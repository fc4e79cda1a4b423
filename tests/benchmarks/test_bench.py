"""The benchmark fills what it says, always the same, and its report says what was met."""

import pytest

from benchmarks import corpus, report
from benchmarks.network import addresses, fill, reader_address
from memberships.organisations.models import Organisation
from portal.accounts.models import User


def test_the_same_number_gives_the_same_text():
    own = corpus.Corpus("own words")

    assert own.organisation(7) == own.organisation(7) != own.organisation(8)
    assert own.person(7) == own.person(7)
    assert len({own.organisation(number)[0] for number in range(500)}) == 500


def test_an_unknown_corpus_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="no corpus"):
        corpus.load(tmp_path / "corpus.py")


@pytest.mark.django_db
def test_a_network_is_filled_and_every_measured_page_is_there(client):
    fill(1, corpus.Corpus("own words"))

    assert (Organisation.objects.count(), User.objects.count()) == (104, 300)
    client.force_login(User.objects.get(email=reader_address(0)))
    for name, page in addresses().items():
        if not page.get("anonymous"):
            answer = client.get(page["path"])
            assert answer.status_code == 200, name
            assert not name.startswith("directory, ") or b'class="result' in answer.content, name


def figures(queries: int, slow: float, bad: int = 0) -> dict:
    page = {
        "queries": queries,
        "p50": 10.0,
        "p95": 20.0,
        "alone": 5.0,
        "per_second": 1.0,
        "bytes": 1,
        "gzip": 1,
        "bad": bad,
    }
    names = list(report.DIRECTORY)
    size = {"organisations": 104, "people": 300}
    return {
        "date": "2027-01-04", "machine": {"cores": "2"}, "corpus": "own words", "pages": names,
        "options": {"connections": 8, "rounds": 1, "seconds": 1},
        "sizes": {
            "1": size | {"pages": dict.fromkeys(names, page)},
            "100": size | {"pages": dict.fromkeys(names, page | {"p50": 10.0 * slow})},
        },
    }  # fmt: skip


def test_the_report_says_what_was_met():
    assert "not met" not in report.text(figures(queries=8, slow=1.4))
    assert "9 queries (aim: 8): **not met**" in report.text(figures(queries=9, slow=1.4))
    assert "1.60 times as long" in report.text(figures(queries=8, slow=1.6))
    assert "not as expected: 3: **not met**" in report.text(figures(queries=8, slow=1, bad=1)).replace(": 6:", ": 3:")
