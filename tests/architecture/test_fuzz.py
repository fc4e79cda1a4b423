"""Random input (checks D1 and D3): whatever is typed or put into an address, no answer is a server error.

600 inputs of each kind in the ordinary run; `FUZZ=10000` for the long one. The seed is fixed, so a failure repeats.
"""

import os
import random
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import connection
from django.urls import reverse

from tests.architecture.forms import FORMS
from tests.architecture.sending import opened, sender, undone
from tests.architecture.table import ROWS
from tests.architecture.world import SECRETARIAT, make_world

INPUTS = int(os.environ.get("FUZZ", "600"))
SHARDS = max(1, INPUTS // 2500)  # each opens every form anew

NASTY = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202egnp.exe", "\u2066x\u2069", "\ufeff", "\u200b", "\x07",
    "\r\n\r\n", "x" * 10_000, "ي" * 3_000, "😀" * 500, "-1", "0", "1" * 40, "1e309", "NaN", "٣٤", "0000-00-00",
    "0000-01-01", "9999-12-31", "9999-12-31T23:59:60Z", "2026-02-30", "99999", "true", "null", "[]", "{}",
    "../../etc/passwd", "%00", "%", "%zz", "\\", "'", '"', "';--", "<script>alert(1)</script>", "{{ 7*7 }}",
    "{% csrf_token %}", "javascript:alert(1)", "http://", "https://[", "a@b", "@", "=1+1", "ar", "xx", "AFRICA",
    "africa", "page", "&", "|", "!", "()", ":*", "a:*b", "<->", "*", "NOT AND OR",
)  # fmt: skip
KNOWN = (
    "q", "page", "sort", "view", "region", "country", "language", "subject", "alliance", "standing", "next", "verb",
    "since", "until",
)  # fmt: skip


def words(dice):
    """One input: something known to hurt, or noise of any code points."""
    if dice.random() < 0.6:
        return dice.choice(NASTY)
    ranges = (0x20, 0x3000, 0x110000)
    return "".join(chr(dice.randrange(dice.choice(ranges))) for _ in range(dice.randrange(30)))


def encodable(text):
    """As a browser or an attacker could send it: lone surrogates as their raw bytes."""
    return text.encode("utf-8", "surrogatepass")


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.parametrize("shard", range(SHARDS))
def test_queries_never_break_a_page(shard, world, client):
    dice = random.Random(f"queries {shard}")
    client.force_login(world.people[SECRETARIAT])
    client.raise_request_exception = False
    open_to_me = [(name, row) for name, row in sorted(ROWS.items()) if SECRETARIAT in (row.get or ())]
    addresses = [reverse(name, kwargs=row.arguments(world)) for name, row in open_to_me if name != "account_logout"]
    broken = []

    for _ in range(INPUTS // SHARDS):
        address = dice.choice(addresses)
        query = [(dice.choice((*KNOWN, words(dice)[:50])), words(dice)) for _ in range(dice.randrange(1, 5))]
        query_string = urlencode([(encodable(key), encodable(value)) for key, value in query])
        headers = {"HX-Request": "true"} if dice.random() < 0.3 else {}
        answer = client.get(address, QUERY_STRING=query_string, headers=headers)
        if answer.status_code >= 500:
            broken.append((address, query, answer.status_code))

    assert broken == []


@pytest.mark.parametrize("shard", range(SHARDS))
def test_forms_never_break_a_page(shard, world):
    """Each input is a form as its page offers it, rightly filled in, with some of its fields spoilt or left out."""
    dice = random.Random(f"forms {shard}")
    forms = [Filled(FORMS[label], world) for label in sorted(FORMS)]
    broken = []

    for _ in range(INPUTS // SHARDS):
        form = dice.choice(forms)
        data = form.spoilt(dice)
        with undone():
            answer = form.send(data)
            if answer.status_code >= 500 or connection.needs_rollback:
                broken.append((form.address, data, answer.status_code))

    assert broken == []


class Filled:
    """A form with right values in all its fields, and a browser in which it can be sent again and again."""

    def __init__(self, form, world):
        self.form, self.world = form, world
        if form.given is not None:
            form.given(world)
        self.client = sender(world, form)
        self.client.raise_request_exception = False
        shown = opened(form, world, self.client)
        self.address, self.names, self.values = shown.action, sorted(shown.names | {"next"}), shown.values
        self.cookies = self.client.cookies.output(header="", sep=";")

    def spoilt(self, dice):
        """The data with one to four fields replaced by what hurts, doubled, or left out."""
        data = {**self.values, **self.form.data(self.world)}
        for name in dice.sample(self.names, min(len(self.names), dice.randrange(1, 5))):
            kind = dice.random()
            if kind < 0.15:
                data.pop(name, None)
            elif isinstance(data.get(name), UploadedFile):
                data[name] = SimpleUploadedFile("file", encodable(words(dice)) * dice.randrange(9))
                # Not by the property, which takes only what Django would store.
                data[name]._name = words(dice).encode(errors="replace").decode()[:90]
            else:
                data[name] = [encodable(words(dice)) for _ in range(2 if kind > 0.85 else 1)]
        return data

    def send(self, data):
        """The answer; sending may sign out, so the browser gets its cookies back."""
        cache.clear()  # limits of how often
        self.client.cookies = SimpleCookie(self.cookies)
        if any(isinstance(value, UploadedFile) for value in data.values()):
            return self.client.post(self.address, data)
        body = urlencode(data, doseq=True)
        return self.client.post(self.address, body, content_type="application/x-www-form-urlencoded")
