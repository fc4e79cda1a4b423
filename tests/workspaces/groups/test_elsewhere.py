"""What groups show elsewhere: in the rail, on the home page, in the search; what is said in time; the overview."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.notifications.models import Notification
from portal.search.services import reindex
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
from tests.factories.groups import group
from workspaces.groups import services
from workspaces.groups.models import Reminder, Workspace
from workspaces.groups.selectors import overview
from workspaces.groups.selectors.participation import today
from workspaces.groups.tasks import dates_remind


def home(client):
    return client.get("/").content.decode()


def test_the_home_page_says_what_waits_for_whom(world, browser):
    keeper = world.people[ADMINISTRATOR]
    Workspace.objects.filter(pk=world.group.pk).update(review_on=today() + timedelta(days=10))
    services.organisation_invite(world.people[OTHER], workspace=world.open_group, organisation=world.alpha)
    services.person_invite(keeper, workspace=world.group, person=world.people[DELEGATE])
    world.proposed_group  # noqa: B018 - made when it is asked for

    kept, decides, secretariat = home(browser(ADMINISTRATOR)), home(browser(DELEGATE)), home(browser(SECRETARIAT))

    assert "Safety of journalists is to be reviewed" in kept
    assert "A request waits in Safety of journalists" in kept
    assert "Open data invites Alpha Press Union" in kept
    assert "Open data invites Alpha Press Union" in decides
    assert "Safety of journalists invites you" in decides
    assert "Digital rights" in secretariat
    staff = home(browser(STAFF))
    for sentence in ("is to be reviewed", "invites", "A request waits", "Digital rights"):
        assert sentence not in staff


def test_new_groups_are_news_for_whoever_may_know_of_them(world, browser):
    world.open_group, world.secret_group  # noqa: B018 - made when they are asked for

    assert "Open data" in home(browser(STAFF))
    assert "Night shift" not in home(browser(STAFF))
    assert "Night shift" in home(browser(AT_RISK))


def rail(client):
    page = client.get("/accounts/").content.decode()
    start = page.index('class="rail-links"')
    return page[start : page.index("</nav>", start)]


def test_the_rail_leads_everybody_to_what_is_theirs(world, browser):
    world.group  # noqa: B018 - made when it is asked for

    assert 'href="/groups/"' in rail(browser(STAFF))
    assert f'href="{world.group.get_absolute_url()}"' in rail(browser(GUEST))
    assert "/groups/" not in rail(browser(UNAFFILIATED))


def test_the_search_finds_groups_for_whoever_may_know_of_them(world, browser):
    found = {"night": world.secret_group, "safety": world.group, "digital": world.proposed_group}
    reindex("group")

    seen = {
        role: {word for word, one in found.items() if one.get_absolute_url() in search(browser(role), word)}
        for role in (STAFF, AT_RISK, DELEGATE, GUEST, SECRETARIAT)
    }

    assert seen == {
        STAFF: {"safety"},
        AT_RISK: {"safety", "night"},
        DELEGATE: {"safety", "digital"},
        GUEST: {"safety"},
        SECRETARIAT: {"safety", "night", "digital"},
    }


def search(client, word):
    return client.get(f"/search/?q={word}").content.decode()


def reminded():
    rows = Notification.objects.filter(kind__in=["group.review_due", "group.end_due"]).order_by("pk")
    return sorted((row.kind, row.person.name) for row in rows)


def test_dates_that_come_near_are_told_once_to_those_who_keep_the_group_and_the_secretariat(world):
    near, far = today() + timedelta(days=14), today() + timedelta(days=15)
    Workspace.objects.filter(pk=world.group.pk).update(review_on=near, ends_on=far)
    assert services.dates_remind() == 1
    assert reminded() == [("group.review_due", "Ada Ministrator"), ("group.review_due", "Sekou Retariat")]

    dates_remind(0)
    assert len(reminded()) == 2

    assert services.dates_remind(on=today() + timedelta(days=1)) == 1
    assert [kind for kind, _name in reminded()].count("group.end_due") == 2
    Workspace.objects.filter(pk=world.group.pk).update(review_on=near - timedelta(days=1))
    assert services.dates_remind() == 1  # another date
    assert Reminder.objects.filter(workspace=world.group).count() == 3


def test_the_reminder_says_the_day_and_leads_there(world, browser):
    Workspace.objects.filter(pk=world.group.pk).update(review_on=today())
    services.dates_remind()

    inbox = browser(ADMINISTRATOR).get("/notifications/").content.decode()

    assert "The group Safety of journalists is to be reviewed on" in inbox


def test_an_archive_and_a_proposal_are_reminded_of_nothing(world):
    for workspace in (world.dissolved_group, world.proposed_group):
        Workspace.objects.filter(pk=workspace.pk).update(review_on=today())

    assert services.dates_remind() == 0


def test_the_overview_counts_and_never_says_what(world, browser):
    quiet = timezone.now() - timedelta(days=61)
    Workspace.objects.filter(pk=world.secret_group.pk).update(active_at=quiet)
    Workspace.objects.filter(pk=world.group.pk).update(review_on=today() + timedelta(days=3))
    world.open_group, world.proposed_group, world.dissolved_group  # noqa: B018 - made when they are asked for

    assert overview.overview_counts() == {"active": 3, "dormant": 1, "due": 1, "proposed": 1, "dissolved": 1}
    rows = {row.workspace.name: row for row in overview.overview_rows("active", "name")}
    assert (rows["Night shift"].is_dormant, rows["Safety of journalists"].is_due) == (True, True)
    assert (rows["Safety of journalists"].organisations, rows["Safety of journalists"].people) == (2, 4)
    largest, *_others = overview.overview_rows("active", "organisations")
    assert largest.workspace.name == "Safety of journalists"
    client = browser(SECRETARIAT)
    assert "Night shift" in client.get("/groups/overview/?show=dormant").content.decode()
    assert client.get(world.secret_group.get_absolute_url()).status_code == 200


def test_participation_by_region_counts_full_members(world):
    world.group  # noqa: B018 - made when it is asked for
    regions = {row.label: (row.taking_part, row.members, row.groups) for row in overview.regions_taking_part()}

    assert regions["Africa"] == (1, 2, 1)
    assert regions["Middle East & North Africa"] == (1, 1, 1)
    assert overview.organisations_nowhere() == 1
    counted = [(one.name, one.groups_count) for one in overview.organisations_by_groups()]
    assert counted == [("Alpha Press Union", 1), ("Beta Media Watch", 1)]


def test_the_overview_costs_the_same_for_three_groups_as_for_one(world, browser, queries):
    world.group  # noqa: B018 - made when it is asked for
    client = browser(SECRETARIAT)
    one = queries(client, "/groups/overview/")
    for number in range(3):
        group(f"More {number}")

    assert queries(client, "/groups/overview/") == one


@pytest.mark.parametrize("at_once", [True, False])
def test_the_rules_are_set_on_the_overview(at_once, world, browser):
    browser(SECRETARIAT).post("/groups/rules/", {"activate_at_once": "on"} if at_once else {})

    made = services.workspace_propose(
        world.people[ADMINISTRATOR],
        organisation=world.alpha,
        texts={"name_en": "Digital safety", "purpose_en": "To learn."},
        languages=["en"],
        review_on=today() + timedelta(days=30),
    )
    assert made.is_active == at_once
