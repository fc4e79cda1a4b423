"""What the app announces: home page, navigation, live topics, logos."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from memberships.organisations import services
from memberships.organisations.models import Organisation, Standing
from memberships.organisations.selectors import home, today
from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.registry import announced
from tests.architecture.world import ADMINISTRATOR, AT_RISK, GUEST, OTHER, SECRETARIAT, STAFF, UNAFFILIATED
from tests.factories import organisations as make
from tests.factories.pictures import picture, upload

DESCRIBED = {f"description_{code}": "x" for code in Organisation.LANGUAGES}


def reader(world, role):
    return User.objects.get(pk=world.people[role].pk)


@pytest.fixture
def asked(rf, world):
    """The request of somebody who opens the home page."""

    def make_request(role):
        request = rf.get("/")
        request.user = reader(world, role) if role else AnonymousUser()
        return request

    return make_request


def confirmed(world, days):
    Organisation.objects.filter(pk=world.alpha.pk).update(
        confirmed_at=timezone.now() - timedelta(days=days) if days is not None else None, **DESCRIBED
    )


@pytest.mark.parametrize(
    ("days", "needs", "note"),
    [(None, 1, False), (5, 0, False), (179, 0, False), (210, 0, True), (364, 0, True), (366, 1, False)],
)
def test_the_yearly_question(days, needs, note, world, asked):
    confirmed(world, days)

    assert len(home.needs(asked(ADMINISTRATOR))) == needs
    assert (home.confirmation_note(asked(ADMINISTRATOR)) is not None) == note


def test_only_administrators_are_asked(world, asked):
    for role in (STAFF, SECRETARIAT, GUEST, UNAFFILIATED, None):
        assert home.needs(asked(role)) == []
        assert home.confirmation_note(asked(role)) is None


def test_missing_descriptions_are_named(world, asked):
    confirmed(world, 5)
    Organisation.objects.filter(pk=world.alpha.pk).update(description_ar="", description_fr="")

    (need,) = home.needs(asked(ADMINISTRATOR))

    assert need.title == "Alpha Press Union is not described in French and Arabic"
    assert need.url == "/organisations/alpha-press-union/edit/about/"


def test_the_note_says_how_long_ago(world, client):
    confirmed(world, 215)
    client.force_login(world.people[ADMINISTRATOR])

    assert "was last confirmed 7 months ago." in client.get("/").content.decode()


def test_needs_cost_no_query_of_their_own(world, asked, django_assert_num_queries):
    request = asked(ADMINISTRATOR)
    home.administered(request)

    with django_assert_num_queries(0):
        home.needs(request)
        home.confirmation_note(request)


def test_news_tell_who_joined_and_whose_profile_changed(world, asked):
    new = make.organisation("Newcomer", standing=None)
    make.standing(new, Standing.Kind.CANDIDATE, since=today() - timedelta(days=3))
    services.organisation_update(
        reader(world, ADMINISTRATOR), organisation=world.alpha, version=1, changes={"acronym": "AP"}
    )

    lines = {(line.title, line.detail) for line in home.news(asked(OTHER))}

    assert lines == {("Newcomer", "Candidate"), ("Alpha Press Union", "Profile updated")}
    assert home.news(asked(GUEST)) == []


def test_hidden_changes_are_no_news(world, asked):
    services.organisation_update(
        reader(world, ADMINISTRATOR), organisation=world.alpha, version=1, changes={"city_hidden": True}
    )

    assert home.news(asked(OTHER)) == []


@pytest.mark.parametrize("many", [1, 3])
def test_news_cost_the_same_at_any_number(many, world, asked, django_assert_num_queries):
    for number in range(many):
        new = make.organisation(f"Newcomer {number}", standing=None)
        make.standing(new, Standing.Kind.FULL, since=today())
    request = asked(OTHER)
    home.news(asked(OTHER))

    with django_assert_num_queries(4):  # the reader's rights are two of them
        home.news(request)


def test_my_organisation_leads_to_the_own_profile(world):
    entry = announced.navigation["my-organisation"]

    assert entry.url(reader(world, STAFF)) == "/organisations/alpha-press-union/"
    assert entry.url(reader(world, SECRETARIAT)) is None


@pytest.mark.parametrize(
    ("role", "allowed"), [(OTHER, True), (AT_RISK, True), (SECRETARIAT, True), (GUEST, False), (UNAFFILIATED, False)]
)
def test_who_may_follow_what(role, allowed, world):
    person = reader(world, role)
    organisation, directory = announced.live_topics["organisation"], announced.live_topics["directory"]

    assert organisation.may_subscribe(person, str(world.alpha.pk)) == allowed
    assert organisation.may_subscribe(person, str(world.hidden.pk)) == (role in (AT_RISK, SECRETARIAT))
    assert directory.may_subscribe(person, "") == allowed


@pytest.mark.parametrize("key", ["", "0", "-1", "x", "1 OR 1=1", "9" * 40, "\0", "٣", "1.0", "1:2"])
def test_topics_that_do_not_exist_are_refused(key, world):
    person = reader(world, SECRETARIAT)

    assert not announced.live_topics["organisation"].may_subscribe(person, key)
    assert not announced.live_topics["directory"].may_subscribe(person, key or "x")


@pytest.mark.parametrize(
    ("role", "plain", "at_risk"),
    [(OTHER, True, False), (STAFF, True, True), (SECRETARIAT, True, True), (GUEST, False, False)],
)
def test_who_may_see_a_logo(role, plain, at_risk, world):
    saved = services.logo_set(reader(world, ADMINISTRATOR), organisation=world.alpha, upload=upload(picture()))
    kind = announced.file_kinds["organisation-logo"]

    assert kind.can_see(reader(world, role), saved.logo) == plain
    Organisation.objects.filter(pk=world.alpha.pk).update(at_risk=True)
    assert kind.can_see(reader(world, role), saved.logo) == at_risk
    Organisation.objects.filter(pk=world.alpha.pk).update(logo=None, at_risk=False)
    assert not kind.can_see(reader(world, role), saved.logo)


def test_administrators_are_reminded_once_a_year(world):
    now = timezone.now()
    year = timedelta(days=366)
    Organisation.objects.filter(pk=world.alpha.pk).update(confirmed_at=now - year)
    Organisation.objects.filter(pk=world.beta.pk).update(confirmed_at=None, created_at=now - year)
    Organisation.objects.filter(pk=world.hidden.pk).update(confirmed_at=now - timedelta(days=364))

    assert services.confirmations_remind() == 2
    assert services.confirmations_remind() == 0
    assert services.confirmations_remind(now=now + timedelta(days=61)) == 3

    told = Notification.objects.filter(person=world.people[ADMINISTRATOR]).first()
    assert told.url == "/organisations/alpha-press-union/"
    sentence = announced.notification_kinds[told.kind].sentence(told.payload)
    assert sentence == "Is the profile of Alpha Press Union still right?"
    assert set(Notification.objects.values_list("person__name", flat=True)) == {
        "Ada Ministrator", "Otto Other", "Ria Risk",
    }  # fmt: skip


def test_nobody_is_reminded_of_what_was_just_added(world):
    Organisation.objects.update(confirmed_at=None)

    assert services.confirmations_remind() == 0
