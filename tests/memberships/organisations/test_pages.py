"""The pages of an organisation: what is on them, what they cost, editing with two at once, bad input, extra fields."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from memberships.organisations.models import Audience, Contact, Organisation, ProfileChange, Standing
from memberships.organisations.selectors import today
from memberships.people.models import Affiliation
from portal.accounts.models import User
from tests.architecture.world import (
    ADMINISTRATOR,
    AT_RISK,
    DELEGATE,
    GUEST,
    OTHER,
    SECRETARIAT,
    STAFF,
    UNAFFILIATED,
)
from tests.architecture.world import person as make_person
from tests.factories import organisations as make
from tests.factories.pictures import picture

PARTS = ("facts", "about", "contacts", "logo", "visibility")


def url(name, organisation, *more):
    return reverse(f"organisations:{name}", args=[organisation.slug, *more])


def alpha_as(client, world, role):
    client.force_login(world.people[role])
    return client.get(url("profile", world.alpha))


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def again(organisation):
    return Organisation.objects.get(pk=organisation.pk)


@pytest.fixture
def alpha(world):
    """Alpha with something in every part of its page."""
    Organisation.objects.filter(pk=world.alpha.pk).update(
        native_name="Union de la presse Alpha",
        native_name_sort="union de la presse alpha",
        native_language="fr",
        description_en="We count attacks on reporters.",
        website="https://alpha.example/about/",
        founded_year=1998,
        joined_year=2009,
        confirmed_at=timezone.now() - timedelta(days=40),
        confirmed_by=world.people[ADMINISTRATOR],
    )
    world.alpha.subjects.set([make.subject("press-freedom"), make.subject("legal-aid")])
    make.alliance_membership(world.alpha, make.alliance("north-south"), since=date(2011, 1, 1))
    make.contact(world.alpha, "office@alpha.example")
    make.contact(world.alpha, "+243 81 555 0001", Contact.Kind.PHONE, Audience.SECRETARIAT)
    make.contact(world.alpha, "https://x.com/alpha", Contact.Kind.X)
    return again(world.alpha)


# What is on the page


def test_a_member_reads_the_profile(alpha, world, client):
    page = text(alpha_as(client, world, OTHER))

    for words in (
        "Alpha Press Union", "Union de la presse Alpha", "We count attacks on reporters.", "Press freedom", "Legal aid",
        "Kinshasa", "Member since 2009", "Full member", "French and English", "Africa", "alpha.example/about",
        "North South", "office@alpha.example", "Write to them", "x.com/alpha", "Sam Staff", "Ada Ministrator",
        "Became a full member", "1 January 2010",
    ):  # fmt: skip
        assert words in page, words
    for words in ("555 0001", "Edit profile", "Everything is still right", "Last confirmed", "History of the profile"):
        assert words not in page, words
    assert 'href="https://alpha.example/about/" rel="noopener noreferrer external"' in page


def test_its_administrator_finds_what_to_do(alpha, world, client):
    page = text(alpha_as(client, world, ADMINISTRATOR))

    assert "You can edit this page as administrator of" in page
    assert "Last confirmed by Ada Ministrator on" in page
    for words in ("Everything is still right", "Edit profile", "555 0001", "Secretariat only", "Invite a colleague"):
        assert words in page, words
    assert "Missing: French" in page


def test_its_staff_sees_the_history_and_edits_nothing(alpha, world, client):
    page = text(alpha_as(client, world, STAFF))

    assert "History of the profile" in page
    assert "Edit profile" not in page
    assert "555 0001" not in page


def test_the_secretariat_edits_for_itself(alpha, world, client):
    page = text(alpha_as(client, world, SECRETARIAT))

    assert "You can edit this page for the Secretariat." in page
    assert "Standing and alliances" in page
    assert "Everything is still right" not in page
    assert "Invite a colleague" not in page


@pytest.mark.parametrize("role", [GUEST, UNAFFILIATED])
def test_outside_the_network_there_is_no_such_page(role, world, client):
    assert alpha_as(client, world, role).status_code == 404
    assert client.get("/organisations/nobody/").status_code == 404


def test_a_description_in_another_language_says_so(alpha, world, client):
    User.objects.filter(pk=world.people[OTHER].pk).update(language="fr")

    page = text(alpha_as(client, world, OTHER))

    assert '<div class="lead" lang="en" dir="auto">' in page
    assert "language-mark" in page


def test_the_readers_language_comes_first(alpha, world, client):
    Organisation.objects.filter(pk=alpha.pk).update(
        description_ar="نحصي الاعتداءات.", native_name="اتحاد", native_language="ar"
    )
    User.objects.filter(pk=world.people[OTHER].pk).update(language="ar")

    page = text(alpha_as(client, world, OTHER))

    assert "نحصي الاعتداءات." in page
    assert '<h1><bdi lang="ar" dir="rtl">اتحاد</bdi></h1>' in page
    assert "We count" not in page


def test_the_page_follows_its_topic(alpha, world, client):
    page = alpha_as(client, world, OTHER)

    assert f'data-live-topic="organisation:{alpha.pk}" data-live-number="0"' in text(page)
    fragment = client.get(url("profile", alpha), headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert b"data-live-topic" in fragment.content


def test_somebody_with_a_second_organisation_at_risk_is_not_shown_to_outsiders(alpha, world, client):
    Affiliation.objects.create(person=world.people[STAFF], organisation=world.hidden)

    assert "Sam Staff" not in text(alpha_as(client, world, OTHER))
    assert "Sam Staff" in text(alpha_as(client, world, DELEGATE))


def test_hidden_places_are_marked_for_those_who_see_them(alpha, world, client):
    Organisation.objects.filter(pk=alpha.pk).update(country_hidden=True)

    assert "Kinshasa" not in text(alpha_as(client, world, OTHER))
    own = text(alpha_as(client, world, STAFF))
    assert "Kinshasa" in own
    assert "Others in the network do not see the country and the city." in own


# Cost


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_with_one_and_with_three_of_everything(many, world, client, django_assert_num_queries):
    for number in range(many):
        make_person(f"Further {number}", of=world.alpha)
        make.contact(world.alpha, f"a{number}@example.org")
        make.alliance_membership(world.alpha, make.alliance(f"alliance-{number}"))
        world.alpha.subjects.add(make.subject(f"subject-{number}"))
        ProfileChange.objects.create(organisation=world.alpha, version=number + 2, field="city", before="a", after="b")
    client.force_login(world.people[OTHER])
    client.get(url("profile", world.alpha))

    with django_assert_num_queries(QUERIES):
        client.get(url("profile", world.alpha))


QUERIES = 12


# Editing


def form_of(client, organisation, part):
    """What a browser would send back from the form of `part` as it is shown."""
    answer = client.get(url("edit-section", organisation, part))
    assert answer.status_code == 200
    form = answer.context["form"]
    data = {}
    for field in form:
        value = field.value()
        if value in (None, "", False, []):
            continue
        data[field.html_name] = "on" if value is True else value
    if part == "contacts":
        for line in [answer.context["forms"].management_form, *answer.context["forms"]]:
            data |= {field.html_name: field.value() or "" for field in line}
    return data


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", [ADMINISTRATOR, SECRETARIAT])
def test_each_part_is_the_profile_with_that_part_as_a_form(part, role, alpha, world, client):
    client.force_login(world.people[role])

    page = text(client.get(url("edit-section", alpha, part)))

    assert "Alpha Press Union" in page
    assert 'id="editing"' in page
    assert 'data-live-topic="organisation:' not in page  # nothing is replaced while somebody types
    fragment = client.get(url("edit-section", alpha, part), headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert b'id="editing"' in fragment.content


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("role", "status"), [(STAFF, 403), (OTHER, 403), (AT_RISK, 403), (GUEST, 404)])
def test_nobody_else_edits(part, role, status, alpha, world, client):
    client.force_login(world.people[role])

    assert client.get(url("edit-section", alpha, part)).status_code == status
    assert client.post(url("edit-section", alpha, part), {"version": 1, "city": "x"}).status_code == status
    assert again(alpha).version == 1


def test_a_part_that_does_not_exist_is_not_found(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])

    assert client.get(url("edit-section", alpha, "secrets")).status_code == 404


@pytest.mark.parametrize("part", ["facts", "about", "contacts", "visibility"])
def test_saving_a_form_as_it_is_changes_nothing(part, alpha, world, client):
    Organisation.objects.filter(pk=alpha.pk).update(languages=["ckb", "fr"], city_hidden=True)
    client.force_login(world.people[ADMINISTRATOR])

    answer = client.post(url("edit-section", alpha, part), form_of(client, alpha, part))

    assert answer.status_code == 302
    assert again(alpha).version == 1
    assert again(alpha).languages == ["ckb", "fr"]
    assert not ProfileChange.objects.exists()


def test_facts_are_saved_and_the_reader_is_back_on_the_page(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    data = form_of(client, alpha, "facts") | {
        "city": "Goma", "languages": ["fr"], "more_languages": "Lingala, kurde", "website": "alpha.example",
        "subjects": ["legal-aid"], "founded_year": "١٩٩٧",
    }  # fmt: skip

    answer = client.post(url("edit-section", alpha, "facts"), data, follow=True)

    assert "The profile is saved." in text(answer)
    saved = again(alpha)
    assert (saved.city, saved.languages, saved.website) == ("Goma", ["fr", "ln", "ku"], "https://alpha.example")
    assert (saved.founded_year, [subject.slug for subject in saved.subjects.all()]) == (1997, ["legal-aid"])
    assert ProfileChange.objects.filter(organisation=alpha).values("version").distinct().count() == 1


def test_with_script_saving_answers_with_the_page_alone(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    data = form_of(client, alpha, "facts") | {"city": "Goma"}

    answer = client.post(url("edit-section", alpha, "facts"), data, headers={"HX-Request": "true"}, follow=True)

    assert answer.redirect_chain == [(alpha.get_absolute_url(), 302)]
    assert "Goma" in text(answer)
    assert "data-live-topic" in text(answer)


def test_the_secretariat_alone_is_asked_for_region_and_year(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    assert "joined_year" not in form_of(client, alpha, "facts")
    data = form_of(client, alpha, "facts") | {"region": "americas", "joined_year": "1999"}
    client.post(url("edit-section", alpha, "facts"), data)
    assert (again(alpha).region, again(alpha).joined_year) == ("africa", 2009)

    client.force_login(world.people[SECRETARIAT])
    data = form_of(client, alpha, "facts") | {"region": "americas", "joined_year": "1999"}
    client.post(url("edit-section", alpha, "facts"), data)
    assert (again(alpha).region, again(alpha).joined_year) == ("americas", 1999)


def test_descriptions_are_saved_in_each_language(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])

    client.post(
        url("edit-section", alpha, "about"),
        {"version": 1, "description_en": "One.\r\n\r\nTwo.", "description_ar": "واحد", "description_fr": ""},
    )

    saved = again(alpha)
    assert (saved.description_en, saved.description_ar) == ("One.\n\nTwo.", "واحد")


def test_visibility_is_saved(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])

    client.post(url("edit-section", alpha, "visibility"), {"version": 1, "at_risk": "on", "city_hidden": "on"})

    saved = again(alpha)
    assert (saved.at_risk, saved.city_hidden, saved.country_hidden) == (True, True, False)
    client.force_login(world.people[OTHER])
    page = text(client.get(alpha.get_absolute_url()))
    assert "This organisation shows its name only." in page


def contact_data(version, *lines, **more):
    data = {"version": version, "contact-TOTAL_FORMS": len(lines), "contact-INITIAL_FORMS": 0}
    for number, (kind, value, audience) in enumerate(lines):
        data |= {
            f"contact-{number}-kind": kind,
            f"contact-{number}-value": value,
            f"contact-{number}-audience": audience,
        }
    return data | more


def test_contacts_are_saved_and_emptied_lines_go(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    lines = [
        ("email", "new@alpha.example", "network"),
        ("phone", "", "secretariat"),
        ("signal", "alpha.01", "secretariat"),
    ]

    answer = client.post(url("edit-section", alpha, "contacts"), contact_data(1, *lines))

    assert answer.status_code == 302
    assert set(alpha.contacts.values_list("kind", "value", "audience")) == {
        ("email", "new@alpha.example", "network"), ("signal", "alpha.01", "secretariat"),
    }  # fmt: skip


def test_one_more_line_without_script_keeps_what_was_typed(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    data = contact_data(1, ("email", "half@", "network"), add="1")

    answer = client.post(url("edit-section", alpha, "contacts"), data)

    assert answer.status_code == 200
    assert len(answer.context["forms"].forms) == 2
    assert 'value="half@"' in text(answer)
    assert alpha.contacts.count() == 3


@pytest.mark.parametrize(
    "broken",
    [
        {"contact-TOTAL_FORMS": "many"},
        {"contact-TOTAL_FORMS": "-1"},
        {"contact-TOTAL_FORMS": "99999999999999999999"},
        {"contact-INITIAL_FORMS": "x"},
        {"contact-0-kind": "fax"},
        {"contact-0-audience": "everybody"},
        {"contact-0-value": "x" * 10_000},
        {"contact-0-value": "\0"},
        {"version": "soon"},
        {"version": "9" * 40},
        {"version": ""},
    ],
)
def test_broken_contact_forms_save_nothing(broken, alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    data = contact_data(1, ("email", "kept@alpha.example", "network")) | broken

    answer = client.post(url("edit-section", alpha, "contacts"), data)

    assert answer.status_code == 200
    assert alpha.contacts.count() == 3


def logo(content, name="logo.png"):
    return {"logo": SimpleUploadedFile(name, content, "image/png")}


def test_a_logo_is_shown_to_those_who_see_the_facts(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    assert client.post(url("edit-section", alpha, "logo"), logo(picture(300, 300))).status_code == 302
    address = again(alpha).logo.get_absolute_url()
    assert address in text(client.get(alpha.get_absolute_url()))

    client.force_login(world.people[OTHER])
    assert client.get(address).status_code == 200
    Organisation.objects.filter(pk=alpha.pk).update(at_risk=True)
    assert client.get(address).status_code == 404
    assert address not in text(client.get(alpha.get_absolute_url()))
    client.force_login(world.people[STAFF])
    assert client.get(address).status_code == 200
    client.force_login(world.people[GUEST])
    assert client.get(address).status_code == 404


def test_a_logo_that_was_replaced_is_gone(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    client.post(url("edit-section", alpha, "logo"), logo(picture()))
    former = again(alpha).logo.get_absolute_url()
    client.post(url("edit-section", alpha, "logo"), logo(picture(colour="red")))

    assert client.get(former).status_code == 404
    assert client.post(url("logo-remove", alpha)).status_code == 302
    assert again(alpha).logo is None


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n", b"x" * 5_000_001])
def test_a_bad_logo_is_refused_with_a_sentence_beside_the_field(content, alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])

    answer = client.post(url("edit-section", alpha, "logo"), logo(content))

    assert answer.status_code == 200
    (sentence,) = answer.context["form"].errors["logo"]
    assert sentence.endswith(".")
    assert again(alpha).logo is None


def test_no_file_at_all_is_refused_too(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])

    assert "Choose a picture." in text(client.post(url("edit-section", alpha, "logo"), {}))
    assert "Choose a picture." in text(client.post(url("edit-section", alpha, "logo"), {"logo": "a text"}))


# Two at once


def test_the_second_of_two_sees_what_changed_and_keeps_what_they_typed(alpha, world, client):
    client.force_login(world.people[SECRETARIAT])
    mine = form_of(client, alpha, "facts") | {"city": "Bukavu", "acronym": "ALPHA"}
    client.force_login(world.people[ADMINISTRATOR])
    theirs = form_of(client, alpha, "facts") | {"city": "Goma", "website": "https://new.example"}
    client.post(url("edit-section", alpha, "facts"), theirs)

    client.force_login(world.people[SECRETARIAT])
    answer = client.post(url("edit-section", alpha, "facts"), mine)

    page = text(answer)
    assert answer.status_code == 200
    assert "Somebody saved this while you were editing." in page
    assert "<del" in page
    assert ">Kinshasa</del>" in page
    assert ">Goma</ins>" in page
    assert "Ada Ministrator" in page
    assert "Save over it" in page
    form = answer.context["form"]
    assert form.conflicts == {"city"}
    assert page.count("You changed this too: yours is kept below.") == 1
    assert form["city"].value() == "Bukavu"  # what I typed
    assert form["acronym"].value() == "ALPHA"
    assert form["website"].value() == "https://new.example"  # what I had not touched follows the other
    assert again(alpha).city == "Goma"

    knowing = {field.html_name: field.value() or "" for field in form}
    assert client.post(url("edit-section", alpha, "facts"), knowing).status_code == 302
    saved = again(alpha)
    assert (saved.city, saved.acronym, saved.website) == ("Bukavu", "ALPHA", "https://new.example")
    assert ProfileChange.objects.filter(field="city").count() == 2


def test_two_who_edit_different_parts_do_not_meet(alpha, world, client):
    client.force_login(world.people[SECRETARIAT])
    mine = form_of(client, alpha, "about") | {"description_fr": "Nous comptons."}
    client.force_login(world.people[ADMINISTRATOR])
    client.post(url("edit-section", alpha, "facts"), form_of(client, alpha, "facts") | {"city": "Goma"})

    client.force_login(world.people[SECRETARIAT])
    assert client.post(url("edit-section", alpha, "about"), mine).status_code == 302
    assert (again(alpha).city, again(alpha).description_fr) == ("Goma", "Nous comptons.")


def test_the_second_of_two_with_contacts_keeps_the_lines_typed(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    client.post(url("edit-section", alpha, "contacts"), contact_data(1, ("email", "theirs@alpha.example", "network")))

    mine = contact_data(1, ("email", "mine@alpha.example", "network"))
    answer = client.post(url("edit-section", alpha, "contacts"), mine)

    page = text(answer)
    assert "Somebody saved this while you were editing." in page
    assert "theirs@alpha.example" in page
    assert 'value="mine@alpha.example"' in page
    assert 'name="version" value="2"' in page
    assert client.post(url("edit-section", alpha, "contacts"), mine | {"version": 2}).status_code == 302
    assert alpha.contacts.get().value == "mine@alpha.example"


# Bad input


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("facts", "name", "x" * 10_000),
        ("facts", "name", "\u202e\u200b"),
        ("facts", "name", "a\0b"),
        ("facts", "name", ""),
        ("facts", "native_name", "\ud83d" * 300),
        ("facts", "country", "ZZ"),
        ("facts", "languages", ["xx"]),
        ("facts", "more_languages", "Klingonese"),
        ("facts", "more_languages", "x," * 400),
        ("facts", "subjects", ["nothing"]),
        ("facts", "founded_year", "1066"),
        ("facts", "founded_year", "9" * 19),
        ("facts", "website", "javascript:alert(1)"),
        ("facts", "website", "https://" + "a" * 400),
        ("facts", "version", "0x1"),
        ("about", "description_en", "x" * 5_000),
        ("about", "description_ar", "\0"),
        ("visibility", "version", "-1"),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_what_was_typed_stays(part, field, value, alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    data = form_of(client, alpha, part) | {field: value}
    if part == "facts":
        data["acronym"] = "TYPED"

    answer = client.post(url("edit-section", alpha, part), *as_bytes(data))

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert again(alpha).version == 1
    if part == "facts":
        assert 'value="TYPED"' in text(answer)
        if field == "name":
            assert answer.context["form"]["name"].value() == (value or "")


def as_bytes(data):
    """A form as an attacker could send it: lone surrogates as their raw bytes."""
    pairs = [
        (key, value) for key, values in data.items() for value in (values if isinstance(values, list) else [values])
    ]
    encoded = [(key, str(value).encode("utf-8", "surrogatepass")) for key, value in pairs]
    return urlencode(encoded), "application/x-www-form-urlencoded"


# Extra fields (A9)


EXTRA = {
    "id": 99, "pk": 99, "slug": "taken-over", "logo": 1, "logo_id": 1, "name_sort": "zzz", "native_name_sort": "zzz",
    "created_at": "2001-01-01", "updated_at": "2001-01-01", "confirmed_at": "2001-01-01", "confirmed_by": 1,
    "confirmed_by_id": 1, "organisation": 99, "organisation_id": 99, "kind": "full", "standing": "full",
    "alliances": ["north"], "changed_by": 1, "recorded_by": 1, "is_superuser": "on", "roles": ["administrator"],
}  # fmt: skip


def every_field():
    """All names a form of the profile could be sent, beside those that are nobody's to send."""
    return EXTRA | {
        "name": "Taken over", "native_name": "x", "native_language": "ar", "acronym": "ZZ", "region": "americas",
        "country": "TN", "country_hidden": "on", "city": "Sfax", "city_hidden": "on", "languages": ["ar"],
        "subjects": ["legal-aid"], "founded_year": 1900, "joined_year": 1900, "website": "https://evil.example",
        "description_en": "x", "description_fr": "x", "description_es": "x", "description_ar": "x", "at_risk": "on",
    }  # fmt: skip


def snapshot(organisation):
    row = Organisation.objects.filter(pk=organisation.pk).values().get()
    row["subjects"] = sorted(organisation.subjects.values_list("slug", flat=True))
    row["contacts"] = sorted(organisation.contacts.values_list("kind", "value", "audience"))
    row["standings"] = sorted(organisation.standings.values_list("kind", "since", "until"))
    row["people"] = sorted(Affiliation.objects.values_list("person", "organisation", "role_terms__role"))
    return {key: value for key, value in row.items() if key not in ("version", "updated_at")}


@pytest.mark.parametrize(
    ("part", "may_change"),
    [
        ("about", {f"description_{code}" for code in ("en", "fr", "es", "ar")}),
        ("visibility", {"country_hidden", "city_hidden", "at_risk"}),
        ("contacts", {"contacts"}),
        ("logo", {"logo_id"}),
        (
            "facts",
            {
                "name", "name_sort", "native_name", "native_name_sort", "native_language", "acronym", "country", "city",
                "languages", "subjects", "founded_year", "website",
            },
        ),
    ],
)  # fmt: skip
def test_forms_change_nothing_but_their_own_fields(part, may_change, alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    before = snapshot(alpha)

    client.post(url("edit-section", alpha, part), form_of(client, alpha, part) | every_field())

    after = snapshot(alpha)
    assert {key for key in before if before[key] != after[key]} <= may_change
    assert Standing.objects.filter(organisation=alpha).count() == 1


@pytest.mark.parametrize("name", ["confirm", "logo-remove"])
def test_buttons_change_nothing_but_their_own(name, alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    before = snapshot(alpha)

    client.post(url(name, alpha), every_field())

    after = snapshot(alpha)
    changed = {key for key in before if before[key] != after[key]}
    assert changed <= {"confirmed_at", "confirmed_by_id"}
    assert after["confirmed_at"] is None or after["confirmed_at"].year != 2001


# Confirmation, history, standing


def test_everything_is_still_right(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])

    page = text(client.post(url("confirm", alpha), follow=True))

    assert "The profile is confirmed as right." in page
    assert again(alpha).confirmed_at > timezone.now() - timedelta(minutes=1)
    assert client.get(url("confirm", alpha)).status_code == 405
    client.force_login(world.people[STAFF])
    assert client.post(url("confirm", alpha)).status_code == 403


def test_the_history_tells_who_when_and_what(alpha, world, client):
    client.force_login(world.people[ADMINISTRATOR])
    client.post(
        url("edit-section", alpha, "facts"), form_of(client, alpha, "facts") | {"city": "Goma", "country": "TN"}
    )
    contacts = contact_data(2, ("phone", "+243 99 777 0002", "secretariat"))
    client.post(url("edit-section", alpha, "contacts"), contacts)

    page = text(client.get(url("history", alpha)))

    for words in (
        "Ada Ministrator", ">Kinshasa</del>", ">Goma</ins>", "Democratic Republic of the Congo", "Tunisia",
        "+243 99 777 0002", "Secretariat only",
    ):  # fmt: skip
        assert words in page, words
    client.force_login(world.people[STAFF])
    page = text(client.get(url("history", alpha)))
    assert ">Goma</ins>" in page
    assert "777 0002" not in page
    assert "555 0001" not in page
    assert "Only administrators see what contacts said." in page
    client.force_login(world.people[OTHER])
    assert client.get(url("history", alpha)).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_the_history_costs_the_same_at_any_length(many, world, client, django_assert_num_queries):
    for number in range(many):
        ProfileChange.objects.create(
            organisation=world.alpha, version=number + 2, field="subjects", before=[], after=["legal-aid"],
            changed_by=world.people[ADMINISTRATOR],
        )  # fmt: skip
    client.force_login(world.people[STAFF])
    client.get(url("history", world.alpha))

    with django_assert_num_queries(9):
        client.get(url("history", world.alpha))


def test_someone_who_was_erased_leaves_the_change(world, client):
    ProfileChange.objects.create(organisation=world.alpha, version=2, field="city", before="a", after="b")
    client.force_login(world.people[STAFF])

    assert "Someone who has left the portal" in text(client.get(url("history", world.alpha)))


def test_the_secretariat_records_a_standing(alpha, world, client):
    client.force_login(world.people[SECRETARIAT])
    address = url("standing", alpha)
    page = text(client.get(address))
    assert 'value="suspended"' in page
    assert 'value="candidate"' not in page  # a full member is no candidate again

    data = {"kind": "suspended", "since": "2025-06-01", "reason": "Fees unpaid"}
    page = text(client.post(address, data, follow=True))

    assert "The standing is recorded." in page
    assert "Fees unpaid" in page
    assert [term.kind for term in alpha.standings.all()] == ["full", "suspended"]


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "candidate", "since": "2025-06-01", "reason": "x"},
        {"kind": "former", "since": "", "reason": "x"},
        {"kind": "former", "since": "yesterday", "reason": "x"},
        {"kind": "former", "since": "0001-01-01", "reason": "x"},
        {"kind": "former", "since": "9999-12-31", "reason": "x"},
        {"kind": "former", "since": "2009-01-01", "reason": "x"},
        {"kind": "former", "since": "2025-06-01", "reason": ""},
        {"kind": "former", "since": "2025-06-01", "reason": "x" * 10_000},
        {"kind": "former", "since": "2025-06-01", "reason": "\0"},
        {},
    ],
)
def test_a_standing_that_cannot_be_is_refused(data, alpha, world, client):
    client.force_login(world.people[SECRETARIAT])

    answer = client.post(url("standing", alpha), data)

    assert answer.status_code == 200
    assert alpha.standings.count() == 1


def test_the_secretariat_records_alliances(alpha, world, client):
    make.alliance("south")
    client.force_login(world.people[SECRETARIAT])

    client.post(url("alliance-join", alpha), {"alliance": "south", "since": "2020-01-01"})
    assert set(alpha.alliance_memberships.values_list("alliance__slug", flat=True)) == {"north-south", "south"}
    refused = client.post(url("alliance-join", alpha), {"alliance": "south", "since": "x"})
    assert refused.status_code == 200

    for _twice in range(2):
        assert client.post(url("alliance-leave", alpha, "south")).status_code == 302
    assert alpha.alliance_memberships.get(alliance__slug="south").until == today()
    assert client.post(url("alliance-leave", alpha, "nowhere")).status_code == 404


@pytest.mark.parametrize("role", [ADMINISTRATOR, STAFF, OTHER])
def test_nobody_else_records_standings(role, alpha, world, client):
    client.force_login(world.people[role])

    assert client.get(url("standing", alpha)).status_code == 403
    assert client.post(url("alliance-join", alpha), {"alliance": "south"}).status_code == 403
    assert client.post(url("alliance-leave", alpha, "north-south")).status_code == 403


def test_the_secretariat_adds_an_organisation(world, client):
    client.force_login(world.people[SECRETARIAT])
    data = {"name": "Gamma Radio", "region": "africa", "country": "TN", "standing": "candidate", "since": ""}

    answer = client.post(reverse("organisations:new"), data, follow=True)

    assert "Gamma Radio is added." in text(answer)
    assert Organisation.objects.get(slug="gamma-radio").standings.get().kind == "candidate"


@pytest.mark.parametrize("broken", [{"name": ""}, {"region": ""}, {"website": "javascript:1"}, {"since": "9999-01-01"}])
def test_an_organisation_that_cannot_be_is_not_added(broken, world, client):
    client.force_login(world.people[SECRETARIAT])
    data = {"name": "Gamma Radio", "region": "africa", "standing": "candidate"} | broken

    answer = client.post(reverse("organisations:new"), data)

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == set(broken)
    assert not Organisation.objects.filter(slug="gamma-radio").exists()
