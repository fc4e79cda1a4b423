"""The list, the page of a task, and what is done on them, with and without htmx."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.architecture.pages import form_on
from tests.factories.groups import takes_part
from tests.factories.tasks import task as a_task
from workspaces.tasks.models import Task


def at(club, name="tasks", *arguments):
    return reverse(f"group_tasks:{name}", args=[club.group.slug, *arguments])


@pytest.fixture
def browser(club, client):
    client.force_login(club.ada)
    return client


def titles(answer):
    return [line.task.title for line in answer.context["lines"]]


def test_the_list_goes_by_due_date_and_each_view_holds_its_own(club, browser):
    today = timezone.localdate()
    a_task(club.group, "Some day")
    a_task(club.group, "Later", due_on=today + timedelta(days=9), of=club.place["ada"])
    a_task(club.group, "Overdue", due_on=today - timedelta(days=2), of=club.place["otto"])
    a_task(club.group, "Done", state="done")
    a_task(club.group, "Dropped", state="dropped")

    assert titles(browser.get(at(club))) == ["Overdue", "Later", "Some day"]
    assert titles(browser.get(at(club) + "?show=mine")) == ["Later"]
    assert titles(browser.get(at(club) + "?show=done")) == ["Done"]
    assert titles(browser.get(at(club) + "?show=dropped")) == ["Dropped"]
    assert titles(browser.get(at(club) + "?show=nonsense&page=99")) == ["Overdue", "Later", "Some day"]
    page = browser.get(at(club))
    assert page.context["counts"] == {"open": 3, "mine": 1, "done": 1, "dropped": 1}
    assert "Overdue since" in page.text
    assert "Beta Media Watch" in page.text


def test_a_task_is_made_in_one_line_above_the_list(club, browser):
    answer = browser.post(
        at(club, "new"),
        {"title": "Call", "assignee": club.place["otto"].number, "due_on": "2027-06-10", "view": "open"},
        follow=True,
    )

    assert answer.redirect_chain == [(at(club), 302)]
    assert titles(answer) == ["Call"]
    assert "The task is on the list." in answer.text


def test_what_was_typed_is_kept_when_something_is_missing(club, browser):
    answer = browser.post(at(club, "new"), {"title": "", "note": "To the ministry", "due_on": "2027-06-10"})

    assert answer.context["form"].errors == {"title": ["Say what is to be done."]}
    assert "To the ministry" in answer.text
    assert 'value="2027-06-10"' in answer.text
    assert not Task.objects.exists()


def test_of_two_who_edit_it_the_second_keeps_what_they_typed(club, browser):
    task = a_task(club.group, version=4)

    answer = browser.post(at(club, "edit", task.number), {"title": "Mine", "language": "en", "version": 3})

    assert "Somebody else has changed this meanwhile." in answer.text
    assert 'value="Mine"' in answer.text
    task.refresh_from_db()
    assert task.title == "Write the letter"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_done_in_place(headers, club, browser):
    task = a_task(club.group)

    answer = browser.post(at(club, "done", task.number), {"view": "open"}, headers=headers, follow=True)

    assert answer.redirect_chain == [(at(club), 302)]
    assert "Write the letter" not in answer.text
    assert "Nothing is open" in answer.text
    assert ("<html" in answer.text) == (not headers)
    assert "The task is done." in answer.text
    undo = form_on(answer.text, at(club), at(club, "reopen", task.number))
    assert {"csrfmiddlewaretoken", "idempotency_key"} <= undo.names
    browser.post(at(club, "reopen", task.number))
    task.refresh_from_db()
    assert task.is_open


def test_it_is_taken_in_place(club, browser):
    task = a_task(club.group)
    assert f'name="assignee" value="{club.place["ada"].number}"' in browser.get(at(club)).text

    browser.post(at(club, "assign", task.number), {"assignee": club.place["ada"].number, "view": "open"})

    task.refresh_from_db()
    assert (task.assignee, task.assignee_for) == (club.ada, club.alpha)


def test_somebody_who_does_not_take_part_cannot_be_chosen(club, browser):
    task = a_task(club.group)

    answer = browser.post(at(club, "assign", task.number), {"assignee": "4711"})

    assert answer.status_code == 200
    assert "does not take part any more" in answer.text


def test_a_message_without_text_asks_for_it(club, browser):
    answer = browser.post(at(club, "from-message"), {"text": " ", "source": "chat/7/#message-1"})

    assert answer.context["form"].errors == {"title": ["Say what is to be done."]}
    answer = browser.post(at(club, "from-message"), {"text": "Call", "source": "chat/7/#message-1"}, follow=True)
    assert answer.redirect_chain == [(at(club, "edit", 1), 302)]
    assert f"/groups/{club.group.slug}/chat/7/#message-1" in browser.get(at(club, "task", 1)).text


def test_who_reads_an_open_group_from_outside_changes_nothing_and_knows_nobody_at_risk(club, client):
    club.group.visibility = "open"
    club.group.save()
    risky = takes_part(club.group, club.ria, of=club.world.hidden)
    a_task(club.group, "Risky", of=risky, created_by=club.ria, created_for=club.world.hidden)
    a_task(club.group, "Plain", of=club.place["otto"])
    client.force_login(club.dela)

    page = client.get(at(club)).text
    assert "Somebody in the group" in page
    assert "Otto Other" in page
    assert "Ria Risk" not in page + client.get(at(club, "task", 1)).text
    assert "Hidden Voices" not in page + client.get(at(club, "task", 1)).text
    assert "group_tasks" not in page
    assert client.post(at(club, "done", 1)).status_code == 403
    client.force_login(club.otto)
    assert "Ria Risk" in client.get(at(club)).text


def test_an_archive_shows_no_way_to_change(club, browser):
    task = a_task(club.group)
    club.group.state, club.group.dissolved_at = "dissolved", timezone.now()
    club.group.save()

    page = browser.get(at(club))

    assert page.status_code == 200
    assert at(club, "done", task.number) not in page.text
    assert browser.post(at(club, "done", task.number)).status_code == 403
    assert browser.post(at(club, "new"), {"title": "Call"}).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_many(club, browser):
    def cost():
        browser.get(at(club))
        with CaptureQueriesContext(connection) as captured:
            browser.get(at(club))
        return len(captured)

    a_task(club.group, of=club.place["ada"], created_by=club.ada)
    once = cost()
    for name in ("ada", "sam", "otto", "gus"):
        a_task(club.group, of=club.place[name], created_by=club.otto, created_for=club.beta)

    assert cost() == once
    assert once <= 12
