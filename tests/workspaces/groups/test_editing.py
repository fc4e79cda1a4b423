"""What a group says about itself, and who may come in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.models import Event
from tests.architecture.world import ADMINISTRATOR, AT_RISK, OTHER, SECRETARIAT, STAFF
from workspaces.groups import policies, services
from workspaces.groups.models import Rules, Workspace
from workspaces.groups.selectors.participation import today

SAID = {"name_en": "Safety first", "name_fr": "La sécurité", "purpose_en": "To keep each other safe."}


def update(world, actor=ADMINISTRATOR, **changes):
    values = {
        "version": world.group.version,
        "texts": SAID,
        "languages": ["fr", "en"],
        "review_on": world.group.review_on,
        "ends_on": None,
        **changes,
    }
    return services.workspace_update(world.people[actor], workspace=world.group, **values)


def test_facilitators_change_names_languages_and_dates_and_the_address_stays(world):
    address = world.group.get_absolute_url()

    changed = update(world, ends_on=today() + timedelta(days=100))

    changed.refresh_from_db()
    assert (changed.name_en, changed.languages, changed.version) == ("Safety first", ["fr", "en"], 2)
    assert changed.get_absolute_url() == address
    entry = Entry.objects.get(verb="group.updated")
    assert entry.details == {"fields": ["ends_on", "languages", "name_en", "name_fr"]}
    for stranger in (STAFF, OTHER, SECRETARIAT):
        with pytest.raises(Refused):
            update(world, actor=stranger, version=2)


def test_the_second_of_two_does_not_overwrite_the_first_unseen(world):
    update(world)

    with pytest.raises(services.Overtaken):
        update(world, texts={**SAID, "name_en": "Another"})

    world.group.refresh_from_db()
    assert world.group.name_en == "Safety first"


def test_saving_what_is_so_already_changes_nothing(world):
    update(world)

    same = update(world, version=2)

    assert same.version == 2
    assert Entry.objects.filter(verb="group.updated").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_en": "", "name_fr": ""}, "name_fr"),
        ({"purpose_en": "  "}, "purpose_fr"),
        ({"name_en": "!!!"}, "name_en"),
        ({"name_en": "x" * 121}, "name_en"),
        ({"purpose_en": "x" * 2001}, "purpose_en"),
    ],
)
def test_what_cannot_be_said(wrong, field, world):
    with pytest.raises(ValidationError) as error:
        update(world, texts={**SAID, **wrong})

    assert set(error.value.message_dict) == {field}


def test_texts_are_kept_without_what_nobody_sees(world):
    changed = update(world, texts={**SAID, "name_en": " Safe\u202ety \x07 first ", "purpose_en": "One\r\n\r\n\r\nTwo"})

    assert (changed.name_en, changed.purpose_en) == ("Safety first", "One\n\nTwo")


def test_dates_that_are_changed_lie_ahead_and_one_is_needed(world):
    for days in ({"review_on": None}, {"review_on": today()}):
        with pytest.raises(ValidationError):
            update(world, **days)
    Workspace.objects.filter(pk=world.group.pk).update(review_on=today() - timedelta(days=3))
    world.group.refresh_from_db()

    assert update(world).name_en == "Safety first"  # an overdue date does not stop other changes


def test_unknown_languages_are_no_form_of_ours(world):
    with pytest.raises(ValueError, match="unknown languages"):
        update(world, languages=["en", "tlh"])
    with pytest.raises(ValidationError):
        update(world, languages=[])


def test_who_may_come_in_decides_who_reads_at_once_on_open_pages_too(world):
    keeper, staff = world.people[OTHER], world.people[STAFF]
    assert policies.can_read(staff, world.open_group)

    closed = services.visibility_set(keeper, workspace=world.open_group, visibility="closed")

    assert not policies.can_read(staff, closed)
    heard = Event.objects.filter(topic__name__startswith="rights:").values_list("topic__name", flat=True)
    network = {role for role, one in world.people.items() if f"rights:{one.pk}" in set(heard)}
    assert {STAFF, AT_RISK, SECRETARIAT, ADMINISTRATOR, OTHER} <= network
    with pytest.raises(Refused):
        services.visibility_set(staff, workspace=closed, visibility="open")


def test_a_group_that_becomes_secret_leaves_its_address_and_comes_back_under_a_readable_one(world):
    keeper, client = world.people[ADMINISTRATOR], Client()
    client.force_login(keeper)
    old = world.group.get_absolute_url()

    secret = services.visibility_set(keeper, workspace=world.group, visibility="secret")

    assert secret.slug == secret.key
    assert client.get(old).status_code == 404
    assert client.get(secret.get_absolute_url()).status_code == 200
    assert services.visibility_set(keeper, workspace=secret, visibility="closed").slug == "safety-of-journalists"
    assert client.get(reverse("groups:group", args=[secret.key])).status_code == 404


def test_a_proposal_that_waits_is_not_changed_by_anybody(world):
    with pytest.raises(Refused):
        services.visibility_set(world.people[ADMINISTRATOR], workspace=world.proposed_group, visibility="open")


def test_the_rules_are_the_secretariats(world):
    services.rules_set(world.people[SECRETARIAT], activate_at_once=True)
    with pytest.raises(Refused):
        services.rules_set(world.people[ADMINISTRATOR], activate_at_once=False)

    assert Rules.objects.get().activate_at_once
