"""Two people at once: what one saves, the other sees without asking again."""

import re

import pytest

from tests.browser.visitor import NADIA, OLU, TOMAS

pytestmark = pytest.mark.browser

# The page is left in the moment its socket is asked for, while nobody has answered yet.
LEFT_WHILE_CONNECTING = """
window.WebSocket = class extends WebSocket {
  constructor(address) {
    super(address);
    queueMicrotask(() => {
      document.documentElement.dataset.left = this.readyState === WebSocket.CONNECTING;
      dispatchEvent(new PageTransitionEvent("pagehide"));
    });
  }
};
"""

PROFILE = "/organisations/sample-press-union/"
AT_ONCE = 5_000  # milliseconds; a reader's patience, not the machine's


def listen(visitor, path):
    """Open a page and wait until its socket stands."""
    visitor.go(path)
    visitor.page.locator("html[data-live=on]").wait_for()
    visitor.evaluate("window.untouched = true")


def was_not_loaded_again(visitor):
    return visitor.evaluate("window.untouched === true")


def save(visitor, section, field, value):
    visitor.go(f"{PROFILE}edit/{section}/")
    visitor.page.locator(f"[name={field}]").fill(value)
    visitor.page.locator(f"form:has([name={field}]) button.primary").click()
    visitor.page.wait_for_url(re.compile(f"{PROFILE}$"))


def test_an_open_profile_and_an_open_list_follow_what_another_saves(arrive):
    reader, other = arrive(NADIA), arrive(NADIA)
    listen(reader, PROFILE)
    listen(other, "/members/?q=sample+press+union")
    writer = arrive(TOMAS)

    save(writer, "facts", "city", "Live Harbour")

    reader.page.locator("#profile", has_text="Live Harbour").wait_for(timeout=AT_ONCE)
    other.page.locator(".results-list .place", has_text="Live Harbour").wait_for(timeout=AT_ONCE)
    assert was_not_loaded_again(reader)
    assert was_not_loaded_again(other)


def test_what_somebody_types_is_not_replaced(arrive):
    writer, second = arrive(TOMAS), arrive(NADIA)
    second.go(f"{PROFILE}edit/facts/")
    second.page.locator("[name=acronym]").fill("SPU")
    second.page.locator("[name=website]").fill("https://typed.example.org")

    save(writer, "facts", "city", "Another Harbour")
    second.page.wait_for_timeout(500)
    assert second.page.locator("[name=website]").input_value() == "https://typed.example.org"
    second.page.locator("form:has([name=website]) button.primary").click()

    # the second of two sees what changed, and keeps what they typed
    note = second.page.locator(".note.due", has=second.page.locator("dl, .diff"))
    second.page.locator("#editing", has_text="Another Harbour").wait_for()
    assert second.page.locator("[name=website]").input_value() == "https://typed.example.org"
    assert note.count() <= 1
    second.page.locator("form:has([name=website]) button.primary").click()
    second.page.locator("#profile", has_text="typed.example.org").wait_for()
    assert "Another Harbour" in second.page.locator("#profile").inner_text()


def test_who_allows_it_is_seen_while_here(arrive):
    reader, shy = arrive(NADIA), arrive(OLU)
    reader.go(PROFILE)
    page_of_olu = reader.page.locator("a[href^='/people/']", has_text="Olu Adeyemi").first.get_attribute("href")
    listen(reader, page_of_olu)
    mark = reader.page.locator("[data-presence]").first
    listen(shy, "/members/")
    assert mark.get_attribute("data-state") == "offline"  # hidden unless one allows it

    allow(shy, True)
    listen(shy, "/members/")
    reader.page.locator("[data-presence][data-state=here]").wait_for(timeout=AT_ONCE)

    allow(shy, False)
    reader.page.locator("[data-presence][data-state=offline]").wait_for(timeout=3 * AT_ONCE, state="attached")
    assert was_not_loaded_again(reader)


def allow(visitor, seen):
    visitor.go("/accounts/")
    visitor.page.locator("[name=presence_visible]").set_checked(seen, force=True)
    visitor.page.locator("form:has([name=presence_visible]) button.primary").click()
    visitor.page.wait_for_load_state()


def test_the_end_of_a_session_closes_the_page_that_is_open(arrive):
    first, second = arrive(), arrive()
    first.sign_in(OLU)
    listen(first, "/members/")
    second.sign_in(OLU)

    second.go("/accounts/security/")
    second.page.locator("form[action$='/sessions/end/'] button").click()

    first.page.locator("html[data-live=off]").wait_for(timeout=AT_ONCE)
    first.go("/members/")
    assert first.path == "/accounts/login/"


def test_a_page_left_before_its_socket_stands_leaves_no_complaint(arrive):
    visitor = arrive(NADIA)
    visitor.context.add_init_script(LEFT_WHILE_CONNECTING)

    for path in ("/members/", PROFILE):
        visitor.go(path)
        visitor.page.locator("html[data-left=true]").wait_for()
    # what the browser says about it would be found by `leave`


def test_a_page_that_nobody_looks_at_asks_for_no_socket(arrive):
    visitor = arrive(NADIA)
    visitor.context.add_init_script("Object.defineProperty(document, 'hidden', {get: () => !window.looked})")
    asked = []
    visitor.page.on("websocket", lambda socket: asked.append(socket.url))
    visitor.go("/members/")
    visitor.page.wait_for_timeout(1000)
    assert asked == []

    visitor.evaluate("window.looked = true; document.dispatchEvent(new Event('visibilitychange'))")
    visitor.page.locator("html[data-live=on]").wait_for()
    assert len(asked) == 1
