"""The demonstration's tasks are the same each time, and in working order."""

from tests.factories import groups as make
from workspaces.tasks.demonstration import IN_EACH, SAMPLES, tasks
from workspaces.tasks.models import Task
from workspaces.tasks.selectors.listing import lines, tasks_in, with_people


def test_each_group_of_several_people_has_some(club):
    make.group("Alone")
    tasks()

    assert club.group.tasks.count() == IN_EACH
    assert list(club.group.tasks.values_list("title", flat=True)) == [sample.title for sample in SAMPLES[:IN_EACH]]
    assert Task.objects.count() == IN_EACH
    shown = lines(club.ada, club.group, list(with_people(tasks_in(club.group, "open", club.ada))))
    assert [line.overdue for line in shown] == [True, False, False, False, False, False]
    assert shown[-1].free
