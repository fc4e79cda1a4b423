"""Many acts at once: every committed one has its number, none is skipped, nobody waits for each other for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from portal.audit.chain import verify
from portal.audit.models import Entry, Link
from portal.audit.services import record
from portal.live.models import Topic
from portal.live.services import publish
from tests.architecture.world import person

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, ROUNDS = 20, 6


def at_once(act, threads=THREADS):
    """`act(n)` in as many threads, all starting together; what they raised."""
    together, errors = threading.Barrier(threads), []

    def run(number):
        try:
            together.wait()
            act(number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(threads)))
    return errors


def numbers():
    return list(Link.objects.order_by("number").values_list("number", flat=True))


def test_every_entry_is_chained_once_and_in_one_line():
    def act(number):
        for turn in range(ROUNDS):
            with transaction.atomic():
                record(None, verb="organisation.confirmed", details={"version": number * 100 + turn})

    assert at_once(act) == []
    assert numbers() == list(range(1, THREADS * ROUNDS + 1))
    assert verify().findings == []


def test_services_that_hold_rows_do_not_wait_for_each_other_for_ever():
    """Each records first and then takes what the others hold: locks of rows, foreign keys checked at the commit."""
    people = [person(f"Person {number}") for number in range(4)]
    Topic.objects.create(name="directory")

    def act(number):
        for turn in range(ROUNDS):
            first = people[(number + turn) % 4]
            with transaction.atomic():
                record(first, verb="person.updated", target=first)
                # Locks that collide with the checks of foreign keys which come with the commits of the others.
                get_user_model().objects.select_for_update().get(pk=first.pk)
                record(first, verb="person.updated", target=first)
                publish("directory", kind="people.changed")

    before = len(numbers())
    assert at_once(act) == []
    assert numbers() == list(range(1, before + 2 * THREADS * ROUNDS + 1))
    assert verify().findings == []


def test_an_act_that_is_rolled_back_leaves_no_gap():
    def act(number):
        for turn in range(ROUNDS):
            try:
                with transaction.atomic():
                    record(None, verb="organisation.confirmed", details={"version": number})
                    if (number + turn) % 2:
                        raise LookupError
            except LookupError:
                pass

    assert at_once(act) == []
    assert numbers() == list(range(1, THREADS * ROUNDS // 2 + 1))
    assert Entry.objects.count() == len(numbers())
    assert verify().findings == []


def test_an_inner_rollback_takes_its_entries_and_no_others():
    with transaction.atomic():
        record(None, verb="organisation.confirmed", details={"version": 1})
        try:
            with transaction.atomic():
                record(None, verb="organisation.confirmed", details={"version": 2})
                raise LookupError
        except LookupError:
            pass
        record(None, verb="organisation.confirmed", details={"version": 3})

    assert [entry.details["version"] for entry in Entry.objects.order_by("link__number")] == [1, 3]
    assert numbers() == [1, 2]
    assert verify().findings == []


def test_who_waits_for_a_row_is_not_kept_waiting_by_the_chain():
    """The number is given at the commit: an open transaction that has recorded holds nobody else up."""
    recorded, committed = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            record(None, verb="organisation.confirmed", details={"version": 1})
            recorded.set()
            assert committed.wait(10)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow)
        assert recorded.wait(10)
        record(None, verb="organisation.confirmed", details={"version": 2})
        committed.set()
        waiting.result(10)

    assert [entry.details["version"] for entry in Entry.objects.order_by("link__number")] == [2, 1]
    assert verify().findings == []
