"""The pages of files, with and without scripts; downloads through them; what they cost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.files.models import StoredFile
from tests.factories.documents import pdf
from tests.factories.files import file as a_file
from tests.factories.files import folder as a_folder
from tests.factories.files import version as a_version
from tests.factories.groups import takes_part
from tests.factories.pictures import picture
from tests.portal.files.corpus import HTML
from workspaces.files import services
from workspaces.files.models import Folder, GroupFile
from workspaces.groups import services as groups


def at(club, name="files", *arguments):
    return reverse(f"group_files:{name}", args=[club.group.slug, *arguments])


@pytest.fixture
def browser(club, client):
    client.force_login(club.sam)
    return client


def given(content=None, name="plan.pdf"):
    return SimpleUploadedFile(name, pdf() if content is None else content, "application/octet-stream")


def names(answer):
    return [line.file.name for line in answer.context["lines"]]


def test_several_files_are_added_at_once_without_a_script(club, browser):
    folder = a_folder(club.group)

    answer = browser.post(
        at(club, "upload"),
        {"uploads": [given(), given(b"words", "note.txt")], "folder": folder.number, "description": "For June"},
        follow=True,
    )

    assert answer.redirect_chain == [(folder.get_absolute_url(), 302)]
    assert names(answer) == ["note.txt", "plan.pdf"]
    assert "2 files are added." in answer.text
    assert "For June" in answer.text
    assert "Alpha Press Union" in answer.text


def test_what_is_refused_is_said_by_name(club, browser):
    answer = browser.post(at(club, "upload"), {"uploads": [given(), given(HTML, "logo.png")]}, follow=True)

    assert names(answer) == ["plan.pdf"]
    assert "Not taken: logo.png. Web pages, SVG drawings" in answer.text


def test_where_all_is_refused_the_form_comes_again(club, browser):
    answer = browser.post(at(club, "upload"), {"uploads": [given(HTML, "logo.png")], "description": "For June"})

    assert answer.status_code == 422
    assert "logo.png: Web pages, SVG drawings" in answer.text
    assert "For June" in answer.text
    assert not StoredFile.objects.exists()


def test_nothing_chosen(club, browser):
    answer = browser.post(at(club, "upload"), {"description": "For June"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"uploads": ["Choose one or more files."]}


def test_a_script_is_told_where_to_go(club, browser):
    answer = browser.post(at(club, "upload"), {"uploads": [given()]}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, at(club))
    assert "1 file is added." in browser.get(at(club)).text


def test_for_whom_is_asked_where_there_is_a_choice(club, browser):
    assert "acting_for" not in browser.get(at(club, "upload")).context["form"].fields
    club.sam.affiliations.create(organisation=club.beta, title="Adviser")
    club.group.organisations.get_or_create(organisation=club.beta, until=None)

    form = browser.get(at(club, "upload")).context["form"]
    assert form.fields["acting_for"].initial == str(club.alpha.pk)
    browser.post(at(club, "upload"), {"uploads": [given()], "acting_for": str(club.beta.pk)})

    assert GroupFile.objects.get().created_for == club.beta
    refused = browser.post(at(club, "upload"), {"uploads": [given()], "acting_for": str(club.world.hidden.pk)})
    assert refused.status_code == 422


def test_the_list_is_sorted_and_says_sizes_before_a_download(club, browser):
    a_file(club.group, "b.pdf", by=club.otto)
    a_file(club.group, "A.txt", content=b"x" * 3_000_000, media_type="text/plain")
    a_file(club.group, "c.pdf", folder=a_folder(club.group), by=club.sam)

    page = browser.get(at(club))

    assert names(page) == ["A.txt", "b.pdf"]
    assert names(browser.get(at(club) + "?sort=name")) == ["A.txt", "b.pdf"]
    assert names(browser.get(at(club) + "?sort=size")) == ["A.txt", "b.pdf"]
    assert names(browser.get(at(club) + "?sort=nonsense&page=99")) == ["A.txt", "b.pdf"]
    assert "3 MB · large download" in page.text
    assert "1 file" in page.text
    assert "3 MB of 2 GB" in page.text


def test_the_page_of_a_file_has_its_versions_and_shows_it_only_when_asked(club, browser):
    file = a_file(club.group, "plan.pdf", by=club.sam)
    first = file.newest
    second = a_version(file, by=club.otto, note="Second thoughts")

    page = browser.get(at(club, "file", file.number))

    assert "Second thoughts" in page.text
    for version in (first, second):
        assert version.stored.get_absolute_url() in page.text
    assert "<iframe" not in page.text
    assert "frame-src" not in page.headers["Content-Security-Policy"]
    shown = browser.get(at(club, "file", file.number) + "?show")
    assert f'src="{second.stored.get_absolute_url()}?show"' in shown.text
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]


def test_a_picture_is_shown_when_asked(club, browser):
    browser.post(at(club, "upload"), {"uploads": [given(picture(), "map.png")]})
    file = GroupFile.objects.get()

    assert "<img" not in browser.get(at(club, "file", file.number)).text.partition("<main")[2]
    shown = browser.get(at(club, "file", file.number) + "?show")

    assert f'<img class="shown-picture" src="{file.newest.stored.get_absolute_url()}?show" width="40"' in shown.text
    assert "frame-src" not in shown.headers["Content-Security-Policy"]


def test_a_version_is_added(club, browser):
    file = a_file(club.group, "plan.pdf")

    answer = browser.post(at(club, "version", file.number), {"file": given(), "note": "Better"}, follow=True)

    assert answer.redirect_chain == [(file.get_absolute_url(), 302)]
    assert "The new version is added." in answer.text
    assert "Better" in answer.text
    refused = browser.post(at(club, "version", file.number), {"file": given(HTML, "plan.pdf")})
    assert refused.status_code == 422
    assert "Web pages, SVG drawings" in refused.text


def test_a_file_is_edited(club, browser):
    file = a_file(club.group, "plan.pdf")

    answer = browser.post(at(club, "edit", file.number), {"name": "Plan B", "language": "fr"}, follow=True)

    assert "Plan B.pdf" in answer.text
    assert browser.post(at(club, "edit", file.number), {"name": ""}).status_code == 422


def test_deleting_asks_first_and_leaves_a_trace(club, browser):
    file = a_file(club.group, "plan.pdf", by=club.sam, folder=a_folder(club.group))

    assert "Delete plan.pdf?" in browser.get(at(club, "delete", file.number)).text
    answer = browser.post(at(club, "delete", file.number), follow=True)

    assert answer.redirect_chain == [(at(club, "folder", 1), 302)]
    assert browser.get(at(club, "file", file.number)).status_code == 404
    trace = browser.get(at(club, "deleted")).text
    assert "plan.pdf" in trace
    assert "Sam Staff" in trace


def test_folders_are_made_renamed_and_deleted(club, browser):
    made = browser.post(at(club, "folder-new"), {"name": "Letters"}, follow=True)
    assert "Nothing is in this folder" in made.text
    browser.post(at(club, "folder-new"), {"name": "2027", "parent": "1"})
    browser.post(at(club, "folder-edit", 2), {"name": "Of 2027", "parent": ""})
    assert set(Folder.objects.values_list("name", "parent")) == {("Letters", None), ("Of 2027", None)}
    a_file(club.group, folder=Folder.objects.get(name="Letters"))

    refused = browser.post(at(club, "folder-delete", 1), follow=True)
    assert "This folder is not empty." in refused.text
    browser.post(at(club, "folder-delete", 2))

    assert list(Folder.objects.values_list("name", flat=True)) == ["Letters"]
    assert browser.post(at(club, "folder-new"), {"name": "letters"}).status_code == 422


def test_the_secretariat_sets_the_space_without_reading_what_is_there(club, client):
    a_file(club.group, "Kestrel.pdf")
    client.force_login(club.sekou)
    page = client.get(at(club, "space"))
    assert "of 2 GB" in page.text
    assert "Kestrel" not in page.text

    client.post(at(club, "space"), {"megabytes": "10"})
    assert "of 10 MB" in client.get(at(club, "space")).text
    client.post(at(club, "space"), {"megabytes": ""})
    assert "of 2 GB" in client.get(at(club, "space")).text
    assert client.get(at(club)).status_code == 403


def test_an_archive_is_read_and_not_changed(club, client):
    file = a_file(club.group, by=club.sam)
    groups.workspace_dissolve(club.ada, workspace=club.group, note="Done.")
    client.force_login(club.anew(club.sam))

    assert client.get(at(club, "file", file.number)).status_code == 200
    assert client.get(file.newest.stored.get_absolute_url()).status_code == 200
    page = client.get(at(club)).text + client.get(at(club, "file", file.number)).text
    for name in ("upload", "folder-new"):
        assert at(club, name) not in page
        assert client.get(at(club, name)).status_code == 403
    for name in ("version", "edit", "delete"):
        assert at(club, name, file.number) not in page
        assert client.post(at(club, name, file.number)).status_code == 403


def test_who_reads_an_open_group_from_outside_downloads_and_knows_nobody_at_risk(club, client):
    club.group.visibility = "open"
    club.group.save()
    takes_part(club.group, club.ria, of=club.world.hidden)
    file = a_file(club.group, "risky.pdf", by=club.ria, created_for=club.world.hidden)
    file.newest.by_for = club.world.hidden
    file.newest.save()
    client.force_login(club.dela)

    pages = client.get(at(club)).text + client.get(at(club, "file", file.number)).text

    assert "risky.pdf" in pages
    assert "Ria Risk" not in pages
    assert "Hidden Voices" not in pages
    assert client.get(file.newest.stored.get_absolute_url()).status_code == 200
    assert at(club, "upload") not in pages
    client.force_login(club.otto)
    assert "Ria Risk" in client.get(at(club)).text


def count(client, address):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_lists_cost_the_same_for_one_and_for_many(club, browser):
    file = a_file(club.group, by=club.sam)
    a_folder(club.group)
    services.file_delete(club.ada, file=a_file(club.group, "gone.pdf", by=club.sam))
    addresses = (at(club), at(club, "deleted"), at(club, "file", file.number), club.group.get_absolute_url())
    browser.get(at(club))
    one = [count(browser, address) for address in addresses]

    for number in range(4):
        a_file(club.group, f"{number}.pdf", by=club.otto, folder=None)
        a_folder(club.group, f"Folder {number}")
        a_version(file, by=club.otto)
        services.file_delete(club.ada, file=a_file(club.group, f"gone {number}.pdf", by=club.otto))

    assert [count(browser, address) for address in addresses] == one
    assert one[:3] == [PINNED_LIST, PINNED_DELETED, PINNED_FILE]


PINNED_LIST, PINNED_DELETED, PINNED_FILE = 12, 10, 12
