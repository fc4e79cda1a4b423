"""Every page that links lead to: no obstacle that axe knows of, nothing sticking out of a narrow screen.

Pages are found by following links from the first page, one of each kind; a page of the table of routes that is not
found is a failure, so that a later slice's pages are looked at without anybody thinking of it. Everything is looked at
twice: light on a desk in English, and dark on a phone in Arabic.
"""

import re
from collections import deque
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.architecture.table import ROWS
from tests.architecture.world import ADMINISTRATOR, ANONYMOUS, SECRETARIAT
from tests.browser.visitor import GUEST, NADIA
from tests.browser.visitor import SECRETARIAT as SALMA

pytestmark = pytest.mark.browser

OWN = "sample-press-union"
# Where no link leads: pages after a form or a link in a mail, and what is looked at by name here.
BY_NAME = {
    "/accounts/inactive/": "account_inactive",
    "/accounts/confirm-email/": "account_email_verification_sent",
    "/accounts/confirm-email/unknown/": "account_confirm_email",
    "/accounts/password/reset/done/": "account_reset_password_done",
    "/accounts/password/reset/key/1-unknown/": "account_reset_password_from_key",
    "/accounts/password/reset/key/done/": "account_reset_password_from_key_done",
    "/accounts/invitation/unknown/": "accounts:invitation",
    "/accounts/lock-down/": "accounts:lock-down",
    "/accounts/lock-down/done/": "accounts:locked-down",
    "/accounts/recover/unknown/": "accounts:recover",
    "/accounts/recover/unknown/stop/": "accounts:recovery-stop",
    "/privacy/return/unknown/": "privacy:return",
    "/accounts/password/reset/": "account_reset_password",
    "/accounts/login/": "account_login",
    "/accounts/logout/": "account_logout",
}
MORE = ("/nowhere/", "/members/?q=nothing+is+called+so", "/members/?page=99999&region=nonsense")
# Pages about a second factor are looked at where one is made (test_factors.py), the one that stops mails where a mail
# is (test_inbox.py); the others are no pages, but files or ways to other pages.
NOT_LOOKED_AT = {
    "account_set_password", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate", "mfa_deactivate_totp",
    "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_index", "mfa_list_webauthn",
    "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    # what two people do together is looked at where they do it (test_seized.py)
    "accounts:lockdown", "accounts:unlock", "accounts:recovery-confirm", "accounts:step-up-continue",
    "notifications:bell", "notifications:open", "notifications:stop",
    "audit:export", "directory:export", "directory:people-export", "files:download",
    "group_calendar:file", "group_calendar:whole",
    # answers to scripts, and ways to a place on a page
    "live:poll", "chat:mentions", "chat:permalink",
    # nothing of it in the demonstration for these four: no message was changed, another keeps the group with the guest
    "chat:history", "groups:prolong",
}  # fmt: skip
TABLE = "name,region,country\nWatch of the Test,africa,CD\nJournaliste en danger,africa,CG\n,africa,\nNo Region,,FR\n"

NARROW = (320, 390)  # CSS pixels: the width of WCAG 1.4.10, and of a common phone

LOOK = """() => ({
  mains: document.querySelectorAll("main").length,
  headings: [...document.querySelectorAll("h1")].filter((one) => one.checkVisibility()).length,
  title: document.title,
})"""


def kind_of(path):
    """What sort of page an address leads to; None for what is no page of ours."""
    parts = urlsplit(path)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = re.sub(r"/[0-9]{8}T[0-9-a-f]+/", "/*/", parts.path)
    query = parse_qs(parts.query)
    own = " own" if f"/{OWN}/" in parts.path else ""
    view = f" as {query['view'][0]}" if "view" in query else ""
    view += f" of {query['show'][0]}" if "show" in query else ""
    section = f" {parts.path.split('/')[-2]}" if name == "organisations:edit-section" else ""
    return f"{name}{own}{view}{section}"


def reachable(visitor, start):
    """One address of each kind of page, found by following links."""
    found, queue = {}, deque(start)
    while queue:
        path = queue.popleft()
        kind = kind_of(path)
        if kind in found or path.startswith(("/static/", "/accounts/logout/")):
            continue
        answer = visitor.context.request.get(visitor.address + path)
        found[kind] = None
        if "text/html" in answer.headers.get("content-type", "") and answer.status == 200:
            ended = urlsplit(answer.url)
            found[kind] = path if kind_of(ended.path) == kind_of(urlsplit(path).path) else None
            links = re.findall(r'href="(/[^"#]*)', answer.text())
            queue.extend(link.replace("&amp;", "&") for link in links)
    return {kind: path for kind, path in found.items() if path}


def wrong_with(visitor, path, language):
    """What is wrong with the page at `path`, for readers of all kinds."""
    visitor.go(path)
    found = [f"axe {one}" for one in visitor.obstacles()]
    seen = visitor.evaluate(LOOK)
    if (seen["mains"], seen["headings"]) != (1, 1):
        found.append(f"{seen['mains']} main, {seen['headings']} h1")
    if visitor.lang() != (language, "rtl" if language == "ar" else "ltr"):
        found.append(f"language {visitor.lang()}")
    if not seen["title"].strip(" ·"):
        found.append("no title")
    size = visitor.page.viewport_size
    for width in NARROW:
        visitor.page.set_viewport_size({"width": width, "height": size["height"]})
        found += [f"at {width} px sticks out: {one}" for one in visitor.wider_than_screen()]
    visitor.page.set_viewport_size(size)
    return [f"{path} ({language}): {one}" for one in found]


@pytest.fixture(scope="package")
def pages(sessions):
    """What was found for each person; filled by the first test here."""
    return {}


def test_links_lead_to_every_page(arrive, pages):
    salma = arrive(SALMA)
    salma.go("/members/import/")
    salma.page.locator("input[type=file]").set_input_files(
        {"name": "test.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    with salma.page.expect_navigation(url=re.compile(r"/members/import/\d+/")):
        salma.page.locator("form:has(input[type=file]) button").first.click()

    own = (f"/organisations/{OWN}/", f"/people/organisations/{OWN}/")
    pages[SALMA] = reachable(salma, ["/", *own])
    pages[NADIA] = reachable(arrive(NADIA), ["/", *own])
    # Shown again to who has proved it a moment ago.
    pages[NADIA] |= {"account_reauthenticate": "/accounts/reauthenticate/"}
    pages[NADIA] |= {"mfa_reauthenticate": "/accounts/2fa/reauthenticate/"}
    # What can be done with the account of somebody else; links lead to one's own page first.
    salma.go(own[1])
    colleague = salma.page.locator("main a[href^='/people/']").evaluate_all(
        "links => links.map((one) => one.pathname.match(/^[/]people[/]([0-9]+)[/]$/)?.[1]).find(Boolean)"
    )
    pages[SALMA] |= {
        "people:lock-down": f"/people/{colleague}/lock-down/",
        "accounts:recovery-start": f"/accounts/recoveries/new/{colleague}/",
        "privacy:erase": f"/privacy/people/{colleague}/erase/",
    }
    # What only some groups of the demonstration have: a door, an archive, a guest, a message that is pinned.
    pages[NADIA] |= {
        "groups:join": "/groups/african-freedom-of-expression-exchange/join/",
        "group_files:delete": "/groups/safety-of-journalists/files/1/delete/",
        "chat:pins": "/groups/safety-of-journalists/chat/pins/",
        "chat:seen": "/groups/safety-of-journalists/chat/m/1/seen/",
        "conversations:settings": "/messages/settings/",
    }
    pages[SALMA] |= {"groups:reopen": "/groups/tunisia-monitoring-group/reopen/"}
    pages[GUEST] = reachable(arrive(GUEST), ["/"])
    assert pages[GUEST]["chat:room"] == "/groups/digital-rights/chat/", "a guest finds the way into the own group"
    assert not [kind for kind in pages[GUEST] if kind.startswith("directory:")]
    pages[""] = {name: path for path, name in BY_NAME.items()}

    names = {kind.split(" ")[0] for found in pages.values() for kind in found}
    wanted = {
        name
        for name, row in ROWS.items()
        if row.get is not None and row.get & {ANONYMOUS, ADMINISTRATOR, SECRETARIAT} and name not in NOT_LOOKED_AT
    }
    assert " ".join(sorted(wanted - names)) == ""


def shown_to(email, pages):
    """Each kind of page once, for whoever sees most of it: the own organisation's as its administrator."""
    if email == SALMA:
        return [path for kind, path in pages[SALMA].items() if " own" not in kind] + list(MORE)
    if email == NADIA:
        known = {kind.replace(" own", "") for kind in pages[SALMA]} - {
            "home:home",
            "organisations:profile",
            "people:team",
        }
        return [path for kind, path in pages[NADIA].items() if kind.replace(" own", "") not in known]
    return list(pages[email].values())


@pytest.mark.parametrize("email", [SALMA, NADIA, GUEST, ""], ids=["secretariat", "member", "guest", "nobody"])
@pytest.mark.parametrize(
    ("language", "device"),
    [
        ("en", {"width": 1280, "height": 900}),
        ("ar", {"width": 390, "height": 844, "color_scheme": "dark"}),
    ],
    ids=["desk", "phone"],
)
def test_no_obstacles_and_nothing_sticks_out(email, language, device, arrive, pages):
    visitor = arrive(email, **device)
    visitor.expect("status of 4(03|04|10)")
    visitor.go("/" if email else "/accounts/login/")
    if email and visitor.lang()[0] != language:
        visitor.choose_language(language)
    elif not email and language == "ar":
        visitor.page.locator("button[name=language][value=ar]").click()
    wrong = [one for path in shown_to(email, pages) for one in wrong_with(visitor, path, language)]
    if email and language != "en":
        visitor.go("/")
        visitor.choose_language("en" if email != GUEST else "fr")

    assert wrong == []
