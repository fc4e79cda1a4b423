"""The record on a phone: each entry in a few lines, the filter in the place of the entries while it is open."""

import pytest

from tests.browser.visitor import NADIA

pytestmark = pytest.mark.browser

RECORD = "/organisations/sample-press-union/record/"


def test_the_record_fits_a_phone_and_is_narrowed_down_there(arrive):
    reader = arrive(NADIA, width=390, height=844)
    reader.go(RECORD)
    who, entries = reader.page.locator("#filters [name=who]"), reader.page.locator("#entries tbody tr")
    every = entries.count()
    wrap = reader.page.locator("#entries .table-wrap")
    assert every > 1
    assert wrap.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    assert not who.is_visible()

    reader.page.locator("a[href='#filters']").click()
    who.wait_for()
    assert not entries.first.is_visible()
    assert reader.obstacles() == []
    reader.page.locator("#filters [name=verb]").select_option("organisation.confirmed")
    with reader.page.expect_navigation():
        reader.page.locator("#filters button[data-apply]").click()
    assert 0 < entries.count() < every
    assert not who.is_visible()

    with reader.page.expect_navigation():
        reader.page.locator("#entries header").get_by_role("link", name="Clear").click()
    assert entries.count() == every
