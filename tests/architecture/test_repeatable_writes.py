"""Sent twice is done once, on every form of the site (check E3).

Each form of the table is sent as a browser sends it, and a second time by the browser as it was before, as after a
lost answer. The short form, one after the other; twenty at once on two processes is the drill `idempotency`.
"""

import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile

from portal.idempotency.keys import FIELD, new_key
from tests.architecture.forms import FORMS
from tests.architecture.sending import address_of, opened, sender
from tests.architecture.test_extra_fields import changes, contents
from tests.architecture.world import make_world

POST_FORM = re.compile(r"<form\b[^>]*\bmethod=[\"']?post\b.*?</form>", re.I | re.S)


@pytest.fixture
def world(db):
    return make_world()


def templates():
    root = Path(settings.BASE_DIR) / "templates"
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in root.rglob("*.html")}


def test_every_form_that_writes_carries_the_fields():
    forms = [
        (name, form)
        for name, text in templates().items()
        if name != "portal/ui/component_sheet.html"  # its forms lead nowhere
        for form in POST_FORM.findall(text)
    ]

    assert [name for name, form in forms if "{% csrf_token %}" not in form] == []
    assert len(forms) > 50


def test_what_htmx_sends_is_a_form():
    """A form's hidden fields go with it; an element that writes by itself would have no key."""
    written = "".join(templates().values())

    assert set(re.findall(r"<(\w+)[^>]*\shx-(?:post|put|patch|delete)=", written)) <= {"form"}


def ready(form, world):
    """A browser with the form open, where it sends it, and what it would send."""
    if form.given is not None:
        form.given(world)
    address_of(form, world)
    client = sender(world, form)
    shown = opened(form, world, client)
    client.get("/accounts/login/")  # a browser has the cookie that protects forms
    return client, shown.action, {**shown.values, **form.data(world), FIELD: new_key()}


@pytest.mark.parametrize("label", sorted(FORMS))
def test_sent_twice_is_done_once(label, world):
    form = FORMS[label]
    client, action, data = ready(form, world)
    cookies = client.cookies.output(header="", sep=";")

    before = contents()
    first = client.post(action, data)
    between = contents()
    client.cookies = SimpleCookie(cookies)
    cache.clear()  # limits of how often
    for upload in data.values():
        if isinstance(upload, UploadedFile):
            upload.seek(0)
    second = client.post(action, data)

    assert first.status_code in {200, 302, 303}, first.status_code
    assert changes(between, contents()) == []
    if form.route in settings.WRITES_WITHOUT_KEY:
        return
    assert (second.status_code, second.headers.get("Location")) == (first.status_code, first.headers.get("Location"))
    if form.writes:
        assert changes(before, between) != []
        assert second.headers.get("Idempotent-Replayed") == "true"
        # Of a file, and of a page by an act that signs out, only that it was done.
        assert second.content == first.getvalue() or "This has been done" in second.text


@pytest.mark.parametrize("label", [label for label, form in sorted(FORMS.items()) if form.writes and form.offered])
def test_corrected_after_a_refusal_it_is_done(label, world):
    """Sent without what was to be typed, then with it, from the same page: the key of what was refused is free."""
    client, action, data = ready(FORMS[label], world)
    offered = FORMS[label].offered.split()
    before = contents()
    first = client.post(
        action, {name: "" if isinstance(data[name], str) and name in offered else data[name] for name in data}
    )
    between = contents()
    if first.status_code in {302, 303}:
        return  # nothing had to be typed
    assert changes(before, between) == []
    cache.clear()  # limits of how often

    answer = client.post(action, data)

    assert answer.status_code in {200, 302, 303}, answer.status_code
    assert changes(between, contents()) != []
