"""Somebody with a browser of their own, and what must never be seen in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

PASSWORD = "plenary-demonstration"  # of all accounts of the demonstration
SECRETARIAT = "secretariat@example.org"
NADIA = "nadia.osei@spu.example.org"
TOMAS = "tomas.rey@spu.example.org"
OLU = "olu.adeyemi@spu.example.org"
INES = "ines.duarte@spu.example.org"
KARIM = "karim.saleh@spu.example.org"
GUEST = "guest@example.org"

# Says what the policy refused; browsers report it, but not to a page that asks nothing.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("refused by the content security policy:", event.violatedDirective, event.blockedURI));
"""
# All rules; what passes is not described, which is most of the time that it takes.
AXE = """axe.run({resultTypes: ["violations"]}).then(({violations}) =>
  violations.map((one) => `${one.id}: ${one.nodes.map((n) => n.html).join(" ")}`))"""


@dataclass
class Visitor:
    """A browser context on the portal; collects whatever a page must not do."""

    context: BrowserContext
    address: str
    page: Page
    wrongs: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @classmethod
    def arrive(cls, context: BrowserContext, address: str) -> Visitor:
        """Open an empty page and watch from now on."""
        context.set_default_timeout(15_000)
        context.add_init_script(TELL_VIOLATIONS)
        visitor = cls(context, address, context.new_page())
        context.on("console", visitor._said)
        context.on("weberror", lambda error: visitor.wrongs.append(f"error: {error.error}"))
        context.on("request", visitor._asked)
        return visitor

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            path = urlsplit(message.page.url if message.page else "").path
            self.wrongs.append(f"{message.type} on {path}: {message.text}")

    def _asked(self, request: Request) -> None:
        """Check C3: nobody but the portal is asked for anything."""
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.wrongs.append(f"asks {request.url}")

    def expect(self, pattern: str) -> None:
        """One thing the console will rightly say, such as the status of a refused request."""
        self.expected.append(pattern)

    def leave(self) -> None:
        """Close the browser; everything wrong that was seen in it fails the test."""
        self.context.close()
        wrongs = [wrong for wrong in self.wrongs if not any(re.search(pattern, wrong) for pattern in self.expected)]
        assert not wrongs, "; ".join(wrongs)

    def go(self, path: str) -> None:
        """Open a path of the portal, or a whole address of it."""
        self.page.goto(path if path.startswith("http") else self.address + path)

    @property
    def path(self) -> str:
        """Where the visitor is."""
        return urlsplit(self.page.url).path

    def sign_in(self, email: str, password: str = PASSWORD, *, with_code: bool = True) -> None:
        """Through the sign-in page, and the next one where that asks for a code; `with_code` False stops there."""
        self.go("/accounts/login/")
        form = self.page.locator("form:has(input[name=login]:visible)")
        form.locator("input[name=login]").fill(email)
        form.locator("input[name=password]").fill(password)
        with self.page.expect_navigation():
            form.locator("button.primary").click()
        if with_code and self.path.endswith("/authenticate/"):
            self.give_code()

    def give_code(self) -> str:
        """The second factor: the code that the demonstration shows beside the field; returns it once it was taken."""
        shown = self.page.locator("code", has_text=re.compile(r"^\d{6}$")).first
        for _attempt in range(3):
            code = shown.inner_text()
            self.page.locator("input[name=code]:visible").fill(code)
            with self.page.expect_navigation():
                self.page.locator("form:has(input[name=code]) button.primary").click()
            if not self.path.endswith("/authenticate/"):
                return code
            # It was used already, or ran out on the way: the next one comes within thirty seconds.
            while shown.inner_text() == code:
                self.page.wait_for_timeout(1000)
                self.go("/accounts/2fa/authenticate/")
        raise AssertionError("no code was taken")

    def choose_language(self, code: str) -> None:
        """By the menu of the page that is open; on a phone it is behind "More"."""
        opener = self.page.locator("[popovertarget=language-menu]")
        if opener.is_visible():
            opener.click()
        else:
            self.page.locator(".bottom-bar a[href='/more/']").click()
        with self.page.expect_navigation():
            self.page.locator(f"button[name=language][value={code}]").locator("visible=true").first.click()

    def lang(self) -> tuple[str, str]:
        """Language and direction of the page."""
        root = self.page.locator("html")
        return root.get_attribute("lang") or "", root.get_attribute("dir") or ""

    def obstacles(self) -> list[str]:
        """What axe finds on the page, by all its rules, best practices included."""
        self.page.evaluate(AXE_SCRIPT)
        found: list[str] = self.page.evaluate(AXE)
        return found

    def wider_than_screen(self) -> list[str]:
        """What sticks out of the window sideways, where the page can be scrolled sideways."""
        found: list[str] = self.page.evaluate(STICKING_OUT)
        return found

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """The value of a script run in the page."""
        return self.page.evaluate(script, argument)


STICKING_OUT = """() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().width)
    .filter((one) => one.getBoundingClientRect().right > width + 1 || one.getBoundingClientRect().left < -1)
    .slice(-5).map((one) => one.outerHTML.slice(0, 120));
}"""
