"""Writing a profile: what is kept, who is told, what two at once do to each other."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from memberships.organisations import services
from memberships.organisations.models import Contact, Organisation, ProfileChange, Standing
from memberships.organisations.services import ContactValues, StaleVersion, contact_clean
from memberships.organisations.services.fields import CLEANERS, LONGEST_DESCRIPTION, clean
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.files.models import StoredFile
from portal.live.models import Event
from portal.search.models import Document
from tests.architecture.world import ADMINISTRATOR, DELEGATE, GUEST, OTHER, ROLES, SECRETARIAT, STAFF
from tests.factories import organisations as make
from tests.factories.pictures import picture, upload

REFUSED = [role for role in ROLES if role not in (ADMINISTRATOR, SECRETARIAT, "anonymous")]


def who(world, role):
    return User.objects.get(pk=world.people[role].pk)


def again(organisation):
    return Organisation.objects.get(pk=organisation.pk)


def update(world, changes, *, by=ADMINISTRATOR, version=None, organisation=None):
    organisation = organisation or world.alpha
    version = again(organisation).version if version is None else version
    return services.organisation_update(who(world, by), organisation=organisation, version=version, changes=changes)


def test_a_change_is_kept_with_who_and_when_and_what_was_before(world):
    make.subject("legal-aid")
    before = timezone.now()

    saved = update(world, {"city": "Goma", "languages": ["fr", "sw"], "subjects": ["legal-aid"], "acronym": "APU"})

    assert (saved.city, saved.languages, saved.version) == ("Goma", ["fr", "sw"], 2)
    changes = {change.field: change for change in ProfileChange.objects.all()}
    assert set(changes) == {"city", "languages", "subjects"}  # the acronym was that already
    assert (changes["city"].before, changes["city"].after) == ("Kinshasa", "Goma")
    assert (changes["subjects"].before, changes["subjects"].after) == ([], ["legal-aid"])
    assert {change.version for change in changes.values()} == {2}
    assert changes["city"].changed_by == world.people[ADMINISTRATOR]
    assert changes["city"].at >= before


def test_a_change_is_recorded_indexed_and_published(world):
    update(world, {"city": "Goma"})

    entry = Entry.objects.get(verb="organisation.updated")
    assert (entry.target_id, entry.acting_for_id) == (world.alpha.pk, world.alpha.pk)
    assert entry.details == {"fields": ["city"], "version": 2}
    assert "goma" in str(Document.objects.get(source="organisation", object_id=world.alpha.pk).vector)
    told = {(event.topic.name, event.kind) for event in Event.objects.select_related("topic")}
    assert told == {(f"organisation:{world.alpha.pk}", "organisation.updated"), ("directory", "organisation.updated")}
    assert all(event.payload == {"id": world.alpha.pk} for event in Event.objects.all())


def test_the_secretariat_acts_for_nobody(world):
    update(world, {"city": "Goma"}, by=SECRETARIAT)

    assert Entry.objects.get(verb="organisation.updated").acting_for_id is None


def test_saving_what_is_there_already_changes_nothing(world):
    saved = update(world, {"city": " Kinshasa ", "languages": ["fr", "en"]})

    assert saved.version == 1
    assert not ProfileChange.objects.exists()
    assert not Event.objects.exists()
    assert not Entry.objects.exists()


def test_names_are_cleaned_and_sorted_by(world):
    saved = update(world, {"name": "  The \u202eÉcho\u200b  Press\x07 ", "native_name": "L’Écho"})

    assert (saved.name, saved.native_name) == ("The Écho Press", "L’Écho")
    assert saved.name_sort == "echo press"
    assert saved.native_name_sort


@pytest.mark.parametrize("role", REFUSED)
def test_others_are_refused_with_a_sentence(role, world):
    actor = who(world, role)
    attempts = [
        lambda: services.organisation_update(actor, organisation=world.alpha, version=1, changes={"city": "x"}),
        lambda: services.contacts_save(actor, organisation=world.alpha, version=1, contacts=[]),
        lambda: services.logo_set(actor, organisation=world.alpha, upload=upload(picture())),
        lambda: services.logo_remove(actor, organisation=world.alpha),
        lambda: services.at_risk_set(actor, organisation=world.alpha, at_risk=True),
        lambda: services.profile_confirm(actor, organisation=world.alpha),
        lambda: services.organisation_create(actor, values={"name": "X", "region": "africa"}),
        lambda: services.standing_start(actor, organisation=world.alpha, kind="former", since=date(2020, 1, 1)),
        lambda: services.alliance_join(actor, organisation=world.alpha, alliance=make.alliance("north")),
        lambda: services.alliance_leave(actor, organisation=world.alpha, alliance=make.alliance("north")),
    ]

    for attempt in attempts:
        with pytest.raises(Refused) as refusal:
            attempt()
        assert str(refusal.value.sentence).endswith(".")
    assert not ProfileChange.objects.exists()
    assert not StoredFile.objects.exists()


def test_an_administrator_of_one_keeps_no_other(world):
    with pytest.raises(Refused):
        update(world, {"city": "x"}, by=OTHER)


@pytest.mark.parametrize("changes", [{"region": "americas"}, {"joined_year": 1999}])
def test_what_the_membership_list_is_kept_by_is_the_secretariats(changes, world):
    with pytest.raises(Refused):
        update(world, changes)
    assert update(world, changes, by=SECRETARIAT).version == 2


def test_the_same_region_may_be_sent_along(world):
    assert update(world, {"region": world.alpha.region, "city": "Goma"}).city == "Goma"


BAD = [
    ("name", ""),
    ("name", " \u200b\u202e "),
    ("name", "x" * 10_000),
    ("name", None),
    ("name", 7),
    ("name", "!!!"),
    ("native_name", "ن" * 201),
    ("native_language", "klingon"),
    ("acronym", "A" * 31),
    ("region", "atlantis"),
    ("country", "ZZ"),
    ("country", "Congo"),
    ("city", "c" * 121),
    ("languages", ["en", "klingon"]),
    ("languages", "en"),
    ("languages", [None, 3]),
    ("languages", [f"a{n}" for n in range(99)]),
    ("subjects", ["no-such-subject"]),
    ("subjects", ["\0"]),
    ("subjects", ["press-freedom"] * 0 + ["x" * 5000]),
    ("founded_year", "last year"),
    ("founded_year", 1699),
    ("founded_year", 3000),
    ("founded_year", True),
    ("founded_year", "9" * 5000),
    ("founded_year", 1998.5),
    ("joined_year", -1),
    ("website", "javascript:alert(1)"),
    ("website", "JaVaScRiPt:alert(1)"),
    ("website", "java\tscript:alert(1)"),
    ("website", "data:text/html,<script>alert(1)</script>"),
    ("website", "ftp://example.org"),
    ("website", "file:///etc/passwd"),
    ("website", "https://"),
    ("website", "https://exa mple"),
    ("website", "not an address"),
    ("website", "https://good.example@evil.example/"),
    ("website", "https://user:pass@example.org"),
    ("website", "https://evil.example\\@good.example"),
    ("website", "https://example.org/" + "a" * 300),
    ("website", "http://[::1"),
    ("description_en", "d" * (LONGEST_DESCRIPTION + 1)),
    ("description_ar", {"a": 1}),
    ("country_hidden", "perhaps"),
    ("at_risk", None),
]


@pytest.mark.parametrize(("field", "value"), BAD)
def test_bad_values_are_refused_beside_their_field(field, value, world):
    with pytest.raises(ValidationError) as refusal:
        update(world, {"city": "Goma", field: value}, by=SECRETARIAT)

    ((wrong, errors),) = refusal.value.message_dict.items()
    assert wrong == field
    assert errors[0].endswith(".")
    assert again(world.alpha).city == "Kinshasa"


GOOD = [
    ("name", "Écho\u00a0 de la  presse", "Écho de la presse"),
    ("country", "cd", "CD"),
    ("languages", ["FR", "fr", "ckb"], ["fr", "ckb"]),
    ("founded_year", "١٩٩٨", 1998),
    ("founded_year", "", None),
    ("website", "example.org", "https://example.org"),
    ("website", "HTTP://example.org:8080/a?b=c#d", "http://example.org:8080/a?b=c#d"),
    ("website", "example.org:8080", "https://example.org:8080"),
    ("website", "//example.org/x", "https://example.org/x"),
    ("website", "https://مثال.إختبار/", "https://مثال.إختبار/"),
    ("website", "https://example.org/@office", "https://example.org/@office"),
    ("website", "", ""),
    ("description_en", "One\r\n\r\n\r\n\r\nTwo\u202e \x07", "One\n\nTwo"),
    ("description_ar", "نحن\u200f نعمل", "نحن\u200f نعمل"),
]


@pytest.mark.parametrize(("field", "given", "kept"), GOOD)
def test_good_values_are_brought_into_one_form(field, given, kept, db):
    assert clean({field: given}) == {field: kept}


def test_cleaning_twice_changes_nothing(db):
    for field, given, kept in GOOD:
        assert CLEANERS[field](CLEANERS[field](given)) == kept


def test_fields_that_are_none_of_a_profile_are_a_mistake_of_ours(world):
    for field in ("slug", "version", "confirmed_by", "name_sort", "pk"):
        with pytest.raises(LookupError):
            update(world, {field: 1})


# Two at once


def test_the_second_of_two_is_told_what_the_first_saved(world):
    update(world, {"city": "Goma"})

    with pytest.raises(StaleVersion) as stale:
        update(world, {"city": "Bukavu"}, by=SECRETARIAT, version=1)

    (change,) = stale.value.changes
    assert (change.field, change.before, change.after) == ("city", "Kinshasa", "Goma")
    assert change.changed_by == world.people[ADMINISTRATOR]
    assert stale.value.version == 2
    assert again(world.alpha).city == "Goma"


def test_knowing_it_the_second_may_save_over_it(world):
    update(world, {"city": "Goma"})

    assert update(world, {"city": "Bukavu"}, by=SECRETARIAT, version=2).city == "Bukavu"


def test_changes_elsewhere_in_the_profile_stop_nobody(world):
    update(world, {"description_en": "We report."})

    saved = update(world, {"city": "Goma"}, by=SECRETARIAT, version=1)

    assert (saved.city, saved.description_en, saved.version) == ("Goma", "We report.", 3)


def test_a_version_that_was_never_shown_is_stale(world):
    with pytest.raises(StaleVersion):
        update(world, {"city": "Goma"}, version=99)


def test_contacts_and_fields_are_watched_apart(world):
    save_contacts(world, [ContactValues("email", "a@example.org", "network")])

    assert update(world, {"city": "Goma"}, version=1).version == 3
    with pytest.raises(StaleVersion):
        save_contacts(world, [], version=1)


# Contacts


def save_contacts(world, contacts, *, by=ADMINISTRATOR, version=None):
    version = again(world.alpha).version if version is None else version
    return services.contacts_save(who(world, by), organisation=world.alpha, version=version, contacts=contacts)


def test_contacts_that_came_went_and_changed_are_kept_in_the_history(world):
    save_contacts(
        world,
        [
            ContactValues("email", "old@example.org", "network"),
            ContactValues("phone", "+243 81 000 0000", "secretariat"),
            ContactValues("x", "https://x.com/alpha", "network"),
        ],
    )
    ProfileChange.objects.all().delete()

    save_contacts(
        world,
        [
            ContactValues("email", "new@example.org", "network"),
            ContactValues("phone", "+243 81 000 0000", "network"),
            ContactValues("signal", "alpha.01", "secretariat"),
        ],
    )

    moved = {
        (change.before and change.before["value"], change.after and change.after["value"])
        for change in ProfileChange.objects.filter(field="contact")
    }
    assert moved == {
        ("old@example.org", "new@example.org"),
        ("+243 81 000 0000", "+243 81 000 0000"),
        ("https://x.com/alpha", None),
        (None, "alpha.01"),
    }
    assert set(Contact.objects.values_list("kind", "audience")) == {
        ("email", "network"), ("phone", "network"), ("signal", "secretariat"),
    }  # fmt: skip


def test_the_same_contacts_again_change_nothing(world):
    contacts = [ContactValues("email", "a@example.org", "network")]
    save_contacts(world, contacts)
    kept = Contact.objects.get().pk

    assert save_contacts(world, contacts * 2).version == 2
    assert Contact.objects.get().pk == kept


def test_no_more_contacts_than_can_be_read(world):
    many = [ContactValues("email", f"a{n}@example.org", "network") for n in range(31)]

    with pytest.raises(ValidationError):
        save_contacts(world, many)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "not an address"),
        ("email", "a@b\r\nBcc: c@d.example"),
        ("email", "x" * 300 + "@example.org"),
        ("phone", "call me"),
        ("phone", "1"),
        ("phone", "tel:javascript"),
        ("signal", "no number"),
        ("pgp", "ABC"),
        ("pgp", "G" * 40),
        ("x", "javascript:alert(1)"),
        ("x", "https://evil.example/x.com"),
        ("x", "https://notx.com/alpha"),
        ("facebook", "https://facebook.com.evil.example/alpha"),
        ("facebook", "@alpha"),
        ("mastodon", "data:text/html,x"),
        ("youtube", "https://youtube.com@evil.example"),
        ("address", " \u200b "),
        ("address", "x" * 501),
        ("fax", "1234567"),
        ("", ""),
    ],
)
def test_bad_contacts_are_refused(kind, value):
    with pytest.raises(ValidationError) as refusal:
        contact_clean(kind, value, "network")

    assert all(sentence.endswith(".") for sentence in refusal.value.messages)


def test_an_audience_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError):
        contact_clean("email", "a@example.org", "everybody")


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("phone", "+216 71 000 000", "+216 71 000 000"),
        ("pgp", "0x" + "ab12 " * 10, " ".join(["AB12"] * 10)),
        ("address", "1, rue X\n1000 Tunis", "1, rue X, 1000 Tunis"),
        ("x", "www.x.com/alpha", "https://www.x.com/alpha"),
        ("mastodon", "https://social.example/@alpha", "https://social.example/@alpha"),
    ],
)
def test_good_contacts_are_brought_into_one_form(kind, given, kept):
    assert contact_clean(kind, given, "network").value == kept


# Confirmation, at risk, logo, creation


def test_confirming_says_who_and_when_and_changes_no_version(world):
    confirmed = services.profile_confirm(who(world, ADMINISTRATOR), organisation=world.alpha)

    assert confirmed.confirmed_by == world.people[ADMINISTRATOR]
    assert timezone.now() - confirmed.confirmed_at < timedelta(minutes=1)
    assert confirmed.version == 1
    assert Entry.objects.get().verb == "organisation.confirmed"
    assert Event.objects.get().topic.name == f"organisation:{world.alpha.pk}"


def test_the_secretariat_cannot_know_and_so_cannot_confirm(world):
    with pytest.raises(Refused):
        services.profile_confirm(who(world, SECRETARIAT), organisation=world.alpha)


@pytest.mark.parametrize("role", [ADMINISTRATOR, SECRETARIAT])
def test_the_at_risk_switch(role, world):
    marked = services.at_risk_set(who(world, role), organisation=world.alpha, at_risk=True)

    assert marked.at_risk
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == [
        "organisation.updated", "organisation.at_risk_set",
    ]  # fmt: skip
    vector = str(Document.objects.get(source="organisation", object_id=world.alpha.pk).vector)
    assert "kinshasa" not in vector
    assert "alpha" in vector
    people = {
        f"person:{person.pk}" for role, person in world.people.items() if role in (STAFF, DELEGATE, ADMINISTRATOR)
    }
    assert people <= set(Event.objects.values_list("topic__name", flat=True))

    lifted = services.at_risk_set(who(world, role), organisation=world.alpha, at_risk=False)

    assert not lifted.at_risk
    assert Entry.objects.filter(verb="organisation.at_risk_lifted").count() == 1
    assert "kinshasa" in str(Document.objects.get(source="organisation", object_id=world.alpha.pk).vector)


@pytest.mark.django_db(transaction=True)
def test_a_new_logo_takes_the_place_of_the_former_one(world):
    first = services.logo_set(who(world, ADMINISTRATOR), organisation=world.alpha, upload=upload(picture(300, 200)))
    former = first.logo
    assert (former.width, former.height) == (192, 128)

    second = services.logo_set(who(world, SECRETARIAT), organisation=world.alpha, upload=upload(picture(colour="red")))

    assert second.logo != former
    assert list(StoredFile.objects.all()) == [second.logo]
    assert not former.content.storage.exists(former.content.name)

    removed = services.logo_remove(who(world, ADMINISTRATOR), organisation=world.alpha)

    assert removed.logo is None
    assert not StoredFile.objects.exists()
    changes = [(change.before, change.after) for change in ProfileChange.objects.order_by("version")]
    assert changes == [(False, True), (True, True), (True, False)]
    assert services.logo_remove(who(world, ADMINISTRATOR), organisation=world.alpha).version == removed.version


def test_a_bad_logo_changes_nothing(world):
    with pytest.raises(ValidationError):
        services.logo_set(who(world, ADMINISTRATOR), organisation=world.alpha, upload=upload(b"<svg/>"))

    assert again(world.alpha).version == 1
    assert not StoredFile.objects.exists()


def test_a_new_organisation(world):
    make.subject("press-freedom")

    added = services.organisation_create(
        who(world, SECRETARIAT),
        values={"name": "Écho Presse", "region": "africa", "subjects": ["press-freedom"], "country": "CD"},
        standing=Standing.Kind.CANDIDATE,
        since=date(2026, 1, 1),
        reason="General meeting",
    )

    assert added.slug == "echo-presse"
    assert added.name_sort == "echo presse"
    assert [subject.slug for subject in added.subjects.all()] == ["press-freedom"]
    assert added.standings.get().recorded_by == world.people[SECRETARIAT]
    assert Document.objects.filter(source="organisation", object_id=added.pk).exists()
    assert Entry.objects.get().verb == "organisation.created"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Alpha Press Union", "alpha-press-union-2"), ("New", "new-2"), ("中文", "organisation"), ("N" * 200, "n" * 100)],
)
def test_addresses_are_free_and_readable(name, slug, world):
    added = services.organisation_create(None, values={"name": name, "region": "africa"})

    assert added.slug == slug


def test_two_of_one_name_get_two_addresses(db):
    slugs = [services.organisation_create(None, values={"name": "Same", "region": "africa"}).slug for _ in range(3)]

    assert slugs == ["same", "same-2", "same-3"]


def test_a_new_organisation_needs_a_name_and_a_region(world):
    with pytest.raises(ValidationError) as refusal:
        services.organisation_create(who(world, SECRETARIAT), values={})

    assert set(refusal.value.message_dict) == {"name", "region"}


def test_a_new_organisation_does_not_begin_suspended(world):
    with pytest.raises(ValidationError) as refusal:
        services.organisation_create(
            who(world, SECRETARIAT), values={"name": "X", "region": "africa"}, standing=Standing.Kind.SUSPENDED
        )

    assert set(refusal.value.message_dict) == {"standing"}
    assert not Organisation.objects.filter(name="X").exists()


def test_guests_are_refused_too(world):
    with pytest.raises(Refused):
        update(world, {"city": "x"}, by=GUEST)
