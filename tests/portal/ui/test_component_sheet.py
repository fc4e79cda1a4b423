"""The component sheet in a real browser: accessible in every mode, nothing lost on a narrow screen, nothing inline."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, sync_playwright

from portal.ui.component_sheet import SHEET, sheet_context

pytestmark = pytest.mark.browser

ADDRESS = "http://sheet.test/"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def sheet(language: str) -> str:
    """The sheet within the whole frame, with a rail, and without a database."""
    request = RequestFactory().get("/demonstration/components/")
    entry = SimpleNamespace(label="Members", icon="members", url="/members/", count=3, due=True, primary_on_phone=True)
    with translation.override(language):
        context = Context(
            {**sheet_context(request), "navigation": [[entry]], "reader": SHEET["people"][0], "demonstration": True}
        )
        context.request = request
        return str(get_template("portal/ui/component_sheet.html").template.render(context))


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Browser, language: str, width: int, scheme: str) -> tuple[Page, list[str]]:
    """The sheet as a browser shows it under the site's policy, and what the browser complained of."""
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    html = sheet(language)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS).split("?")[0].split("#")[0]
        if not path:
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        else:
            file = Path(settings.BASE_DIR, path)
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])

    page.route("**/*", answer)
    page.goto(ADDRESS)
    page.wait_for_timeout(500)  # the skeleton appears after 400 ms
    return page, complaints


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 800, 390])
def test_the_sheet_has_no_accessibility_violations(browser: Browser, language: str, scheme: str, width: int) -> None:
    page, complaints = opened(browser, language, width, scheme)
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(found["id"], [node["html"] for node in found["nodes"]]) for found in violations] == []
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (390, "200%"), (1280, "200%")])
def test_nothing_is_cut_off_on_narrow_screens_or_with_large_text(
    browser: Browser, language: str, width: int, text: str
) -> None:
    page, _complaints = opened(browser, language, width, "light")
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


def test_menus_and_dialogs_open_and_close(browser: Browser) -> None:
    page, _complaints = opened(browser, "en", 1360, "light")
    page.get_by_role("button", name="More").click()
    assert page.locator("#sheet-menu").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#sheet-menu").is_visible()
    page.locator("[data-dialog=sheet-dialog]").click()
    assert page.locator("#sheet-dialog").is_visible()
    page.locator("#sheet-dialog [data-close]").last.click()
    assert not page.locator("#sheet-dialog").is_visible()
    page.context.close()


def test_the_summary_of_errors_has_the_focus(browser: Browser) -> None:
    page, _complaints = opened(browser, "en", 1360, "light")
    assert "error-summary" in page.evaluate("document.activeElement.className")
    page.context.close()
