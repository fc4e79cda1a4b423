"""The bell of an open page rings by itself, and an open inbox fills."""

import re

import pytest
from pysequoia import Tsk

from tests.browser.visitor import NADIA

pytestmark = pytest.mark.browser

AT_ONCE = 5_000  # milliseconds; a reader's patience, not the machine's


def test_bell_and_inbox_follow_what_happens_elsewhere(arrive):
    reader, elsewhere, phone = arrive(NADIA), arrive(NADIA), arrive(NADIA, width=390, height=844)
    inbox = arrive(NADIA)
    for visitor, path in ((reader, "/members/"), (phone, "/members/"), (inbox, "/notifications/")):
        visitor.go(path)
        visitor.page.locator("html[data-live=on]").wait_for()
    before = reader.page.locator("#bell").get_attribute("aria-label")

    elsewhere.go("/notifications/key/")
    elsewhere.page.locator("[name=public_key]").fill(str(Tsk.generate(user_id="Nadia").extract_certificate()))
    elsewhere.page.locator("form:has([name=public_key]) button.primary").click()
    elsewhere.page.locator("dl.glance", has_text=re.compile(r"[0-9A-F]{4} [0-9A-F]{4}")).wait_for()

    for visitor in (reader, phone):  # something may have been unread before
        visitor.page.locator(f"#bell:not([aria-label='{before}'])").wait_for(timeout=AT_ONCE)
    for visitor in (reader, phone):
        name = visitor.page.locator("#bell").get_attribute("aria-label")
        assert name != before
        assert re.fullmatch(r"Notifications, \d+ unread", name)
    inbox.page.locator("#inbox li.unread", has_text="was changed or removed").first.wait_for(timeout=AT_ONCE)
    assert not inbox.obstacles()
    assert not elsewhere.obstacles()

    elsewhere.page.locator("button.danger", has_text="Remove the key").click()
    elsewhere.page.locator("h1", has_text="Have mails to you encrypted").wait_for()
    elsewhere.go(link_in_a_mail(elsewhere, "The key that mails to you are encrypted to was changed"))
    assert "Stop these mails?" in elsewhere.page.locator("h1").inner_text()
    assert not elsewhere.obstacles()


def test_the_bell_is_in_reach_on_a_phone(arrive):
    reader = arrive(NADIA, width=390, height=844)
    for width in (390, 320):
        reader.page.set_viewport_size({"width": width, "height": 844})
        reader.go("/members/")
        size = reader.page.locator("#bell").bounding_box()
        assert (size["width"] >= 44, size["height"] >= 44, size["y"] < 120) == (True, True, True)
        assert reader.wider_than_screen() == []

    reader.page.get_by_role("banner").get_by_role("link", name=re.compile("^Notifications")).click()
    reader.page.locator("#inbox").wait_for()
    assert reader.path == "/notifications/"


def link_in_a_mail(visitor, subject):
    """The link by which such mails are stopped, from the demonstration's mails."""
    for _second in range(20):
        visitor.go("/demonstration/mails/")
        mail = visitor.page.locator("main a", has_text=subject)
        if mail.count():
            mail.first.click()
            return visitor.page.locator("a[href*='/notifications/stop/']").first.get_attribute("href")
        visitor.page.wait_for_timeout(1000)
    raise AssertionError("no such mail came")
