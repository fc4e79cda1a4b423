"""Everything by keyboard alone: what is reached is seen to be reached, and nothing holds the reader fast."""

import pytest

from tests.browser.visitor import NADIA

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const around = one.closest(".search, .segments, label, li")?.matches(":has(:focus-visible)");
  return {
    what: one.outerHTML.slice(0, 90), tag: one.tagName, path: one.getAttribute("href"), name: one.name || "",
    value: one.value || "", popover: one.getAttribute("popovertarget") || "",
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && (ring || Boolean(around)),
  };
}"""


def tab(visitor, key="Tab"):
    visitor.page.keyboard.press(key)
    return visitor.evaluate(FOCUSED)


def tab_to(visitor, wanted, most=80):
    """Press Tab until `wanted(focused)`; everything on the way must be seen."""
    for _ in range(most):
        focused = tab(visitor)
        assert focused["seen"], focused
        if wanted(focused):
            return focused
    raise AssertionError("not reached by Tab")


def test_the_first_stop_leads_past_the_frame(arrive):
    visitor = arrive(NADIA)
    visitor.go("/members/")

    first = tab(visitor)
    assert first["path"] == "#content"
    assert first["seen"]
    visitor.page.keyboard.press("Enter")

    assert visitor.evaluate("document.activeElement.id") == "content"
    assert tab(visitor)["path"] != "/"


def test_menus_open_close_and_give_the_focus_back(arrive):
    visitor = arrive(NADIA)
    visitor.go("/members/")

    for menu in ("acting-for-menu", "language-menu", "account-menu", "export-menu", "sort-menu"):
        tab_to(visitor, lambda focused, menu=menu: focused["popover"] == menu, most=160)
        visitor.page.keyboard.press("Enter")
        assert visitor.page.locator(f"#{menu}").is_visible()
        inside = tab(visitor)
        assert inside["seen"]
        assert visitor.evaluate(f"document.getElementById('{menu}').contains(document.activeElement)")
        visitor.page.keyboard.press("Escape")
        assert not visitor.page.locator(f"#{menu}").is_visible()
        assert visitor.evaluate(FOCUSED)["popover"] == menu


def test_filters_narrow_the_list_and_keep_the_place(arrive):
    visitor = arrive(NADIA)
    visitor.go("/members/")
    before = visitor.page.locator(".result-head h2").inner_text()

    box = tab_to(visitor, lambda focused: focused["name"] == "region")
    with visitor.page.expect_response(lambda answer: "region=" in answer.url):
        visitor.page.keyboard.press("Space")
    visitor.page.locator(".chip").first.wait_for()

    assert visitor.page.locator(".result-head h2").inner_text() != before
    assert (
        visitor.page.locator("#directory-status").inner_text() == visitor.page.locator(".result-head h2").inner_text()
    )
    focused = visitor.evaluate(FOCUSED)
    assert (focused["name"], focused["value"]) == ("region", box["value"])


def test_every_stop_of_a_form_is_seen_and_the_first_mistake_is_led_to(arrive):
    visitor = arrive(NADIA)
    visitor.go("/people/organisations/sample-press-union/invite/")

    tab_to(visitor, lambda focused: focused["name"] == "email")
    visitor.page.keyboard.type("nobody")
    tab_to(visitor, lambda focused: focused["tag"] == "BUTTON" and not focused["popover"])
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")

    assert visitor.evaluate("document.activeElement.closest('[role=alert], .error-summary') !== null")
    tab_to(visitor, lambda focused: (focused["path"] or "").startswith("#id_"))
    visitor.page.keyboard.press("Enter")
    assert visitor.evaluate(FOCUSED)["name"] == "email"
    assert visitor.page.locator("[name=email]").input_value() == "nobody"
