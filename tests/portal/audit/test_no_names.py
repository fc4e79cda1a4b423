"""Nothing that is kept for good names a person: every form of the site is sent, and the record searched."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection

from portal.accounts.models import Invitation, User
from portal.audit.chain import verify
from portal.audit.models import Entry
from portal.audit.selectors import PERSON
from portal.audit.services import record
from portal.registry import announced
from tests.architecture.forms import FORMS
from tests.architecture.sending import opened, sender, undone
from tests.architecture.world import ADMINISTRATOR, STAFF, make_world


@pytest.fixture
def world(db):
    cache.clear()
    return make_world()


def kept():
    """The record as text, as much of it as nobody can take away any more."""
    return json.dumps(list(Entry.objects.order_by("pk").values()), default=str, ensure_ascii=False).casefold()


def unlabelled(entry):
    """The keys of its details that its verb has no label for."""
    return entry.details.keys() - {detail.name for detail in announced.audit_verbs[entry.verb].details}


def personal():
    """What would name somebody: names and addresses of everybody known, and what the forms type in about people."""
    found = {*User.objects.values_list("name", flat=True), *User.objects.values_list("email", flat=True)}
    found |= set(EmailAddress.objects.values_list("email", flat=True))
    found |= {text for pair in Invitation.objects.values_list("name", "email") for text in pair}
    return {text.casefold() for text in found if text}


def test_no_form_of_the_site_leaves_a_name_in_the_record(db):
    """With the data that could leak: people are renamed, invited, handed over to, exported and recovered by them."""
    told, with_entries, kinds, without_label = [], 0, set(), set()
    for label, form in sorted(FORMS.items()):
        with undone():
            world = make_world()
            if form.given is not None:
                form.given(world)
            client = sender(world, form)
            names = personal()
            shown = opened(form, world, client)
            client.post(shown.action, {**shown.values, **form.data(world)})
            text = kept()
            told += [(label, name) for name in names | personal() if name in text]
            with_entries += Entry.objects.exists()
            without_label |= {(label, name) for entry in Entry.objects.all() for name in unlabelled(entry)}
            kinds |= set(Entry.objects.exclude(target_type="").values_list("target_type", flat=True))

    assert told == []
    assert without_label == set()
    assert with_entries > len(FORMS) / 3
    assert PERSON in kinds


def test_the_search_would_find_a_name(world):
    record(world.people[ADMINISTRATOR], verb="person.updated", details={"before": "Sam Staff"})

    assert unlabelled(Entry.objects.get()) == {"before"}
    assert any(name in kept() for name in personal())


def test_an_erased_person_is_named_nowhere_and_the_record_is_as_it_was(world):
    staff = world.people[STAFF]
    record(staff, verb="organisation.updated", target=world.alpha, acting_for=world.alpha)
    connection.check_constraints()
    before = kept()

    User.objects.filter(pk=staff.pk).update(name="", email="erased@erased.invalid", is_active=False)

    assert kept() == before
    assert verify().findings == []


def test_kinds_of_things_that_are_named_are_no_people(world):
    named = {kind.name for kind in announced.recorded_things if kind.named}

    assert PERSON not in named
    assert named == {"organisations.organisation"}  # more only with a thought about whose name it is
