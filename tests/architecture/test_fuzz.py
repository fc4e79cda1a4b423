"""Random input (checks D1 and D3): whatever is typed or put into an address, no answer is a server error.

1,000 inputs in the ordinary run; `FUZZ=10000` for the long one. The seed is fixed, so a failure repeats.
"""

import os
import random
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse

from tests.architecture.table import ROWS
from tests.architecture.world import SECRETARIAT, make_world

INPUTS = int(os.environ.get("FUZZ", "1000"))
SHARDS = 8

NASTY = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202egnp.exe", "\u2066x\u2069", "\ufeff", "\u200b", "\x07", "\r\n\r\n",
    "x" * 10_000, "ي" * 3_000, "😀" * 500, "-1", "0", "1" * 40, "1e309", "NaN", "٣٤", "0000-00-00", "0000-01-01",
    "9999-12-31T23:59:60Z", "2026-02-30", "true", "null", "[]", "{}", "../../etc/passwd", "%00", "%", "%zz", "\\", "'",
    '"', "';--", "<script>alert(1)</script>", "{{ 7*7 }}", "{% csrf_token %}", "javascript:alert(1)", "http://", "https://[",
    "a@b", "@", "=1+1", "ar", "xx", "AFRICA", "africa", "page", "&", "|", "!", "()", ":*", "a:*b", "<->", "*", "NOT AND OR",
)  # fmt: skip


def words(dice):
    """One input: something known to hurt, or noise of any code points."""
    if dice.random() < 0.6:
        return dice.choice(NASTY)
    return "".join(chr(dice.choice((dice.randrange(0x20), dice.randrange(0x3000), dice.randrange(0x110000)))) for _ in range(dice.randrange(30)))


def encodable(text):
    """As a browser or an attacker could send it: lone surrogates as their raw bytes."""
    return text.encode("utf-8", "surrogatepass")


@pytest.fixture
def world(db):
    return make_world()


def addresses(world, verb):
    rows = [(name, row) for name, row in sorted(ROWS.items()) if SECRETARIAT in (getattr(row, verb) or frozenset())]
    return [(reverse(name, kwargs=row.arguments(world)), row.data(world)) for name, row in rows if name != "account_logout"]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_queries_never_break_a_page(shard, world, client):
    dice = random.Random(f"queries {shard}")
    client.force_login(world.people[SECRETARIAT])
    client.raise_request_exception = False
    known = ("q", "page", "sort", "view", "region", "country", "language", "subject", "alliance", "standing", "next", "verb", "since", "until")
    broken = []

    for _ in range(INPUTS // SHARDS):
        address, _data = dice.choice(addresses(world, "get"))
        query = [(dice.choice((*known, words(dice)[:50])), words(dice)) for _ in range(dice.randrange(1, 5))]
        query_string = urlencode([(encodable(key), encodable(value)) for key, value in query])
        answer = client.get(address, QUERY_STRING=query_string, headers={"HX-Request": "true"} if dice.random() < 0.3 else {})
        if answer.status_code >= 500:
            broken.append((address, query, answer.status_code))

    assert broken == []


@pytest.mark.parametrize("shard", range(SHARDS))
def test_forms_never_break_a_page(shard, world, client):
    dice = random.Random(f"forms {shard}")
    client.raise_request_exception = False
    targets = addresses(world, "post")
    broken = []

    for _ in range(INPUTS // SHARDS):
        client.force_login(world.people[SECRETARIAT])  # some of the forms end the session
        address, right = dice.choice(targets)
        data = {key: value for key, value in right.items() if dice.random() < 0.7}
        page = client.get(address)
        names = [name for form in forms_of(page) for name in form.fields] or ["name"]
        for name in dice.sample(names, min(len(names), dice.randrange(1, 6))):
            data[name] = [encodable(words(dice)) for _ in range(dice.choice((1, 1, 1, 2)))]
        answer = client.post(address, urlencode(data, doseq=True), content_type="application/x-www-form-urlencoded")
        if answer.status_code >= 500 or connection.needs_rollback:
            broken.append((address, data, answer.status_code))

    assert broken == []


def forms_of(answer):
    """The forms a page was rendered with, if any."""
    if not answer.context:
        return []
    return [value for layer in answer.context for mapping in layer for value in mapping.values() if hasattr(value, "fields")]
