"""What a message becomes: light Markdown, and never anything that runs or is fetched (C2, C7)."""

from __future__ import annotations

import random
import time
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from portal.search.folding import fold
from tests.workspaces.chat.corpus import PAYLOADS
from workspaces.chat.rendering import excerpt, plain, rendered

ALLOWED = {
    "a": {"href", "rel"}, "blockquote": {"dir"}, "br": set(), "code": set(), "em": set(), "li": {"dir"},
    "ol": {"start"}, "p": {"dir"}, "pre": set(), "s": set(), "small": {"class"}, "span": {"class"}, "strong": set(),
    "ul": set(), "mark": set(),
}  # fmt: skip


class Reader(HTMLParser):
    """Says what of a text is not on the list."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "href" and urlsplit(value).scheme not in {"http", "https", "mailto"}:
                self.wrong.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data):
        self.wrong.append(f"comment {data}")

    def handle_decl(self, decl):
        self.wrong.append(f"declaration {decl}")


def wrongs(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.wrong


def test_the_corpus_is_large_enough():
    assert len(PAYLOADS) >= 300
    assert wrongs("<img src=x onerror=alert(1)>") == ["img", "img src=x", "img onerror=alert(1)"]  # it can find them


@pytest.mark.parametrize(
    "around", ["{}", "**{}**", "> {}", "- {}", "[{}](https://x.example)", "a\n\n{}", "`a` {} https://x.example"]
)
def test_nothing_runs_and_nothing_is_fetched(around):
    found = {payload: wrongs(rendered(around.replace("{}", payload), ["Ann Alpha", payload])) for payload in PAYLOADS}

    assert {payload: wrong for payload, wrong in found.items() if wrong} == {}


def test_nor_in_an_excerpt():
    found = {payload: wrongs(excerpt(payload, "alert script evil")) for payload in PAYLOADS}

    assert {payload: wrong for payload, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**b** _e_ ~~s~~ `c`", "<p dir=\"auto\"><strong>b</strong> <em>e</em> <s>s</s> <code>c</code></p>\n"),
        ("one\ntwo", '<p dir="auto">one<br>\ntwo</p>\n'),
        (
            "see https://a.example/x?y=1&z=2.",
            (
                '<p dir="auto">see <a href="https://a.example/x?y=1&amp;z=2" rel="noopener nofollow">'
                "https://a.example/x?y=1&amp;z=2</a>.</p>\n"
            ),
        ),
        (
            "[the bank](https://evil.example/)",
            (
                '<p dir="auto"><a href="https://evil.example/" rel="noopener nofollow">the bank</a>'
                '<small class="link-host">evil.example</small></p>\n'
            ),
        ),
        ("# not a title", '<p dir="auto"># not a title</p>\n'),
        ("@Ann Alpha, look", '<p dir="auto"><span class="mention">@Ann Alpha</span>, look</p>\n'),
        ("mail@Ann Alpha", '<p dir="auto">mail@Ann Alpha</p>\n'),
        ("بسم **الله**", '<p dir="auto">بسم <strong>الله</strong></p>\n'),
    ],
)  # fmt: skip
def test_light_markdown(source, html):
    assert rendered(source, ["Ann Alpha"]) == html


def test_the_plain_text():
    assert plain("**Then** [a](https://b.example)\n\n- `c` & <d>") == "Then ab.example c & <d>"


def test_an_excerpt_marks_what_was_looked_for_whatever_its_accents():
    text = "Das ist sehr lang. " * 20 + "Le *numéro* de téléphone, والصحافة"

    assert "<mark>numéro</mark> de <mark>téléphone</mark>" in excerpt(text, "numero TELEPHONE")
    assert "<mark>والصحافة</mark>" in excerpt(text, "صحافة")
    assert fold("numéro") == "numero"


HARD = (
    "*a **a " * 1400, "[" * 10_000, "[a](" * 2500, "> " * 5000, "`" * 10_000, "`a``b" * 2000, "http://" * 1400,
    "@" * 10_000, "<" * 10_000, "[a](b" * 2000, "*_" * 5000, "- x\n" * 2500, "(((((http://a" * 700, "\\" * 10_000,
    ("> " * 50 + "\n") * 90, "&" * 10_000, "~~a " * 2500, "1. " * 3000, "![a](" * 2000, "<a@" * 3000,
)  # fmt: skip


def test_no_text_takes_long():
    """C7: 99 of 100 random texts in 100 ms, none more than a second; those made to be slow included."""
    dice = random.Random(20261128)
    alphabet = (
        "*", "**", "_", "`", "```\n", "[", "](", ")", "<", ">", "\n", "\n\n", "- ", "1. ", "~~", "\\", "&amp;", "@",
        "https://a.example/", "كلمة", "word ", " ", "é", "!", "|", "#",
    )  # fmt: skip
    texts = ["".join(dice.choices(alphabet, k=dice.randrange(1, 1200)))[:10_000] for _ in range(500)] + list(HARD)
    took = []
    for text in texts:
        start = time.process_time()
        rendered(text[:10_000], ["Ann Alpha"])
        took.append(time.process_time() - start)

    took.sort()
    assert took[-1] < 1
    assert took[int(len(took) * 0.95)] < 0.2
