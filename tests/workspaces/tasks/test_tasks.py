"""Making tasks, giving them to people, and what becomes of them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.models import Event
from portal.notifications.models import Notification
from portal.notifications.services import scope_level_set
from portal.registry import Level
from portal.search.models import Document
from tests.factories.tasks import task as a_task
from workspaces.groups import services as groups
from workspaces.groups.services import Overtaken
from workspaces.tasks import services
from workspaces.tasks.models import Task
from workspaces.tasks.selectors.listing import lines, task_numbered


def told(kind):
    return sorted(Notification.objects.filter(kind=kind).values_list("person__name", flat=True))


def line_of(club, reader, number=1):
    return lines(reader, club.group, [task_numbered(club.group, number)])[0]


def change(club, task, actor=None, **changes):
    values = {
        "version": task.version,
        "title": task.title,
        "note": task.note,
        "language": task.language,
        "due_on": task.due_on,
        "assignee": None,
        **changes,
    }
    return services.task_update(actor or club.ada, task=task, **values)


def test_a_task_is_made_for_somebody_who_is_told(club):
    made = services.task_create(
        club.ada,
        workspace=club.group,
        title="  Write   the letter ",
        note="To the ministry.",
        due_on=date(2027, 6, 10),
        assignee=club.place["otto"],
    )

    made.refresh_from_db()
    assert (made.number, made.title, made.note, made.language) == (1, "Write the letter", "To the ministry.", "en")
    assert (made.assignee, made.assignee_for, made.created_by, made.created_for) == (
        club.otto,
        club.beta,
        club.ada,
        club.alpha,
    )
    (notification,) = Notification.objects.filter(kind="task.assigned")
    assert (notification.person, notification.scope) == (club.otto, club.group.scope)
    assert notification.url == made.get_absolute_url()
    assert notification.payload == {"by": "Ada Ministrator", "group": "Safety of journalists", "title": made.title}
    entry = Entry.objects.get(verb="task.created")
    assert (entry.actor, entry.acting_for_name, entry.target_name) == (club.ada, "Alpha Press Union", "")
    assert Event.objects.filter(topic__name=club.group.topic, kind="group.tasks").count() == 1
    assert Document.objects.filter(source="task", object_id=made.pk).count() == 1


def test_whoever_takes_a_task_is_not_told_of_it(club):
    services.task_create(club.otto, workspace=club.group, title="Call", assignee=club.place["otto"])

    assert told("task.assigned") == []


def test_who_wants_to_hear_nothing_from_the_group_is_not_told(club):
    scope_level_set(club.otto, scope=club.group.scope, level=Level.NOTHING)

    services.task_create(club.ada, workspace=club.group, title="Call", assignee=club.place["otto"])
    services.task_create(club.ada, workspace=club.group, title="Call", assignee=club.place["sam"])

    assert told("task.assigned") == ["Sam Staff"]


@pytest.mark.parametrize("who", ["dela", "sekou", "ria", "una"])
def test_only_who_takes_part_makes_and_changes_tasks(who, club):
    outsider = getattr(club, who)
    task = a_task(club.group)
    for act in (
        lambda: services.task_create(outsider, workspace=club.group, title="Call"),
        lambda: change(club, task, outsider, title="Other"),
        lambda: services.task_assign(outsider, task=task, assignee=club.place["sam"]),
        lambda: services.task_done(outsider, task=task),
        lambda: services.task_drop(outsider, task=task),
        lambda: services.task_reopen(outsider, task=task),
        lambda: services.task_from_message(outsider, workspace=club.group, text="Call", language="en", source=""),
    ):
        with pytest.raises(Refused):
            act()

    assert list(Task.objects.values_list("title", "state")) == [("Write the letter", "open")]


def test_a_guest_takes_part(club):
    made = services.task_create(club.gus, workspace=club.group, title="Call", assignee=club.place["gus"])

    assert (made.created_by, made.created_for, made.assignee_for) == (club.gus, None, None)
    line = line_of(club, club.ada)
    assert (line.assignee.is_guest, line.assignee.guest_from) == (True, "Press Institute")


def test_an_archive_is_only_read(club):
    task = a_task(club.group)
    groups.workspace_dissolve(club.ada, workspace=club.group, note="Done.")
    club.group.refresh_from_db()

    with pytest.raises(Refused):
        services.task_done(club.anew(club.ada), task=task)
    with pytest.raises(Refused):
        services.task_create(club.anew(club.ada), workspace=club.group, title="Call")


def test_it_says_what_is_missing(club):
    for title in ("", "   ", "x" * 201):
        with pytest.raises(ValidationError) as error:
            services.task_create(club.ada, workspace=club.group, title=title)
        assert set(error.value.message_dict) == {"title"}


def test_who_has_left_cannot_be_given_a_task(club):
    groups.participation_end(club.otto, participation=club.place["otto"])

    with pytest.raises(ValidationError) as error:
        services.task_create(club.ada, workspace=club.group, title="Call", assignee=club.place["otto"])

    assert set(error.value.message_dict) == {"assignee"}


def test_done_opened_again_and_dropped_with_who_and_when(club):
    task = a_task(club.group, of=club.place["otto"])
    for verb, state in (
        (services.task_done, "done"),
        (services.task_reopen, "open"),
        (services.task_drop, "dropped"),
        (services.task_drop, "dropped"),
    ):
        before = timezone.now()
        task = verb(club.sam, task=task)
        task.refresh_from_db()
        assert (task.state, task.state_by, task.state_for) == (state, club.sam, club.alpha)
        assert task.state_at <= timezone.now()
        assert state == "dropped" or task.state_at >= before

    verbs = Entry.objects.filter(verb__startswith="task.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["task.done", "task.reopened", "task.dropped"]
    assert task.assignee == club.otto


def test_of_two_who_change_it_the_second_is_told(club):
    task = a_task(club.group)
    change(club, task, title="Write the long letter")

    with pytest.raises(Overtaken):
        change(club, task, club.sam, title="Write the short letter")

    assert Task.objects.get().title == "Write the long letter"


def test_a_change_tells_the_new_one_and_records_which_fields(club):
    task = a_task(club.group, of=club.place["otto"])

    change(club, task, title="Call", assignee=club.place["sam"])

    assert told("task.assigned") == ["Sam Staff"]
    assert Entry.objects.get(verb="task.updated").details == {"fields": ["assignee", "assignee_for", "title"]}


def test_saving_the_same_again_changes_nothing(club):
    task = a_task(club.group, of=club.place["otto"])

    change(club, task, assignee=club.place["otto"])

    task.refresh_from_db()
    assert task.version == 1
    assert told("task.assigned") == []


def test_given_to_another_and_to_nobody(club):
    task = a_task(club.group, of=club.place["otto"])

    services.task_assign(club.sam, task=task, assignee=club.place["sam"])
    assert told("task.assigned") == []
    services.task_assign(club.ada, task=task, assignee=None)

    task.refresh_from_db()
    assert (task.assignee, task.assignee_for, task.freed_from) == (None, None, None)


def test_a_message_becomes_a_task_in_one_step(club):
    text = "Someone  should call the lawyer\nby Friday, before the hearing."

    made = services.task_from_message(
        club.sam, workspace=club.group, text=text, language="fr", source="chat/7/#message-12"
    )

    assert (made.title, made.note, made.language) == ("Someone should call the lawyer", text, "fr")
    assert made.source_url == f"/groups/{club.group.slug}/chat/7/#message-12"


def test_a_long_message_is_cut_in_the_title_and_kept_in_the_note(club):
    made = services.task_from_message(club.sam, workspace=club.group, text="word " * 100, language="", source="")

    assert len(made.title) <= 200
    assert made.note == ("word " * 100).strip()


@pytest.mark.parametrize(
    "source",
    ["https://elsewhere.example/", "//elsewhere.example/", "../../accounts/", "chat/../x/", "javascript:x", "/chat/7/",
     "chat/7/?x=1", "chat/" + "7" * 300 + "/", "chat", "chat/7/#a b", "Chat/7/"],
)  # fmt: skip
def test_a_source_that_is_no_address_in_the_group_is_left_out(source, club):
    made = services.task_from_message(club.sam, workspace=club.group, text="Call", language="en", source=source)

    assert made.source_url == ""


def test_losing_the_place_frees_the_task_at_once_and_for_good(club):
    task = a_task(club.group, of=club.place["otto"])
    groups.participation_end(club.otto, participation=club.place["otto"])

    line = line_of(club, club.ada)
    assert (line.free, line.assignee, line.lost.person) == (True, None, club.otto)
    assert services.tasks_free() == 1
    assert services.tasks_free() == 0
    task.refresh_from_db()
    assert (task.assignee, task.assignee_for, task.freed_from) == (None, None, club.otto)
    assert line_of(club, club.ada).lost.person == club.otto
    assert Entry.objects.filter(verb="task.freed", actor=None).count() == 1
    services.task_assign(club.ada, task=task, assignee=club.place["sam"])
    line = line_of(club, club.ada)
    assert (line.free, line.assignee.person, line.lost) == (False, club.sam, None)


def test_an_affiliation_that_ends_frees_it_too(club):
    a_task(club.group, of=club.place["sam"])
    club.sam.affiliations.update(until=timezone.now())

    assert line_of(club, club.ada).free
    assert services.tasks_free() == 1


def test_what_is_done_stays_with_who_did_it(club):
    task = a_task(club.group, of=club.place["otto"], state="done")
    groups.participation_end(club.otto, participation=club.place["otto"])

    assert services.tasks_free() == 0
    task.refresh_from_db()
    assert task.assignee == club.otto


def test_due_dates_count_from_the_readers_day(club):
    task = a_task(club.group, due_on=date(2027, 6, 10), of=club.place["sam"])
    loaded = task_numbered(club.group, task.number)

    def seen(reader, on):
        line = lines(reader, club.group, [loaded], on=on)[0]
        return line.left, line.overdue, line.urgent

    assert seen(club.sam, date(2027, 6, 6)) == (4, False, False)
    assert seen(club.sam, date(2027, 6, 7)) == (3, False, True)
    assert seen(club.ada, date(2027, 6, 7)) == (3, False, False)
    assert seen(club.sam, date(2027, 6, 10)) == (0, False, True)
    assert seen(club.sam, date(2027, 6, 11)) == (-1, True, True)
