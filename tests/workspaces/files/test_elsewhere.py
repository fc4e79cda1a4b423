"""What files show outside their group, and what they never show of a secret one (A8, C6)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from memberships.people.models import Affiliation
from portal.live.reading import may_read
from portal.notifications.models import Notification
from portal.privacy.services.erasure import erase
from tests.factories import groups as make
from tests.factories.documents import pdf
from tests.factories.files import file as a_file
from tests.factories.files import folder as a_folder
from tests.factories.files import version as a_version
from tests.factories.pictures import upload
from workspaces.files import services
from workspaces.files.models import GroupFile
from workspaces.files.selectors import announcing
from workspaces.groups import services as groups
from workspaces.groups.registry import sections
from workspaces.groups.selectors.participation import places_of
from workspaces.groups.selectors.unread import unread_in

OUTSIDE = ("dela", "ria", "una", "sekou")


@pytest.fixture
def secret(club):
    """A secret group of Ada and Otto with a file in a folder."""
    group = make.group("Kestrel", visibility="secret")
    club.group = group
    club.place["ada"] = make.takes_part(group, club.ada, of=club.alpha, keeps=True)
    club.place["otto"] = make.takes_part(group, club.otto, of=club.beta)
    a_file(group, "Kestrel papers.pdf", by=club.otto, description="kestrelword", folder=a_folder(group, "Kestrels"))
    return club


def stored_of(club):
    return GroupFile.objects.get(workspace=club.group).newest.stored


@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Range": "bytes=0-9"}, {"If-None-Match": "*"}, {"If-Range": "known", "Range": "bytes=0-9"}],
    ids=["whole", "part", "known", "part of known"],
)
def test_a_pasted_address_opens_nothing(who, headers, secret, client):
    """A8, C6: with the token known, and the digest too."""
    stored = stored_of(secret)
    headers = {name: f'"{stored.sha256}"' if value == "known" else value for name, value in headers.items()}
    client.force_login(getattr(secret, who))

    for address in (stored.get_absolute_url(), f"{stored.get_absolute_url()}?show"):
        for ask in (client.get, client.head):
            answer = ask(address, headers=headers)
            assert answer.status_code == 404
            assert not {"ETag", "Content-Range", "Content-Disposition"} & set(answer.headers)
            assert "estrel" not in answer.text


@pytest.mark.parametrize("who", OUTSIDE)
def test_nothing_of_it_is_found_by_addresses_of_its_group(who, secret, client):
    client.force_login(getattr(secret, who))
    slug = secret.group.slug
    for name, arguments in (
        *(("files", []), ("deleted", []), ("upload", []), ("folder-new", []), ("folder", [1]), ("folder-edit", [1])),
        *(("file", [1]), ("version", [1]), ("edit", [1]), ("delete", [1]), ("file", [99])),
    ):
        answer = client.get(reverse(f"group_files:{name}", args=[slug, *arguments]))
        # The Secretariat knows that it exists, and reads nothing in it.
        assert answer.status_code == (403 if who == "sekou" else 404)
        assert "estrel papers" not in answer.text
    for name in ("version", "edit", "delete"):
        answer = client.post(reverse(f"group_files:{name}", args=[slug, 1]), {"file": upload(pdf(), "a.pdf")})
        assert answer.status_code == (403 if who == "sekou" else 404)
    posted = client.post(reverse("group_files:upload", args=[slug]), {"uploads": [upload(pdf(), "a.pdf")]})
    assert posted.status_code == (403 if who == "sekou" else 404)
    assert GroupFile.objects.filter(workspace=secret.group).count() == 1


@pytest.mark.parametrize("who", OUTSIDE)
def test_nothing_of_it_is_found_on_the_home_page_or_by_the_search(who, secret, client):
    person = getattr(secret, who)
    client.force_login(person)

    for page in (
        "/",
        "/groups/",
        "/search/?q=kestrel",
        "/search/?q=papers",
        "/search/?q=kestrelword",
        "/notifications/",
    ):
        text = client.get(page).text
        assert "estrel papers" not in text
        assert "Kestrels" not in text
    assert not may_read(person, secret.group.topic)
    assert not announcing.unread(person, [secret.group.pk]).exists()


def test_a_file_of_another_group_is_not_there_by_its_number(secret, client):
    other = make.group("Other")
    make.takes_part(other, secret.dela, of=secret.alpha)
    client.force_login(secret.dela)

    for name in ("file", "edit", "version", "delete"):
        assert client.get(reverse(f"group_files:{name}", args=[other.slug, 1])).status_code == 404
    form = client.post(
        reverse("group_files:upload", args=[other.slug]), {"uploads": [upload(pdf(), "a.pdf")], "folder": "1"}
    )
    assert form.status_code == 422
    assert "Kestrels" not in form.text


def test_who_takes_part_finds_and_downloads_it(secret, client):
    client.force_login(secret.ada)

    assert "Kestrel papers.pdf" in client.get("/search/?q=kestrelword").text
    assert "Kestrel papers.pdf" in client.get("/search/?q=papers").text
    assert client.get(stored_of(secret).get_absolute_url()).status_code == 200


@pytest.mark.parametrize("how", ["leaves", "affiliation", "removed", "group turns secret", "closed account"])
def test_with_the_right_the_download_ends(how, club, client):
    """C6: after the right has gone, also for what the browser has already."""
    file = a_file(club.group, by=club.sam)
    reader = club.otto
    if how == "group turns secret":
        club.group.visibility = "open"
        club.group.save()
        reader = club.dela
    client.force_login(reader)
    address, etag = file.newest.stored.get_absolute_url(), f'"{file.newest.stored.sha256}"'
    assert client.get(address).status_code == 200
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304

    if how == "leaves":
        groups.participation_end(club.otto, participation=club.place["otto"])
    elif how == "removed":
        groups.participation_end(club.ada, participation=club.place["otto"])
    elif how == "affiliation":
        Affiliation.objects.filter(person=club.otto).update(until=timezone.now())
    elif how == "group turns secret":
        club.group.visibility, club.group.slug = "secret", club.group.key
        club.group.save()
    else:
        club.otto.is_active = False
        club.otto.save()

    for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-3"}):
        answer = client.get(address, headers=headers)
        assert answer.status_code in ({302} if how == "closed account" else {404})


def test_a_guest_reads_until_the_last_day(club, client):
    file = a_file(club.group)
    client.force_login(club.gus)
    assert client.get(file.newest.stored.get_absolute_url()).status_code == 200

    club.place["gus"].ends_on = timezone.now().date() - timedelta(days=1)
    club.place["gus"].save()

    assert client.get(file.newest.stored.get_absolute_url()).status_code == 404


def test_who_left_is_told_nothing_more(secret):
    groups.participation_end(secret.ada, participation=secret.place["otto"])

    services.files_add(
        secret.ada, workspace=secret.group, acting_for=secret.alpha, uploads=[upload(pdf(), "Kestrel call.pdf")]
    )

    assert not Notification.objects.filter(person=secret.otto, kind="files.added").exists()
    assert Notification.objects.filter(kind="files.added").count() == 0  # nobody else is in it


def test_the_section_says_what_is_new_what_came_last_and_how_much(club):
    section = sections["files"]
    since = timezone.now()
    assert section.side(club.ada, club.group) is None
    old = a_file(club.group, "Old.pdf", by=club.otto)
    old.versions.update(at=since - timedelta(days=9))
    new = a_file(club.group, "New.pdf", by=club.otto)
    changed = a_file(club.group, "Changed.pdf", by=club.otto)
    a_version(changed, by=club.sam)

    assert [(line.title, line.detail) for line in section.news(club.ada, club.group, since)] == [
        ("Changed.pdf", "New version of a file"),
        ("New.pdf", "New file"),
    ]
    side = section.side(club.ada, club.group)
    assert ([line.file.name for line in side["files"]], side["count"]) == (["Changed.pdf", "New.pdf", "Old.pdf"], 3)
    assert section.activity([club.group.pk], since) == {club.group.pk: 3}
    assert unread_in(club.ada, [club.group.pk])["files"] == {club.group.pk: 2}
    assert unread_in(club.otto, [club.group.pk])["files"] == {club.group.pk: 1}
    services.file_delete(club.ada, file=new)
    assert unread_in(club.ada, [club.group.pk])["files"] == {club.group.pk: 1}


def test_the_unread_of_many_groups_are_one_query(club, django_assert_num_queries):
    other = make.group("Other")
    make.takes_part(other, club.ada, of=club.alpha)
    for group in (club.group, other):
        a_file(group, by=club.otto)
    ada = club.anew(club.ada)
    places_of(ada)  # every page asks

    with django_assert_num_queries(1):
        assert unread_in(ada, [club.group.pk, other.pk])["files"] == {club.group.pk: 1, other.pk: 1}


def test_files_of_an_erased_person_stay_with_the_group_as_the_organisations(club, client):
    file = a_file(club.group, "CV of Otto Other.pdf", by=club.otto, description="By Otto Other")
    GroupFile.objects.update(created_for=club.beta)
    file.versions.update(by_for=club.beta, note="Otto Other's own")

    erase(club.sekou, person=club.otto)

    client.force_login(club.ada)
    page = client.get(file.get_absolute_url())
    assert "Beta Media Watch" in page.text
    assert "Otto Other" not in page.text
    file.refresh_from_db()
    assert (file.name, file.newest.stored.name) == ("CV of Former member.pdf", "CV of Former member.pdf")
    answer = client.get(file.newest.stored.get_absolute_url())
    assert answer.status_code == 200
    assert "Otto" not in answer.headers["Content-Disposition"]
