"""Guests from outside the network: one group, until a day, marked wherever they are named."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.accounts.services import invitation_accept
from portal.accounts.tokens import token_of
from portal.live.models import Event
from tests.architecture.world import ADMINISTRATOR, AT_RISK, GUEST, OTHER, STAFF
from tests.jobs import queued_jobs, run_jobs
from workspaces.groups import policies, services
from workspaces.groups.models import Participation
from workspaces.groups.selectors.participation import facilitators_of, today

PASSWORD = "another horse, another battery"
LETTER = {"email": "Gwen@Example.org", "name": "Gwen Uest", "guest_from": "Press Institute"}


def invite(world, workspace=None, actor=ADMINISTRATOR, days=30, **changes):
    values = {**LETTER, "ends_on": today() + timedelta(days=days), **changes}
    return services.guest_invite(world.people[actor], workspace=workspace or world.group, **values)


def accept(invited):
    seed = next(job.arguments["seed"] for job in queued_jobs() if "seed" in job.arguments)
    return invitation_accept(token_of(seed), name="Gwen Uest", password=PASSWORD)


def test_a_guest_accepts_by_the_link_of_the_mail_and_sees_one_group(world, browser, place):
    invited = invite(world)
    person = accept(invited)

    held = place(person, world.group)
    assert (held.is_guest, held.guest_from, held.ends_on) == (True, "Press Institute", invited.ends_on)
    assert policies.can_read(person, world.group)
    assert list(policies.visible_to(person)) == [world.group]
    assert not policies.can_see(person, world.open_group)
    assert policies.speaks_for(person, world.group) == ([], True)
    assert not policies.can_facilitate(person, world.group)
    with pytest.raises(ValidationError):
        services.facilitator_appoint(
            world.people[ADMINISTRATOR], participation=world.group.participations.get(person=person)
        )


def test_the_mail_says_who_invites_where_to_and_until_when_but_names_no_secret_group(world):
    invite(world)
    invite(world, world.secret_group, actor=AT_RISK, email="other@example.org")
    run_jobs()

    bodies = {sent.to[0]: sent.body for sent in mail.outbox}
    assert "Ada Ministrator invites you to work in Safety of journalists until" in bodies["gwen@example.org"]
    assert "Night shift" not in bodies["other@example.org"]


def test_a_guests_right_ends_with_the_last_day_and_the_job_closes_the_place(world, place):
    guest = world.people[GUEST]
    there = Participation.objects.filter(workspace=world.group, person=guest)
    there.update(ends_on=today())
    assert services.guests_end() == 0
    assert policies.can_read(guest, world.group)

    there.update(ends_on=today() - timedelta(days=1))

    assert place(guest, world.group) is None
    assert not policies.can_see(guest, world.group)
    assert services.guests_end() == 1
    assert there.get().until is not None
    assert Event.objects.filter(topic__name=f"rights:{guest.pk}").exists()
    assert services.guests_end() == 0


def test_facilitators_move_the_last_day_a_year_at_most_and_of_nobody_else(world):
    keeper, guest = world.people[ADMINISTRATOR], world.group.participations.get(person=world.people[GUEST])

    services.guest_prolong(keeper, participation=guest, ends_on=today() + timedelta(days=366))

    guest.refresh_from_db()
    assert guest.ends_on == today() + timedelta(days=366)
    for day in (today() - timedelta(days=1), today() + timedelta(days=367)):
        with pytest.raises(ValidationError):
            services.guest_prolong(keeper, participation=guest, ends_on=day)
    with pytest.raises(Refused):
        services.guest_prolong(world.people[STAFF], participation=guest, ends_on=today())
    staff = world.group.participations.get(person=world.people[STAFF])
    with pytest.raises(ValidationError):
        services.guest_prolong(keeper, participation=staff, ends_on=today())


@pytest.mark.parametrize("gone", ["withdrawn", "inviter keeps it no longer", "dissolved", "day is past"])
def test_an_invitation_that_no_longer_holds_lets_nobody_in(gone, world):
    invited, keeper = invite(world), world.people[ADMINISTRATOR]
    if gone == "withdrawn":
        services.guest_invitation_withdraw(keeper, guest=invited)
    elif gone == "dissolved":
        services.workspace_dissolve(keeper, workspace=world.group, note="Done.")
    elif gone == "day is past":
        invited.ends_on = today() - timedelta(days=1)
        invited.save()
    else:
        services.facilitator_appoint(keeper, participation=world.group.participations.get(person=world.people[STAFF]))
        services.facilitator_dismiss(keeper, participation=world.group.participations.get(person=keeper))

    with pytest.raises(Exception):  # noqa: B017 - closed or refused, by where it went
        accept(invited)

    assert not User.objects.filter(email="gwen@example.org", participations__isnull=False).exists()


def test_an_accepted_invitation_is_not_withdrawn(world):
    invited = invite(world)
    accept(invited)

    with pytest.raises(Refused):
        services.guest_invitation_withdraw(world.people[ADMINISTRATOR], guest=invited)


def test_an_address_is_invited_once_and_strangers_are_not_written_to_in_masses(world, monkeypatch):
    invite(world)
    with pytest.raises(ValidationError) as error:
        invite(world, email="gwen@example.org ")
    assert set(error.value.message_dict) == {"email"}
    with pytest.raises(Refused):
        invite(world, actor=OTHER, email="third@example.org")
    monkeypatch.setattr("workspaces.groups.services.inviting.OPEN_INVITATIONS", 1)
    with pytest.raises(ValidationError):
        invite(world, email="second@example.org")


def test_pages_mark_a_guest_in_words_and_picture(world, browser):
    page = browser(STAFF).get(reverse("groups:participants", args=[world.group.slug])).content.decode()

    assert "Guest · <bdi>Press Institute</bdi>" in page
    assert "icons.svg#external" in page


def test_a_guest_finds_the_group_in_the_rail_and_is_told_the_last_day(world, browser):
    world.group  # noqa: B018 - made when it is asked for
    page = browser(GUEST).get(world.group.get_absolute_url()).content.decode()

    rail = page[page.index('class="rail-links"') : page.index("</nav>", page.index('class="rail-links"'))]
    assert f'href="{world.group.get_absolute_url()}"' in rail
    assert "/members/" not in rail
    assert "You are a guest here until" in page
    assert f"/people/{world.people[STAFF].pk}/" not in page


def test_facilitators_do_not_become_fewer_by_a_guests_going(world):
    services.participation_end(
        world.people[ADMINISTRATOR], participation=world.group.participations.get(person=world.people[GUEST])
    )

    assert [one.name for one in facilitators_of(world.group)] == ["Ada Ministrator"]
