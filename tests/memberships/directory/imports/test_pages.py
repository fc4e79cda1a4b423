"""The pages of the import, as a browser without script uses them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from memberships.directory.models import Import, ImportRow
from memberships.organisations.models import Organisation
from tests.architecture.world import organisation
from tests.factories import people
from tests.factories.tables import REAL, as_csv, one

TABLE = as_csv(
    [
        one(name="Voices of Sample", acronym="SV", country_code="KE"),
        one(name="New Union", city="Accra"),
        one(name="Wrong Union", region="Atlantis"),
        one(name="Beta Media Watch", city="Giza"),
    ],
    headings=["name", "region", "acronym", "country_code", "city"],
)


@pytest.fixture
def browser(secretariat) -> Client:
    client = Client()
    client.force_login(secretariat)
    return client


@pytest.fixture
def network(db) -> None:
    organisation("Sample Voices", acronym="SV", country="KE")
    organisation("Beta Media Watch", city="Cairo")


def upload(browser: Client, content: bytes = TABLE) -> str:
    """The address of the preview."""
    answer = browser.post(reverse("directory:imports"), {"file": SimpleUploadedFile("members.csv", content)})
    assert answer.status_code == 302
    return answer["Location"]


def main_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().split("<main", 1)[1].split("</main", 1)[0])


def hidden(answer) -> dict[str, str]:
    return {"seen": answer.context["form"]["seen"].value(), "standing": "full"}


def test_from_upload_to_report(browser, network):
    address = upload(browser)

    preview = browser.get(address)
    text = main_of(preview)
    assert "This table would write 2 organisations" in text
    assert "2 rows that are wrong or not decided are left out." in text
    assert "none of the regions" in text
    assert "May be the same as Sample Voices: the same acronym in the same country." in text
    assert re.search(r"<del[^>]*>.*?Cairo</del> <ins[^>]*>.*?Giza</ins>", text)
    assert Organisation.objects.count() == 2

    report = browser.post(f"{address}confirm/", hidden(preview), follow=True)
    text = main_of(report)
    assert "2 organisations were written" in text
    assert "Sekou Retariat" in text
    assert "Full member" in text
    assert 'type="radio"' not in text
    assert 'formaction="' not in text
    assert Organisation.objects.count() == 3
    assert "2 organisations written" in main_of(browser.get(reverse("directory:imports")))


def test_decisions_that_were_not_saved_are_saved_before_anything_is_written(browser, network):
    address = upload(browser)
    preview = browser.get(address)

    answer = browser.post(f"{address}confirm/", hidden(preview) | {"row-2": "another"}, follow=True)

    assert "Your decisions are saved. Look at the result, then import." in answer.content.decode()
    assert "This table would write 3 organisations" in main_of(answer)
    assert Organisation.objects.count() == 2
    browser.post(f"{address}confirm/", hidden(answer) | {"row-2": "another"})
    assert Organisation.objects.count() == 4


def test_deciding_leads_back_to_the_same_rows(browser, network):
    address = upload(browser)
    known = Organisation.objects.get(name="Sample Voices")

    answer = browser.post(f"{address}decide/", {"row-2": f"same-{known.pk}", "outcome": "conflicting", "page": "1"})

    assert answer["Location"] == f"{address}?outcome=conflicting&page=1"
    assert ImportRow.objects.get(number=2).organisation == known
    assert f'value="same-{known.pk}" id="id_row-2_1" checked' in main_of(browser.get(address)).replace(" required", "")


@pytest.mark.parametrize("answer", ["same-999999", "same-x", "merge", "same-", "same-1; DROP"])
def test_nonsense_decisions_change_nothing(browser, network, answer):
    address = upload(browser)

    page = browser.post(f"{address}decide/", {"row-2": answer, "row-99": "another", "row-x": "y"}, follow=True)

    assert page.status_code == 200
    assert "A decision could not be read." in page.content.decode()
    assert ImportRow.objects.get(number=2).decision == ""


@pytest.mark.parametrize("data", [{}, {"seen": "", "standing": "full"}, {"seen": "x" * 64, "standing": "king"}])
def test_a_confirmation_without_what_was_seen_writes_nothing(browser, network, data):
    address = upload(browser)

    answer = browser.post(f"{address}confirm/", data)

    assert answer.status_code == 422
    assert Organisation.objects.count() == 2


def test_an_old_preview_is_not_confirmed(browser, network):
    address = upload(browser)
    preview = browser.get(address)
    Organisation.objects.filter(name="Beta Media Watch").update(city="Giza")

    answer = browser.post(f"{address}confirm/", hidden(preview), follow=True)

    assert "The network changed since you looked." in answer.content.decode()
    assert "This table would write 1 organisation" in main_of(answer)
    assert Organisation.objects.count() == 2


def test_a_double_click_says_that_it_was_done(browser, network):
    address = upload(browser)
    data = hidden(browser.get(address))

    browser.post(f"{address}confirm/", data)
    answer = browser.post(f"{address}confirm/", data, follow=True)

    assert answer.status_code == 200
    assert "imported already" in answer.content.decode()
    assert Organisation.objects.count() == 3


def test_nothing_to_do_is_said(browser, network):
    data = hidden(browser.get(upload(browser)))
    browser.post(f"{reverse('directory:import', args=[Import.objects.get().pk])}confirm/", data)

    address = upload(browser, as_csv([one(name="New Union", city="Accra")]))

    preview = browser.get(address)
    assert "Nothing to do" in main_of(preview)
    answer = browser.post(f"{address}confirm/", hidden(preview), follow=True)
    assert "There was nothing to do" in main_of(answer)


def test_a_discarded_import_stays_on_the_list(browser, network):
    address = upload(browser)

    answer = browser.post(f"{address}discard/", follow=True)

    assert "Discarded" in main_of(answer)
    assert "This import was discarded" in main_of(browser.get(address))
    assert "imported" not in main_of(browser.post(f"{address}discard/", follow=True)).lower().split("<h1>")[0]


@pytest.mark.parametrize(
    "query", ["?outcome=atlantis", "?page=99999", "?page=-1", "?outcome=new&page=x", "?outcome=wrong"]
)
def test_nonsense_in_the_address_gives_a_page(browser, network, query):
    assert browser.get(upload(browser) + query).status_code == 200


def test_rows_of_one_kind_can_be_looked_at_alone(browser, network):
    address = upload(browser)

    text = main_of(browser.get(f"{address}?outcome=wrong"))

    assert "Wrong Union" in text
    assert "New Union" not in text


def test_texts_of_a_table_are_shown_as_texts(browser, network):
    address = upload(
        browser, as_csv([one(name="<script>alert(1)</script> Union", region="<b>"), one(name="{{ 7*7 }} U")])
    )

    text = main_of(browser.get(address))

    assert "<script>alert" not in text
    assert "<b>”" not in text
    assert "{{ 7*7 }} U" in text


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_pages_are_there_in_every_language(secretariat, browser, network, language):
    secretariat.language = language
    secretariat.save()
    address = upload(browser)

    for page in (address, reverse("directory:imports")):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.content.decode()[:200]


def test_a_long_table_costs_as_many_queries_as_a_short_one(browser, network, django_assert_num_queries):
    short = upload(browser, as_csv([one(name="New Union")]))
    long = upload(browser, REAL.read_bytes())
    browser.get(short)

    with django_assert_num_queries(QUERIES):
        browser.get(short)
    with django_assert_num_queries(QUERIES + 1):  # what does not fit on one page is counted
        assert browser.get(long).context["page"].paginator.num_pages == 2


def test_the_list_costs_the_same_with_one_and_with_three(browser, network, django_assert_num_queries):
    upload(browser)
    browser.get(reverse("directory:imports"))
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(reverse("directory:imports"))
    upload(browser)
    upload(browser)
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(reverse("directory:imports"))


def test_others_are_told_that_it_is_the_secretariats(network, client):
    run = Import.objects.create(file_name="secret.csv", uploaded_by=people.secretariat())
    client.force_login(people.person(of=organisation("Alpha"), roles=["administrator"]))

    for name in ("import", "import-decide", "import-confirm", "import-discard"):
        act = client.get if name == "import" else client.post
        answer = act(reverse(f"directory:{name}", args=[run.pk]))
        assert answer.status_code == 403
        assert b"secret.csv" not in answer.content
        assert b"Only the Secretariat can open this page." in answer.content


QUERIES = 10
LIST_QUERIES = 6
