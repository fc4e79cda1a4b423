"""Standings follow each other and are never overwritten: against a plain model, and the refusals one by one."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memberships.organisations import services
from memberships.organisations.models import Organisation, Standing
from memberships.organisations.selectors import alliances_to_join, standing_on, today
from memberships.organisations.services.standing import MOVES
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.live.models import Event
from tests.architecture.world import SECRETARIAT
from tests.factories import organisations as make

Kind = Standing.Kind
DAY = timedelta(days=1)
FIRST = date(2000, 1, 1)


@pytest.fixture
def keeper(world):
    return User.objects.get(pk=world.people[SECRETARIAT].pk)


class Plain:
    """What a membership officer would keep on paper: a list of (kind, first day), the next one ending the last."""

    def __init__(self):
        self.terms = []

    def start(self, kind, since):
        last = self.terms[-1] if self.terms else None
        if kind not in MOVES[last and last[0]]:
            return False
        if last and (since is None or (last[1] is not None and since <= last[1])):
            return False
        self.terms.append((kind, since))
        return True

    def on(self, day):
        begun = [kind for kind, since in self.terms if since is None or since <= day]
        return begun[-1] if begun else None


steps = st.lists(
    st.tuples(st.sampled_from(list(Kind)), st.none() | st.integers(0, 60).map(lambda days: FIRST + days * DAY)),
    max_size=12,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_terms_are_what_a_careful_person_would_write_down(steps, keeper):
    with transaction.atomic():
        organisation, plain = make.organisation(standing=None), Plain()
        for kind, since in steps:
            try:
                with transaction.atomic():
                    services.standing_start(keeper, organisation=organisation, kind=kind, since=since, reason="x")
                taken = True
            except ValidationError:
                taken = False
            assert taken == plain.start(kind, since)
        assert list(organisation.standings.values_list("kind", "since")) == plain.terms
        turns = [since for _kind, since in plain.terms if since]
        for day in {FIRST - DAY, FIRST + 90 * DAY, *turns, *(day - DAY for day in turns)}:
            found = standing_on(organisation, day)
            assert (found.kind if found else None) == plain.on(day)
        transaction.set_rollback(True)


def test_the_table_of_moves_is_complete():
    assert set(MOVES) == {None, *Kind}
    assert all(kind not in following for kind, following in MOVES.items())
    assert all(Kind.SUSPENDED not in MOVES[kind] for kind in (None, Kind.CANDIDATE, Kind.FORMER, Kind.PARTNER))
    # Everyone can leave, and everyone can come (back).
    assert all(Kind.FORMER in MOVES[kind] for kind in Kind if kind != Kind.FORMER)
    assert MOVES[Kind.FORMER]


def start(keeper, organisation, kind, since):
    return services.standing_start(keeper, organisation=organisation, kind=kind, since=since, reason="Meeting")


def test_the_term_before_ends_on_the_day_and_nothing_of_it_is_lost(keeper, world):
    first = world.alpha.standings.get()

    second = start(keeper, world.alpha, "suspended", date(2025, 6, 1))

    first.refresh_from_db()
    assert (first.kind, first.since, first.until) == ("full", date(2010, 1, 1), date(2025, 6, 1))
    assert (second.until, second.reason, second.recorded_by) == (None, "Meeting", keeper)
    entry = Entry.objects.get(verb="standing.started")
    assert entry.details == {"from": "full", "to": "suspended", "since": "2025-06-01"}
    assert "2025" not in str(list(Event.objects.values_list("payload", flat=True)))
    assert set(Event.objects.values_list("topic__name", flat=True)) == {f"organisation:{world.alpha.pk}", "directory"}


@pytest.mark.parametrize(
    ("kind", "since", "field"),
    [
        ("full", date(2020, 1, 1), "kind"),  # what it is already
        ("candidate", date(2020, 1, 1), "kind"),  # no way back to the beginning
        ("king", date(2020, 1, 1), "kind"),
        ("former", None, "since"),
        ("former", date(2010, 1, 1), "since"),  # not after the term before began
        ("former", date(1800, 1, 1), "since"),
        ("former", date(9999, 12, 31), "since"),
    ],
)
def test_refusals_stand_beside_their_field(kind, since, field, keeper, world):
    with pytest.raises(ValidationError) as refusal:
        start(keeper, world.alpha, kind, since)

    assert set(refusal.value.message_dict) == {field}
    assert refusal.value.messages[0].endswith(".")
    assert world.alpha.standings.get().until is None


def test_a_decision_may_take_effect_later(keeper, world):
    start(keeper, world.alpha, "former", today() + 30 * DAY)

    assert standing_on(world.alpha, today()).kind == "full"
    assert standing_on(world.alpha, today() + 30 * DAY).kind == "former"
    with pytest.raises(ValidationError):  # what follows follows the last one decided
        start(keeper, world.alpha, "partner", today())


def test_after_a_gap_the_next_term_follows_the_one_that_ended(keeper, world):
    organisation = make.organisation(standing=None)
    make.standing(organisation, Kind.FULL, since=date(2001, 1, 1), until=date(2005, 1, 1))

    for since in (None, date(2003, 1, 1)):
        with pytest.raises(ValidationError):
            start(keeper, organisation, "partner", since)
    start(keeper, organisation, "partner", date(2006, 1, 1))

    assert standing_on(organisation, date(2005, 6, 1)) is None
    assert standing_on(organisation, date(2006, 1, 1)).kind == "partner"


def test_a_long_reason_is_refused_and_a_crooked_one_straightened(keeper, world):
    with pytest.raises(ValidationError):
        services.standing_start(
            keeper, organisation=world.alpha, kind="former", since=date(2020, 1, 1), reason="x" * 301
        )
    term = services.standing_start(
        keeper, organisation=world.alpha, kind="former", since=date(2020, 1, 1), reason=" by\u202e vote\n"
    )

    assert term.reason == "by vote"


def test_alliances_are_joined_and_left(keeper, world):
    north = make.alliance("north")

    services.alliance_join(keeper, organisation=world.alpha, alliance=north, since=date(2011, 1, 1))
    assert list(alliances_to_join(world.alpha)) == []
    with pytest.raises(ValidationError):
        services.alliance_join(keeper, organisation=world.alpha, alliance=north)

    left = services.alliance_leave(keeper, organisation=world.alpha, alliance=north)
    assert left.until == today()
    with pytest.raises(ValidationError):
        services.alliance_leave(keeper, organisation=world.alpha, alliance=north)
    assert list(alliances_to_join(world.alpha)) == [north]

    for since in (None, date(2015, 1, 1)):  # it was there then
        with pytest.raises(ValidationError):
            services.alliance_join(keeper, organisation=world.alpha, alliance=north, since=since)
    services.alliance_join(keeper, organisation=world.alpha, alliance=north, since=today())

    assert world.alpha.alliance_memberships.count() == 2
    assert Entry.objects.filter(verb="alliance.joined").count() == 2


@pytest.mark.parametrize("until", [date(2010, 1, 1), today() + DAY])
def test_an_alliance_is_not_left_before_it_was_joined_or_ahead_of_time(until, keeper, world):
    north = make.alliance("north")
    services.alliance_join(keeper, organisation=world.alpha, alliance=north, since=date(2011, 1, 1))

    with pytest.raises(ValidationError):
        services.alliance_leave(keeper, organisation=world.alpha, alliance=north, until=until)


def test_another_organisations_alliance_is_still_to_be_joined(keeper, world):
    north = make.alliance("north")
    make.alliance_membership(world.beta, north)

    assert list(alliances_to_join(Organisation.objects.get(pk=world.alpha.pk))) == [north]
