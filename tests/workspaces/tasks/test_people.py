"""What is left of somebody who is erased, in the tasks of groups."""

from portal.privacy.services import erase
from tests.factories.tasks import task as a_task


def test_an_erased_person_is_taken_out_and_the_task_is_free(club, client):
    task = a_task(
        club.group,
        "Ask Otto Other",
        note="Otto Other knows.",
        of=club.place["otto"],
        created_by=club.otto,
        language="fr",
    )

    erase(club.sekou, person=club.otto)

    task.refresh_from_db()
    assert (task.title, task.note) == ("Ask Ancien membre", "Ancien membre knows.")
    client.force_login(club.ada)
    page = client.get(task.get_absolute_url()).text
    assert "Otto" not in page
    assert "Nobody:" in page
    assert "no longer takes part" in page
