"""Second factors with a real browser: a passkey made and used, a code from the app."""

import re

import pytest

from tests.browser.visitor import OLU, SECRETARIAT

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_and_signs_in_without_password(arrive):
    visitor = arrive()
    device = visitor.context.new_cdp_session(visitor.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    visitor.sign_in(OLU)

    visitor.go("/accounts/2fa/webauthn/add/")  # who has just signed in has proved it
    assert visitor.obstacles() == []
    visitor.page.locator("input[name=name]").fill("Test device")
    visitor.page.locator("input[name=passwordless]").set_checked(True, force=True)
    with visitor.page.expect_navigation():
        visitor.page.locator("form[data-passkey=create] button.primary").click()
    for page in ("webauthn/", "recovery-codes/", "recovery-codes/generate/", "totp/activate/"):
        visitor.go(f"/accounts/2fa/{page}")
        assert (visitor.path, visitor.obstacles()) == (f"/accounts/2fa/{page}", [])
    visitor.go("/accounts/2fa/webauthn/")
    assert "Test device" in visitor.page.locator("main").inner_text()

    sign_out(visitor)
    with visitor.page.expect_navigation(url=f"{visitor.address}/"):
        visitor.page.locator("form[data-passkey=sign-in] button").click()
    assert visitor.path == "/"
    assert visitor.page.locator("[popovertarget=account-menu]").is_visible()

    # and is gone again, as is the second factor with it
    visitor.go("/accounts/2fa/webauthn/")
    visitor.page.locator("a[href*='/remove/']").click()
    visitor.page.wait_for_load_state()
    assert visitor.obstacles() == []
    with visitor.page.expect_navigation():
        visitor.page.locator("form[action*='/remove/'] button").click()
    sign_out(visitor)
    visitor.sign_in(OLU)
    assert visitor.path == "/"


def test_the_secretariat_signs_in_with_a_code_and_no_code_works_twice(arrive):
    visitor = arrive()
    visitor.sign_in(SECRETARIAT, with_code=False)
    assert visitor.path == "/accounts/2fa/authenticate/"

    assert visitor.obstacles() == []
    code = visitor.give_code()

    assert visitor.path == "/"
    assert visitor.page.locator("a[href^='/audit/']").count() >= 1
    sign_out(visitor)
    visitor.sign_in(SECRETARIAT, with_code=False)
    visitor.page.locator("input[name=code]:visible").fill(code)
    visitor.page.locator("form:has(input[name=code]) button.primary").click()
    visitor.page.locator("[role=alert], .error-message").first.wait_for()
    assert visitor.path == "/accounts/2fa/authenticate/"


def sign_out(visitor):
    visitor.go("/")
    visitor.page.locator("[popovertarget=account-menu]").click()
    with visitor.page.expect_navigation(url=re.compile("/accounts/login/")):
        visitor.page.locator("#account-menu form[action$='/logout/'] button").click()
