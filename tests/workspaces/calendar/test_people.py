"""What is held about people in calendars, and what is left of somebody who is erased."""

from django.utils import timezone

from portal.privacy.services import erase
from tests.factories.meetings import meeting as a_meeting


def test_an_erased_person_is_taken_out_of_what_was_written_about_them(club, client):
    meeting = a_meeting(
        club.group,
        "Talk with Otto Other",
        agenda="Otto Other reports.",
        place="With Otto Other",
        starts_at=timezone.now().replace(year=2026, month=1),
        minutes="Otto Other a parlé.",
        minutes_language="fr",
        minutes_by=club.otto,
        minutes_at=timezone.now(),
        convened_by=club.otto,
        convened_for=club.beta,
    )
    meeting.changes.create(kind="planned", by=club.otto, by_for=club.beta)

    erase(club.sekou, person=club.otto)

    meeting.refresh_from_db()
    words = (meeting.title, meeting.agenda, meeting.place, meeting.minutes)
    assert words == (
        "Talk with Former member",
        "Former member reports.",
        "With Former member",
        "Ancien membre a parlé.",
    )
    assert (meeting.convened_by, meeting.convened_for) == (club.otto, club.beta)
    client.force_login(club.ada)
    page = client.get(meeting.get_absolute_url()).text
    assert "Otto" not in page
    assert page.count("Former member") >= 4


def test_what_one_wrote_is_on_the_page_of_what_is_held(club, client):
    a_meeting(club.group, "Talk of June", convened_by=club.otto)
    client.force_login(club.otto)

    assert "Talk of June" in client.get("/privacy/").text
