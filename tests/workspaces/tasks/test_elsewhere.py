"""What tasks show outside their group, and what they never show of a secret one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.live.reading import may_read
from portal.notifications.models import Notification
from tests.factories import groups as make
from tests.factories.tasks import task as a_task
from workspaces.groups import services as groups
from workspaces.groups.registry import message_actions, sections
from workspaces.tasks import services
from workspaces.tasks.selectors import announcing

OUTSIDE = ("dela", "ria", "una", "sekou")


@pytest.fixture
def secret(club):
    """A secret group of Ada and Otto with a task of Otto's that is due today."""
    group = make.group("Kestrel", visibility="secret")
    club.group = group
    club.place["ada"] = make.takes_part(group, club.ada, of=club.alpha, keeps=True)
    club.place["otto"] = make.takes_part(group, club.otto, of=club.beta)
    a_task(group, "Kestrel papers", of=club.place["otto"], due_on=timezone.localdate(), note="kestrelword")
    return club


def test_own_tasks_wait_on_the_home_page_when_they_are_due(club, client):
    today = timezone.localdate()
    for title, days in (("Overdue", -2), ("Soon", 3), ("Later", 4)):
        a_task(club.group, title, of=club.place["otto"], due_on=today + timedelta(days=days))
    a_task(club.group, "Undated", of=club.place["otto"])
    a_task(club.group, "Another's", of=club.place["ada"], due_on=today)
    a_task(club.group, "Done", of=club.place["otto"], due_on=today, state="done")
    client.force_login(club.otto)

    page = client.get("/").context["page"]

    waiting = [(need.title, need.days_left) for need in page.needs if need.kind == "Task"]
    assert waiting == [("Overdue", 0), ("Soon", 3)]


def test_nothing_waits_any_more_for_who_left_nor_in_an_archive(club, client):
    a_task(club.group, of=club.place["otto"], due_on=timezone.localdate())
    a_task(club.group, of=club.place["sam"], due_on=timezone.localdate())
    groups.participation_end(club.otto, participation=club.place["otto"])
    client.force_login(club.otto)
    assert [need for need in client.get("/").context["page"].needs if need.kind == "Task"] == []
    client.force_login(club.sam)
    assert [need.kind for need in client.get("/").context["page"].needs] == ["Task"]

    groups.workspace_dissolve(club.anew(club.ada), workspace=club.group, note="Done.")

    assert client.get("/").context["page"].needs == []


def test_the_section_says_what_is_new_what_is_next_and_how_much(club):
    since = timezone.now()
    section = sections["tasks"]
    assert section.side(club.ada, club.group) is None
    done = a_task(club.group, "Done", state="done", state_at=since + timedelta(minutes=2))
    a_task(club.group, "New", due_on=timezone.localdate(), created_at=since + timedelta(minutes=1))
    a_task(club.group, "Old", created_at=since - timedelta(days=2), state_at=since - timedelta(days=2))

    news = section.news(club.ada, club.group, since)

    assert [(line.title, line.detail) for line in news] == [("Done", "Task done"), ("New", "New task")]
    assert news[0].url == done.get_absolute_url()
    assert [line.task.title for line in section.side(club.ada, club.group)["lines"]] == ["New", "Old"]
    assert section.activity([club.group.pk], since) == {club.group.pk: 2}
    assert announcing.activity([], since) == {}


def test_chat_is_offered_a_task_without_knowing_of_tasks(club):
    action = message_actions["task"]

    assert (str(action.label), action.url(club.group)) == (
        "Make a task",
        f"/groups/{club.group.slug}/tasks/from-message/",
    )


@pytest.mark.parametrize("who", OUTSIDE)
def test_nothing_of_a_secret_group_is_found_by_its_address(who, secret, client):
    client.force_login(getattr(secret, who))
    for name, arguments in (("tasks", []), ("new", []), ("task", [1]), ("edit", [1]), ("task", [99])):
        answer = client.get(reverse(f"group_tasks:{name}", args=[secret.group.slug, *arguments]))
        # The Secretariat knows that it exists, and reads nothing in it.
        assert answer.status_code == (403 if who == "sekou" else 404)
        assert "estrel papers" not in answer.text
    nowhere = client.get("/groups/nothing-is-called-so/tasks/")
    assert nowhere.status_code == 404
    for name in ("done", "drop", "reopen", "assign"):
        answer = client.post(reverse(f"group_tasks:{name}", args=[secret.group.slug, 1]))
        assert answer.status_code == (403 if who == "sekou" else 404)


@pytest.mark.parametrize("who", OUTSIDE)
def test_nothing_of_it_is_found_on_the_home_page_or_by_the_search(who, secret, client):
    person = getattr(secret, who)
    client.force_login(person)

    for page in ("/", "/search/?q=kestrel", "/search/?q=papers", "/search/?q=kestrelword", "/notifications/"):
        assert "estrel papers" not in client.get(page).text
    assert not may_read(person, secret.group.topic)


def test_who_takes_part_finds_it(secret, client):
    client.force_login(secret.otto)

    assert "Kestrel papers" in client.get("/search/?q=kestrelword").text
    assert "Kestrel papers" in client.get("/").text


def test_who_left_is_told_nothing_more_of_it(secret):
    services.task_create(secret.ada, workspace=secret.group, title="Kestrel call", assignee=secret.place["otto"])
    assert Notification.objects.filter(person=secret.otto).count() == 1

    groups.participation_end(secret.otto, participation=secret.place["otto"])
    services.reminders_send(timezone.now().replace(hour=12))

    assert Notification.objects.filter(person=secret.otto).count() == 0
