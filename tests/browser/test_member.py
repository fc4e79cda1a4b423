"""What a member does: sign in, find a colleague, take the list along, keep the own profile, invite.

Once as on a desk, once in Arabic on a phone, once in Arabic on a phone without scripts. The same steps by the same
names of fields, so that none of them depends on words.
"""

import re
import time

import pytest

from tests.browser.visitor import NADIA, TOMAS

pytestmark = pytest.mark.browser

JED = "journaliste-en-danger"
WAYS = {
    "on a desk": (NADIA, "en", {"width": 1280, "height": 800}),
    "in Arabic on a phone": (TOMAS, "ar", {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}),
    "without scripts": (TOMAS, "ar", {"width": 390, "height": 844, "java_script_enabled": False}),
}


def search(visitor, text):
    """Type into the directory's own field; on a phone it is behind a link."""
    link = visitor.page.locator("a.filters-link")
    if link.is_visible():
        link.click()
    visitor.page.locator("#filter-text").fill(text)
    submit(visitor)


def submit(visitor):
    button = visitor.page.locator("#filters [data-apply]")
    with visitor.page.expect_response(lambda answer: "/members/" in answer.url and answer.request.method == "GET"):
        if button.is_visible():
            button.click()
        else:
            visitor.page.locator("#filter-text").press("Enter")
    visitor.page.wait_for_load_state()


def found(visitor):
    """The addresses of the organisations in the list."""
    links = visitor.page.locator(".results-list h3 a")
    links.first.wait_for()
    return [link.get_attribute("href") for link in links.all()]


@pytest.mark.parametrize("way", WAYS)
def test_a_member_finds_exports_edits_invites(way, arrive, shots):
    account, language, device = WAYS[way]
    name = way.replace(" ", "-")
    when = f"{time.time():.0f}"

    # signs in
    visitor = arrive(**device)
    visitor.sign_in(account)
    assert visitor.path == "/"
    if visitor.lang()[0] != language:
        visitor.choose_language(language)
    assert visitor.lang() == (language, "rtl" if language == "ar" else "ltr")
    shots(visitor, f"home-{name}")

    # finds a colleague by words without accents, and by acronym
    for text in ("journaliste danger", "JED"):
        visitor.go("/members/")
        search(visitor, text)
        assert f"/organisations/{JED}/" in found(visitor)[:1]
    # filters by region and language in quick succession (the second choice takes the first one's request back),
    # sees it on the map and in the table that says the same
    visitor.expect("htmx:(sendAbort|afterRequest)")
    visitor.go("/members/")
    link = visitor.page.locator("a.filters-link")
    if link.is_visible():
        link.click()
    for field, value in (("region", "africa"), ("language", "fr")):
        box = visitor.page.locator(f"#filters input[name={field}][value={value}]")
        if not box.is_visible():
            visitor.page.locator("#filters details.facet", has=box).locator("summary").first.click()
        box.check()
        visitor.page.wait_for_load_state()
    if visitor.page.locator("#filters [data-apply]").is_visible():
        submit(visitor)
    visitor.page.wait_for_url(re.compile("region=africa.*language=fr|language=fr.*region=africa"))
    assert f"/organisations/{JED}/" in found(visitor)
    listed = len(found(visitor))
    shots(visitor, f"directory-{name}")
    visitor.page.locator(".segments a[href*='view=map']").click()
    visitor.page.wait_for_url(re.compile("view=map"))
    assert visitor.page.locator(".map path.match[data-country=CD]").count() == 1
    assert visitor.page.locator(".map path.match").count() <= listed

    # takes along exactly what is listed
    with visitor.page.expect_download() as download:
        visitor.page.locator("a[download][href*='export.csv']").first.click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == listed + 1
    assert any("Journaliste en danger" in line for line in lines)

    # keeps the own profile
    visitor.go("/organisations/sample-press-union/")
    visitor.page.locator(".band a.primary").click()
    visitor.page.locator("a[href$='/edit/facts/']").click()
    city = f"Test city {when}"
    visitor.page.locator("input[name=city]").fill(city)
    visitor.page.locator("form:has(input[name=city]) button.primary").click()
    visitor.page.wait_for_url(re.compile("/organisations/sample-press-union/$"))
    visitor.page.locator("#profile", has_text=city).wait_for()
    visitor.go("/organisations/sample-press-union/history/")
    assert city in visitor.page.locator(".history li").first.inner_text()

    # invites a colleague
    address = f"colleague.{when}@example.org"
    visitor.go("/people/organisations/sample-press-union/")
    visitor.page.locator("a[href$='/invite/']").first.click()
    visitor.page.locator("input[name=email]").fill(address)
    visitor.page.locator("input[name=name]").fill("Sam Colleague")
    visitor.page.locator("form:has(input[name=email]) button.primary").click()
    visitor.page.wait_for_url(re.compile("/people/organisations/sample-press-union/$"))
    assert address in visitor.page.locator("#invitations").inner_text()

    # who reads the mail on the demonstration's page, in another browser, and follows its link
    colleague = arrive(**device)
    for _attempt in range(40):
        colleague.go("/demonstration/mails/")
        mail = colleague.page.locator(".rows li", has_text=address)
        if mail.count():
            break
        colleague.page.wait_for_timeout(250)
    mail.locator("a").first.click()
    colleague.page.locator("article.mail a[href*='/invitation/']").click()
    colleague.page.locator("input[name=password]").fill("a dozen Wild horses")
    colleague.page.locator("form:has(input[name=password]) button.primary").click()
    colleague.page.wait_for_url(f"{colleague.address}/")
    assert colleague.page.locator(".acting-for, [href='/people/me/edit/'], .face").count() > 0
    colleague.go("/organisations/sample-press-union/")
    assert "Sam Colleague" in colleague.page.locator("#profile").inner_text()
    shots(colleague, f"organisation-{name}")
