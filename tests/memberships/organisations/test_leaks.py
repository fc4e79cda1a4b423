"""An organisation at risk shows its name and nothing else: random words in hidden fields, looked for everywhere."""

import random
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from memberships.organisations import services
from memberships.organisations.models import Audience, Contact, Organisation, ProfileChange, Standing
from memberships.organisations.selectors import finding, home
from memberships.people.models import Affiliation
from portal.accounts.models import User
from portal.live.models import Event
from portal.registry import announced
from portal.search.models import Document
from portal.search.selectors import matching
from portal.ui.names import country_name
from tests.architecture.world import (
    ADMINISTRATOR,
    AT_RISK,
    DELEGATE,
    GUEST,
    OTHER,
    SECRETARIAT,
    STAFF,
    SUPERUSER,
    UNAFFILIATED,
    person,
)
from tests.factories import organisations as make
from tests.factories.pictures import picture, upload

OUTSIDERS = (OTHER, STAFF, DELEGATE, ADMINISTRATOR)
INSIDERS = (AT_RISK, SECRETARIAT)


def word():
    """A word that stands nowhere else."""
    return "".join(random.choices("bcdfghjklmnpqrstvwxz", k=12))


@pytest.fixture
def words():
    random.seed(4711)
    fields = (
        "city", "website", "en", "fr", "es", "ar", "subject", "alliance", "acronym of alliance", "public contact",
        "secret contact", "person", "reason", "before", "after",
    )  # fmt: skip
    return {field: word() for field in fields}


@pytest.fixture
def hidden(world, words):
    """The organisation at risk, with a word of its own in every field that outsiders may not see."""
    organisation = Organisation.objects.get(pk=world.hidden.pk)
    keeper = User.objects.get(pk=world.people[AT_RISK].pk)
    services.organisation_update(
        keeper,
        organisation=organisation,
        version=organisation.version,
        changes={
            "city": words["city"], "country": "BY", "website": f"https://{words['website']}.example",
            "founded_year": 1873, "languages": ["be", "kk"],
            **{f"description_{code}": words[code] for code in Organisation.LANGUAGES},
        },
    )  # fmt: skip
    Organisation.objects.filter(pk=organisation.pk).update(joined_year=1987)
    organisation.subjects.add(make.subject(f"s-{words['subject']}", name_en=words["subject"], name_ar=words["subject"]))
    alliance = make.alliance(f"a-{words['alliance']}", name_en=words["alliance"], acronym=words["acronym of alliance"])
    make.alliance_membership(organisation, alliance)
    make.contact(organisation, f"{words['public contact']}@example.org")
    make.contact(organisation, f"{words['secret contact']}@example.org", audience=Audience.SECRETARIAT)
    organisation.standings.update(until=date(2020, 1, 1))
    make.standing(organisation, Standing.Kind.SUSPENDED, since=date(2020, 1, 1))
    organisation.standings.update(reason=words["reason"])
    Affiliation.objects.create(person=person(words["person"].capitalize()), organisation=organisation)
    ProfileChange.objects.create(
        organisation=organisation, version=9, field="city", before=words["before"], after=words["after"]
    )
    services.logo_set(keeper, organisation=Organisation.objects.get(pk=organisation.pk), upload=upload(picture()))
    return Organisation.objects.get(pk=organisation.pk)


def secrets(hidden, words):
    """Everything that must not be met."""
    return [
        *words.values(),
        country_name("BY"),
        "Belarusian",
        "Kazakh",
        "1873",
        "1987",
        str(hidden.logo.token),
        "Suspended",
    ]


def leaks(text, hidden, words):
    return [secret for secret in secrets(hidden, words) if secret.lower() in text.lower()]


def read(client, address, **headers):
    answer = client.get(address, headers=headers)
    return answer.content.decode() + str(dict(answer.headers))


def everywhere(client, hidden):
    """All that a reader can ask for about it."""
    of_it = [
        reverse(f"organisations:{name}", args=[hidden.slug]) for name in ("profile", "history", "edit", "standing")
    ] + [reverse("organisations:edit-section", args=[hidden.slug, part]) for part in ("facts", "contacts", "about")]
    pages = [read(client, address) for address in of_it]
    pages += [read(client, address, **{"HX-Request": "true"}) for address in of_it]
    pages += [read(client, address) for address in ("/", reverse("people:team", args=[hidden.slug]))]
    return "\n".join(pages)


@pytest.mark.parametrize("role", [*OUTSIDERS, GUEST, UNAFFILIATED, SUPERUSER])
def test_outsiders_meet_none_of_it(role, hidden, words, world, client):
    client.force_login(world.people[role])

    assert leaks(everywhere(client, hidden), hidden, words) == []
    assert client.get(hidden.logo.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("role", INSIDERS)
def test_insiders_meet_it(role, hidden, words, world, client):
    """The control: it is there to be met."""
    client.force_login(world.people[role])

    found = leaks(everywhere(client, hidden), hidden, words)

    assert {words["city"], words["en"], words["public contact"], words["person"].lower(), "1873"} <= {
        secret.lower() for secret in found
    }


def test_without_the_switch_outsiders_would_meet_it(hidden, words, world, client):
    """The control: the same pages, the switch off."""
    Organisation.objects.filter(pk=hidden.pk).update(at_risk=False)
    client.force_login(world.people[OTHER])

    found = leaks(everywhere(client, hidden), hidden, words)

    assert {words["city"], words["public contact"], words["person"]} <= set(found)
    assert not {words["secret contact"], words["reason"], words["before"], words["after"], "Suspended"} & set(found)


def test_the_search_knows_its_names_only(hidden, words, world):
    (document,) = finding.documents([hidden.pk])

    assert document.names == ["Hidden Voices"]
    assert (list(document.keywords), document.body) == ([], "")
    vector = str(Document.objects.get(source="organisation", object_id=hidden.pk).vector)
    assert leaks(vector, hidden, words) == []


def test_search_results_show_its_names_only(hidden, words, world):
    for role in OUTSIDERS:
        results = finding.results(User.objects.get(pk=world.people[role].pk), [hidden.pk])
        assert leaks(str(results), hidden, words) == []
        assert [result.title for result in results] == ["Hidden Voices"]


def test_live_events_say_that_something_changed_and_nothing_more(hidden, words):
    payloads = list(Event.objects.values_list("payload", flat=True))

    assert payloads
    assert leaks(str(payloads), hidden, words) == []
    assert all(set(payload) <= {"id"} for payload in payloads)


def test_the_model_itself_offers_nothing_of_it_to_a_tile(hidden):
    assert (hidden.tile_hue, hidden.logo_url) == (0, None)


def test_news_on_the_home_page_leave_it_out(hidden, words, world, rf):
    make.standing(make.organisation("Newcomer", standing=None), Standing.Kind.FULL, since=date.today())  # noqa: DTZ011
    request = rf.get("/")
    request.user = User.objects.get(pk=world.people[OTHER].pk)

    titles = [line.title for line in home.news(request)]

    assert "Newcomer" in titles
    assert "Hidden Voices" not in titles


# A place that is hidden without the organisation being at risk


@pytest.mark.parametrize(
    ("hides", "met", "hidden_words"),
    [({"city_hidden": True}, ["Tunisia"], ["Zanzaville"]), ({"country_hidden": True}, [], ["Zanzaville", "Tunisia"])],
)
def test_a_hidden_place_is_met_nowhere(hides, met, hidden_words, world):
    organisation = make.organisation("Placeless", country="TN", city="Zanzaville", **hides)
    client = Client()
    client.force_login(world.people[OTHER])
    (document,) = finding.documents([organisation.pk])
    results = finding.results(User.objects.get(pk=world.people[OTHER].pk), [organisation.pk])

    seen = read(client, organisation.get_absolute_url()) + str(document) + str(results)

    assert [secret for secret in hidden_words if secret in seen] == []
    assert [word for word in met if word not in seen] == []


def test_countries_are_found_in_each_language(world):
    organisation = make.organisation("Anywhere", country="TN", city="Sfax")
    announced.search_sources["organisation"]
    from_all = set(next(finding.documents([organisation.pk])).keywords)

    for language, name in (("en", "Tunisia"), ("fr", "Tunisie"), ("es", "Túnez"), ("ar", "تونس")):
        with translation.override(language):
            assert name in from_all


def test_contacts_for_the_secretariat_reach_nobody_else(world, client):
    make.contact(world.alpha, "office@alpha.example", Contact.Kind.EMAIL, Audience.SECRETARIAT)

    for role, reads in ((OTHER, False), (STAFF, False), (DELEGATE, False), (ADMINISTRATOR, True), (SECRETARIAT, True)):
        client.force_login(world.people[role])
        assert ("office@alpha.example" in read(client, world.alpha.get_absolute_url())) == reads, role


def test_what_is_found_by_name_forgives(world):
    services.organisation_create(
        None, values={"name": "Journaliste en danger", "acronym": "JED", "region": "africa", "native_name": "الصحافة"}
    )
    for typed in ("journaliste danger", "JED", "j.e.d.", "الصحافه"):
        assert matching("organisation", typed).exists(), typed
