"""The demonstration's meetings are the same each time, and in working order."""

from tests.factories import groups as make
from workspaces.calendar.demonstration import COMING_IN_EACH, meetings
from workspaces.calendar.models import Meeting
from workspaces.calendar.selectors.listing import COMING, PAST, meetings_in
from workspaces.groups.models import Count


def test_each_group_of_several_people_has_some(club):
    make.group("Alone")
    meetings()
    uids = list(Meeting.objects.order_by("pk").values_list("uid", flat=True))

    assert len(uids) == COMING_IN_EACH + 2
    assert [meeting.title for meeting in meetings_in(club.group, COMING)] == ["Monthly call", "Réunion des avocats"]
    unwritten, past = meetings_in(club.group, PAST)
    assert (unwritten.title, unwritten.minutes) == ("Which guide comes next", "")
    assert past.minutes.startswith("Fourteen organisations took part.")
    assert [step.kind for step in past.changes.all()] == ["minutes", "planned"]
    Meeting.objects.all().delete()
    Count.objects.all().delete()
    meetings()
    assert list(Meeting.objects.order_by("pk").values_list("uid", flat=True)) == uids
