"""A process of its own with the demonstration switched on: loads it, signs in, reads mails. Prints what it found.

Run by test_walk.py with TESTING=1 and DEMONSTRATION=1 on an empty, migrated database.
"""

import io
import json
import re
import sys
import time

import django

django.setup()

from django.core.mail import EmailMultiAlternatives  # noqa: E402 - Django is set up first
from django.core.management import CommandError, call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from portal.demonstration.accounts import PASSWORD, accounts  # noqa: E402
from portal.demonstration.network import SECRETARIAT  # noqa: E402
from portal.registry import announced  # noqa: E402
from tests.keys import send_keys  # noqa: E402
from tests.portal.demonstration.digest import digest  # noqa: E402


def sign_in(address: str) -> str:
    """Where signing in leads to, with the code from the sign-in page where one is asked for."""
    browser = Client()
    page = browser.get(reverse("account_login")).content.decode()
    answer = browser.post(reverse("account_login"), {"login": address, "password": PASSWORD})
    if answer["Location"] == reverse("mfa_authenticate"):
        for _attempt in range(2):  # the first may meet the end of a step, and the one before it still counts
            page = browser.get(reverse("mfa_authenticate")).content.decode()
            code = re.search(r"<code>(\d{6})</code>", page)
            assert code, "the sign-in page shows no code"
            answer = browser.post(reverse("mfa_authenticate"), {"code": code[1]})
            if answer.status_code == 302:
                break
    home = browser.get(answer["Location"])
    return f"{home.status_code} {'demonstration' in home.content.decode()}"


def mails() -> dict[str, object]:
    """What the pages of mails show."""
    hostile = "Open http://localhost:8000/accounts/invitation/abc/ now.\n<script>alert(1)</script>"
    message = EmailMultiAlternatives("دعوة <b>", hostile, to=["someone@example.org"])
    message.attach_alternative("<p>only for other readers</p>", "text/html")
    message.send()
    browser = Client()
    listing = browser.get(reverse("demonstration:mails")).content.decode()
    address = re.search(r'href="(/demonstration/mails/[^"/]+/)"', listing)
    assert address, "no mail is listed"
    page = browser.get(address[1]).content.decode()
    return {
        "listed": "دعوة &lt;b&gt;" in listing and "someone@example.org" in listing,
        "link": '<a href="http://localhost:8000/accounts/invitation/abc/"' in page,
        "script": "<script>alert" in page,
        "unknown": [
            browser.get(f"/demonstration/mails/{name}/").status_code
            for name in ("20260101T000000000000-00000000", "x", "..%2F..%2Fsecret-key", "secret-key")
        ],
    }


def refused() -> str:
    try:
        call_command("demonstration")
    except CommandError as error:
        return str(error)
    return ""


def main() -> None:
    send_keys()
    started = time.process_time()
    call_command("demonstration")
    seconds = time.process_time() - started
    printed = io.StringIO()
    call_command("demonstration_accounts", stdout=printed)
    sign_in_page = Client().get(reverse("account_login")).content.decode()
    found = {
        "generators": [generator.name for generator in announced.generators],
        "cpu_seconds": seconds,
        "refused": refused(),
        "printed": printed.getvalue(),
        "accounts": {account.name: sign_in(account.name) for account in accounts},
        "on the sign-in page": [account.name for account in accounts if account.name in sign_in_page],
        "codes": len(re.findall(r"<code>\d{6}</code>", sign_in_page)),
        "secretariat": SECRETARIAT,
        "mails": mails(),
        "digest": digest(),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
