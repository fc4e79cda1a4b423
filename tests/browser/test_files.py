"""Files of a group in a real browser: sent with a bar, dropped, refused, shown in the page; looked at by axe."""

import re

import pytest

from tests.browser.visitor import NADIA, OLU
from tests.factories.documents import pdf

pytestmark = pytest.mark.browser

GROUP = "Safety of journalists"


def opened(visitor):
    """The files of the group."""
    page = visitor.page
    visitor.go("/groups/")
    page.get_by_role("link", name=GROUP, exact=True).first.click()
    page.locator("nav.tabs").get_by_role("link", name=re.compile("^Files")).click()
    page.get_by_role("heading", name="Files", level=2).wait_for()
    return page


def clear(visitor):
    """Nothing is in the way of anybody, at any width."""
    assert visitor.obstacles() == []
    assert visitor.wider_than_screen() == []


def test_a_file_is_sent_with_a_bar_and_seen_by_another_without_reloading(arrive):
    reader = arrive(OLU)
    other = opened(reader)
    sender = arrive(NADIA)
    page = opened(sender)
    page.get_by_role("link", name="Add files").click()
    clear(sender)

    page.get_by_label("Files").set_input_files(
        [
            {"name": "Call of 10 June.pdf", "mimeType": "application/pdf", "buffer": pdf("Agenda")},
            {"name": "setup.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90\0" + bytes(200)},
        ]
    )
    assert page.locator(".chosen-files li").count() == 2
    page.get_by_label("Description").fill("What we talk about.")
    page.get_by_role("button", name="Add to the group").click()
    page.get_by_text("1 file is added.").wait_for()

    page.get_by_text("Not taken: setup.exe. Programs and scripts").wait_for()
    page.get_by_role("link", name="Call of 10 June.pdf", exact=True).wait_for()
    other.get_by_role("link", name="Call of 10 June.pdf", exact=True).wait_for()
    clear(sender)


def test_what_is_refused_is_said_in_place_and_more_than_is_taken_before_it_is_sent(arrive):
    visitor = arrive(NADIA)
    page = opened(visitor)
    page.get_by_role("link", name="Add files").click()
    visitor.expect("422")
    page.get_by_label("Description").fill("Kept")
    page.get_by_label("Files").set_input_files(
        {"name": "page.html", "mimeType": "text/html", "buffer": b"<!doctype html><script>alert(1)</script>"}
    )
    page.get_by_role("button", name="Add to the group").click()

    page.locator("#upload").get_by_text("page.html: Web pages, SVG drawings").first.wait_for()
    assert page.get_by_label("Description").input_value() == "Kept"
    clear(visitor)
    page.evaluate(
        """() => {
          const kept = new DataTransfer();
          kept.items.add(new File([new Uint8Array(51_000_000)], "huge.txt", {type: "text/plain"}));
          const zone = document.querySelector(".drop-zone");
          zone.dispatchEvent(new DragEvent("drop", {dataTransfer: kept, bubbles: true, cancelable: true}));
        }"""
    )
    page.get_by_text("This is more than can be sent at once. (51 MB / 50 MB)").wait_for()
    page.get_by_role("button", name="Add to the group").click()
    assert page.get_by_role("button", name="Add to the group").get_attribute("aria-busy") is None


def test_a_document_and_a_picture_are_shown_when_asked(arrive):
    visitor = arrive(NADIA)
    page = opened(visitor)
    page.get_by_role("link", name="Insurance-comparison.pdf", exact=True).click()
    clear(visitor)
    assert page.locator("iframe").count() == 0
    visitor.expect(r"asks chrome(-extension)?://")  # the browser's own viewer, in its own frame
    page.get_by_role("link", name="Show here").click()
    frame = page.locator("iframe.shown-document")
    frame.wait_for()
    assert page.evaluate("fetch(document.querySelector('iframe').src).then((answer) => answer.status)") == 200

    opened(visitor)
    page.get_by_role("link", name="Protocols", exact=True).click()
    page.get_by_role("link", name=re.compile("Cartel-seguridad")).first.click()
    page.get_by_role("link", name="Show here").click()
    picture = page.locator("img.shown-picture")
    picture.wait_for()
    assert page.evaluate("document.querySelector('.shown-picture').decode().then(() => true)")
    clear(visitor)


def test_without_a_script_it_is_sent_too(arrive):
    visitor = arrive(NADIA, java_script_enabled=False)
    page = opened(visitor)
    page.get_by_role("link", name="Add files").click()
    page.get_by_label("Files").set_input_files(
        [{"name": f"plain {n}.txt", "mimeType": "text/plain", "buffer": b"words"} for n in (1, 2)]
    )
    page.get_by_role("button", name="Add to the group").click()

    page.get_by_text("2 files are added.").wait_for()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("desk", {}),
        ("phone", {"width": 390, "height": 844, "has_touch": True}),
        ("dark", {"color_scheme": "dark"}),
    ],
)
def test_its_pages_are_clear_on_every_screen(name, options, arrive, shots):
    visitor = arrive(NADIA, **options)
    page = opened(visitor)
    shots(visitor, f"files-{name}")
    clear(visitor)
    page.get_by_role("link", name="Referral-form-v4.odt", exact=True).click()
    page.get_by_role("heading", name="Earlier versions").wait_for()
    shots(visitor, f"file-{name}")
    clear(visitor)
    page.get_by_role("link", name="Add a version").click()
    shots(visitor, f"file-version-{name}")
    clear(visitor)


def test_its_pages_are_clear_in_arabic(arrive, shots):
    visitor = arrive(NADIA)
    page = opened(visitor)
    visitor.choose_language("ar")
    try:
        assert visitor.lang() == ("ar", "rtl")
        shots(visitor, "files-arabic")
        clear(visitor)
        visitor.go(f"{visitor.path}upload/")
        shots(visitor, "files-upload-arabic")
        clear(visitor)
        visitor.go(visitor.path.replace("upload/", "1/"))
        shots(visitor, "file-arabic")
        clear(visitor)
    finally:
        visitor.choose_language("en")
    assert page.locator("html").get_attribute("dir") == "ltr"
