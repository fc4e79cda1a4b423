"""The pages of a group while they are open: who is removed is told, who comes is seen, whoever is out is let go of."""

import pytest

from tests.browser.test_room import AT_ONCE, admit
from tests.browser.visitor import INES, NADIA, OLU, SECRETARIAT

pytestmark = pytest.mark.browser

GROUP = "/groups/safety-of-journalists/"
ONE_SECOND = 1_000  # for what is promised within a second; the machine may be busy, so three of them are waited


def enter(visitor, path):
    visitor.go(path)
    visitor.page.locator("html[data-live=on]").wait_for()
    # Subscribed, and what had happened before has come.
    visitor.page.wait_for_timeout(500)
    visitor.evaluate("window.untouched = true")


def remove(keeper, name):
    keeper.go(f"{GROUP}participants/")
    keeper.go(keeper.page.locator("#people li", has_text=name).locator("a[href$='/remove/']").get_attribute("href"))
    with keeper.page.expect_navigation():
        keeper.page.locator("form button.danger").click()


def name_again(keeper, name):
    keeper.go(f"{GROUP}organisations/sample-press-union/name/")
    keeper.page.get_by_label(name).check()
    with keeper.page.expect_navigation():
        keeper.page.locator("form button.primary").click()


@pytest.mark.parametrize("page", ["", "participants/"])
def test_who_is_removed_is_told_on_the_open_page(arrive, page, shots):
    keeper, gone = arrive(NADIA), arrive(OLU)
    admit(keeper, "closed")
    enter(gone, GROUP + page)

    remove(keeper, "Olu Adeyemi")

    gone.page.locator(".note.due[role=status]").wait_for(timeout=3 * ONE_SECOND)
    assert gone.evaluate("window.untouched === true")
    shots(gone, f"group-gone-{page.strip('/')}")
    gone.go(GROUP)
    assert gone.page.locator("#group").get_attribute("data-live-topic") is None
    name_again(keeper, "Olu Adeyemi")
    admit(keeper, "open")


def test_who_comes_and_goes_is_seen_without_loading_the_page_again(arrive):
    keeper, reader = arrive(NADIA), arrive(OLU)
    enter(reader, f"{GROUP}participants/")
    row = reader.page.locator("#people li", has_text="Inês Duarte")
    assert row.count() == 1

    remove(keeper, "Inês Duarte")
    row.wait_for(state="detached", timeout=AT_ONCE)
    name_again(keeper, "Inês Duarte")
    row.wait_for(timeout=AT_ONCE)

    assert reader.evaluate("window.untouched === true")


def test_whoever_reads_from_outside_is_let_go_of_when_the_group_closes(arrive):
    keeper, outside = arrive(NADIA), arrive(SECRETARIAT)
    enter(outside, GROUP)

    admit(keeper, "closed")

    outside.page.locator(".note.due[role=status]").wait_for(timeout=3 * ONE_SECOND)
    outside.go(GROUP)
    assert outside.page.locator("#group").get_attribute("data-live-topic") is None
    admit(keeper, "open")


def test_the_line_says_how_it_stands(arrive):
    reader = arrive(INES)
    reader.go(GROUP)

    reader.page.locator(".live-state[data-live-state=on]", has_text="Live").wait_for()
    assert not reader.page.locator(".live-instead").is_visible()
    plain = arrive(INES, java_script_enabled=False)
    plain.go(GROUP)
    assert plain.page.locator(".live-instead").is_visible()
    assert not plain.page.locator(".live-state").is_visible()
