"""The bell of an open page rings by itself, and an open inbox fills."""

import re

import pytest
from pysequoia import Tsk

from tests.browser.visitor import NADIA

pytestmark = pytest.mark.browser

AT_ONCE = 5_000  # milliseconds; a reader's patience, not the machine's


def test_bell_and_inbox_follow_what_happens_elsewhere(arrive):
    reader, elsewhere = arrive(NADIA), arrive(NADIA)
    for visitor, path in ((reader, "/members/"), (inbox := arrive(NADIA), "/notifications/")):
        visitor.go(path)
        visitor.page.locator("html[data-live=on]").wait_for()
    before = reader.page.locator("#bell").get_attribute("aria-label")

    elsewhere.go("/notifications/key/")
    elsewhere.page.locator("[name=public_key]").fill(str(Tsk.generate(user_id="Nadia").extract_certificate()))
    elsewhere.page.locator("form:has([name=public_key]) button.primary").click()
    elsewhere.page.locator("dl.glance", has_text=re.compile(r"[0-9A-F]{4} [0-9A-F]{4}")).wait_for()

    reader.page.locator("#unread-notifications").wait_for(timeout=AT_ONCE)
    assert reader.page.locator("#bell").get_attribute("aria-label") != before
    inbox.page.locator("#inbox li.unread", has_text="was changed or removed").first.wait_for(timeout=AT_ONCE)
    assert not inbox.obstacles()
    assert not elsewhere.obstacles()
