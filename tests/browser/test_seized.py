"""What is left to whoever's devices are taken: signing them out, and locking the account until two people open it."""

import re

import pytest

from tests.browser.visitor import NADIA, OLU, PASSWORD, SECRETARIAT

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
AT_ONCE = 5_000  # milliseconds
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _signed_in_anew_afterwards(sessions):
    """These journeys end sessions that other tests would go on with."""
    yield
    sessions.pop(OLU, None)


def prove(visitor):
    """Say again who one is, where that is asked."""
    while "reauthenticate" in visitor.path:
        password = visitor.page.locator("input[name=password]:visible")
        if password.count():
            password.fill(PASSWORD)
            with visitor.page.expect_navigation():
                visitor.page.locator("form:has(input[name=password]) button.primary").click()
        else:
            visitor.give_code()


def press(visitor, selector):
    with visitor.page.expect_navigation():
        visitor.page.locator(selector).first.click()


def listen(visitor, path):
    visitor.go(path)
    visitor.page.locator("html[data-live=on]").wait_for()


def test_a_device_signed_out_elsewhere_dies_in_the_middle_of_a_form_and_of_a_socket(arrive, shots):
    taken, own = arrive(**PHONE), arrive()
    taken.sign_in(OLU)
    own.sign_in(OLU)
    form = taken.context.new_page()
    form.goto(f"{taken.address}/accounts/")
    form.locator("input[name=name]").fill("Half a na")
    listen(taken, "/members/")
    shots(taken, "session-1-open")

    own.go("/accounts/security/")
    shots(own, "session-2-devices")
    press(own, "form[action$='/sessions/end/'] button")
    shots(own, "session-3-signed-out")

    taken.page.locator("html[data-live=off]").wait_for(timeout=AT_ONCE)
    form.locator("input[name=name]").press_sequentially("me that is not theirs")
    with form.expect_navigation():
        form.locator("form:has(input[name=name]) button.primary").click()
    assert form.url.startswith(taken.address + LOGIN)
    taken.go("/members/")
    assert taken.path == LOGIN
    shots(taken, "session-4-dead")
    own.go("/accounts/")
    assert own.page.locator("input[name=name]").input_value() == "Olu Adeyemi"


def test_an_account_is_locked_from_a_strangers_phone_and_opened_by_two_people(arrive, shots):
    owner = arrive(**PHONE)
    owner.sign_in(OLU)
    owner.go("/accounts/security/")
    press(owner, "a[href$='/lock-down/code/']")
    prove(owner)
    assert owner.obstacles() == []
    press(owner, "form[method=post] button.primary")
    code = owner.page.locator("#lockdown-code").inner_text()
    shots(owner, "lockdown-1-code")
    assert (owner.obstacles(), owner.wider_than_screen()) == ([], [])
    listen(owner, "/members/")

    stranger = arrive(**PHONE)
    in_arabic(stranger, LOGIN)
    press(stranger, "a[href$='/lock-down/']")
    assert (stranger.obstacles(), stranger.wider_than_screen(), stranger.lang()) == ([], [], ("ar", "rtl"))
    stranger.page.locator("input[name=email]").fill(OLU)
    stranger.page.locator("input[name=code]").fill(code.lower().replace("-", " "))
    shots(stranger, "lockdown-2-typed")
    press(stranger, "form:has(input[name=code]) button.danger")
    shots(stranger, "lockdown-3-same-answer")
    assert stranger.obstacles() == []

    owner.page.locator("html[data-live=off]").wait_for(timeout=AT_ONCE)
    owner.go("/members/")
    assert owner.path == LOGIN

    first, second = arrive(**PHONE), arrive(**PHONE)
    first.sign_in(NADIA)
    in_arabic(first, "/notifications/")
    shots(first, "lockdown-4-colleague-is-told")
    press(first, "main h3 a[href^='/notifications/']")
    shots(first, "lockdown-5-locked")
    take_step(first, shots, "lockdown-6-first")
    second.sign_in(SECRETARIAT)
    in_arabic(second, "/accounts/locked/")
    shots(second, "lockdown-7-list")
    press(second, "main .rows a[href^='/accounts/locked/']")
    shots(second, "lockdown-8-waits-for-second")
    take_step(second, shots, "lockdown-9-second")
    shots(second, "lockdown-10-open-again")
    for keeper in (first, second):
        in_english(keeper)

    owner.go(link_to_a_new_password(second))
    for field in ("password1", "password2"):
        owner.page.locator(f"input[name={field}]").fill(PASSWORD)
    press(owner, "form:has(input[name=password1]) button.primary")
    owner.sign_in(OLU)
    assert owner.path == "/"


def link_to_a_new_password(visitor):
    """What the owner's latest mail holds, once it has been sent."""
    for _attempt in range(20):
        visitor.go("/demonstration/mails/")
        press(visitor, f"main .rows li:has-text('{OLU}') a")
        link = visitor.page.locator("main a[href*='/password/reset/key/']")
        if link.count():
            return link.first.get_attribute("href")
        visitor.page.wait_for_timeout(500)
    raise AssertionError("no mail with a link was sent")


def in_arabic(visitor, path):
    visitor.go(path)
    if visitor.lang()[0] != "ar":
        switch(visitor, "ar")
        visitor.go(path)


def in_english(visitor):
    visitor.go("/more/")
    if visitor.lang()[0] != "en":
        switch(visitor, "en")


def switch(visitor, code):
    if not visitor.page.locator(f"button[name=language][value={code}]:visible").count():
        visitor.go("/more/")
    with visitor.page.expect_navigation():
        visitor.page.locator(f"button[name=language][value={code}]:visible").first.click()


def take_step(visitor, shots, name):
    """Propose or confirm, from the page of the lock-down."""
    press(visitor, "main a[href$='/unlock/']")
    prove(visitor)
    assert (visitor.obstacles(), visitor.wider_than_screen()) == ([], [])
    visitor.page.locator("textarea[name=why]").fill("قابلناها شخصيًا في المكتب، ومعها أختها.")
    shots(visitor, name)
    press(visitor, "form:has(textarea[name=why]) button.primary")
    assert re.fullmatch(r"/accounts/locked/\d+/", visitor.path)
    assert (visitor.obstacles(), visitor.wider_than_screen()) == ([], [])
