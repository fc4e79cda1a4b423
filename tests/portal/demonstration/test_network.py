"""What is in the demonstration network, and what must not be."""

import csv
from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.db.models import Exists, OuterRef
from django.utils import translation

from memberships.directory.demonstration import TABLE
from memberships.organisations.models import Audience, Contact, Organisation, ProfileChange, Standing
from memberships.organisations.samples import ORGANISATIONS
from memberships.organisations.selectors.changes import LABELS as ORGANISATION_FIELDS
from memberships.organisations.selectors.profile import needs_confirmation
from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.selectors import organisations_of
from portal.access.policies import is_guest, is_secretariat
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.audit.selectors import for_showing, lines
from portal.demonstration.accounts import PASSWORD
from portal.demonstration.network import GUEST, SECRETARIAT
from portal.search.models import Document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]

INVENTED = [sample.name for sample in ORGANISATIONS]
Kind = Standing.Kind


def real():
    return Organisation.objects.exclude(name__in=INVENTED)


def invented():
    return Organisation.objects.filter(name__in=INVENTED)


def row_of(name):
    with TABLE.open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["name"] == name)


def test_119_real_organisations_104_of_them_full_members_and_a_dozen_invented_ones():
    now = Standing.objects.filter(until=None)

    assert real().count() == 119
    assert Counter(now.filter(organisation__in=real()).values_list("kind", flat=True)) == {
        Kind.FULL: 104, Kind.FORMER: 10, Kind.CANDIDATE: 3, Kind.PARTNER: 2,
    }  # fmt: skip
    assert invented().count() == len(ORGANISATIONS) >= 12
    assert set(now.filter(organisation__in=invented()).values_list("kind", flat=True)) == {
        Kind.FULL, Kind.CANDIDATE, Kind.INTERIM, Kind.FORMER, Kind.PARTNER,
    }  # fmt: skip


@pytest.mark.parametrize("kind", [Kind.FORMER, Kind.CANDIDATE, Kind.PARTNER])
def test_a_standing_other_than_full_rests_on_what_the_table_says(kind):
    for organisation in real().filter(standings__kind=kind):
        assert row_of(organisation.name)["note"] != "", organisation.name


def test_nothing_is_made_up_about_real_organisations():
    organisations = real()
    assert not organisations.filter(at_risk=True).exists()
    assert not organisations.exclude(description_en="").exists()
    assert not organisations.filter(confirmed_at__isnull=False).exists()
    assert not organisations.filter(version__gt=1).exists()
    assert not Contact.objects.filter(organisation__in=organisations).exists()
    assert not ProfileChange.objects.filter(organisation__in=organisations).exists()
    terms = Standing.objects.filter(organisation__in=organisations)
    assert not terms.exclude(since=None, until=None, reason="").exists()
    assert not terms.filter(kind=Kind.SUSPENDED).exists()


def test_whoever_works_at_a_real_organisation_is_plainly_invented_and_leads_nothing():
    places = Affiliation.objects.filter(organisation__in=real()).select_related("person__profile")

    assert places.count() > 200
    for place in places:
        assert place.person.email.endswith(".example.org")
        assert "invented" in place.person.profile.about
        assert not place.person.has_usable_password()
        assert not any(
            word in place.title.lower() for word in ("direct", "direcc", "chair", "presid", "présid", "إدارة العامة")
        )


def test_about_three_hundred_invented_people_in_four_languages():
    people = User.objects.filter(affiliations__isnull=False).distinct()

    assert 280 <= people.count() <= 340
    assert set(people.values_list("language", flat=True)) == {"en", "fr", "es", "ar"}
    assert not people.exclude(email__endswith=".example.org").exists()
    assert User.objects.values("name").distinct().count() == User.objects.count()
    assert Profile.objects.filter(person__in=people).count() == people.count()


def test_every_organisation_is_kept_but_one():
    keeper = RoleTerm.objects.filter(role=Role.ADMINISTRATOR, until=None, affiliation__organisation=OuterRef("pk"))
    without = Organisation.objects.exclude(Exists(keeper))

    assert [organisation.acronym for organisation in without] == ["PlA"]
    assert without[0].affiliations.exists()


def test_invented_organisations_show_what_a_profile_can_be():
    assert [organisation.acronym for organisation in invented().filter(at_risk=True)] == ["ESHP"]
    complete = [
        o.acronym for o in invented() if all(getattr(o, f"description_{code}") for code in Organisation.LANGUAGES)
    ]
    assert 0 < len(complete) < len(ORGANISATIONS)
    assert "SPU" not in complete  # so that its home page has something to ask for
    assert {needs_confirmation(organisation) for organisation in invented()} == {True, False}
    assert not needs_confirmation(Organisation.objects.get(acronym="SPU"))
    contacts = Contact.objects.filter(organisation__in=invented())
    assert set(contacts.values_list("audience", flat=True)) == set(Audience)
    assert invented().filter(city_hidden=True).exists()
    assert Standing.objects.filter(kind=Kind.SUSPENDED, until__isnull=False).exists()
    assert ProfileChange.objects.filter(organisation__acronym="SPU").exists()


@pytest.mark.parametrize(
    ("address", "organisations", "roles"),
    [
        ("nadia.osei@spu.example.org", {"SPU": {Role.ADMINISTRATOR}, "SRN": {Role.DELEGATE}}, None),
        ("tomas.rey@spu.example.org", {"SPU": {Role.ADMINISTRATOR, Role.DELEGATE, Role.SIGNATORY}}, None),
        ("olu.adeyemi@spu.example.org", {"SPU": set()}, None),
        ("ines.duarte@spu.example.org", {"SPU": set(), "MTO": {Role.DELEGATE, Role.SIGNATORY}}, None),
        ("karim.saleh@spu.example.org", {"SPU": set()}, None),
        ("thuraya.halwani@eshp.example.org", {"ESHP": {Role.ADMINISTRATOR, Role.DELEGATE}}, None),
        (SECRETARIAT, {}, is_secretariat),
        (GUEST, {}, is_guest),
    ],
)
def test_the_accounts_are_what_the_sign_in_page_says(address, organisations, roles):
    person = User.objects.get(email=address)

    assert person.check_password(PASSWORD)
    assert {acting.organisation.acronym: set(acting.roles) for acting in organisations_of(person)} == organisations
    assert roles is None or roles(person)
    assert person.emailaddress_set.get().verified


def test_nobody_else_can_sign_in():
    able = [person.email for person in User.objects.all() if person.has_usable_password()]

    assert len(able) == 8
    assert authenticate(None, email="ravi.menon@mrc.example.org", password=PASSWORD) is None


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_its_record_says_everything_in_words(language):
    entries = for_showing(Entry.objects.order_by("pk"))
    with translation.override(language):
        shown = lines(entries, whole=True)
        told = {(line.entry.verb, label) for line in shown for label, _text in line.details}
        texts = {text for line in shown for _label, text in line.details if not text[:1].isdecimal()}

    assert {"standing.started", "organisation.updated", "affiliation.started"} <= {verb for verb, _label in told}
    keys = {name for entry in entries for name in entry.details}
    assert keys.isdisjoint(label for _verb, label in told)
    codes = {*Standing.Kind.values, *Role.values, *ORGANISATION_FIELDS, *Profile.Audience.values}
    assert codes.isdisjoint(part for text in texts for part in text.split(" · "))


def test_everything_can_be_found():
    assert Document.objects.filter(source="organisation").count() == Organisation.objects.count()
    assert Document.objects.filter(source="person").count() == User.objects.filter(profile__isnull=False).count()
