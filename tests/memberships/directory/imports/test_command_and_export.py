"""The import from the command line, and of what the directory exported."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from memberships.directory.imports.services import Verdict
from memberships.directory.models import Import, ImportRow
from memberships.organisations.models import Organisation, Standing
from tests.factories import people
from tests.factories.tables import REAL, as_csv, one


def run(path, *options: str) -> str:
    printed = io.StringIO()
    call_command("import_organisations", str(path), *options, stdout=printed)
    return printed.getvalue()


@pytest.fixture
def table(tmp_path):
    def write(content: bytes):
        path = tmp_path / "members.csv"
        path.write_bytes(content)
        return path

    return write


def test_without_confirm_nothing_is_changed(secretariat):
    printed = run(REAL)

    assert "119 new" in printed
    assert "Nothing was changed. Add --confirm to import." in printed
    assert not Organisation.objects.exists()
    assert not Import.objects.exists()


def test_with_confirm_it_is_imported_and_the_report_stays(secretariat):
    assert "Imported." in run(REAL, "--confirm", "--standing", "candidate")
    assert "There was nothing to do." in run(REAL, "--confirm")

    assert Organisation.objects.count() == 119
    assert Standing.objects.filter(kind=Standing.Kind.CANDIDATE).count() == 119
    assert list(Import.objects.values_list("state", "uploaded_by")) == [("confirmed", secretariat.pk)] * 2


def test_what_is_changed_or_wrong_is_said_row_by_row(secretariat, table):
    run(table(as_csv([one(city="Accra")])), "--confirm")

    printed = run(table(as_csv([one(city="Tema"), one(name="Wrong Union", region="Atlantis")], headings=HEADINGS)))

    assert "Row 2: Sample Voices (changed)" in printed
    assert "'Accra' → 'Tema'" in printed
    assert "Row 3: Wrong Union (wrong)" in printed
    assert "“Atlantis” is none of the regions" in printed


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "empty"), (b"a,b\n1,2\n", "headings"), (b"name\n\xff\xfe\xc3\xa9\n", "Row 2")]
)
def test_a_bad_file_ends_the_command_with_the_sentence(secretariat, table, content, said):
    with pytest.raises(CommandError, match=said):
        run(table(content))


def test_a_file_that_is_not_there_is_said(secretariat, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "nothing.csv")


def test_someone_of_the_secretariat_answers_for_it(secretariat, table):
    other = people.secretariat()
    path = table(as_csv([one()]))

    for options in ((), ("--by", "nobody@example.org"), ("--by", people.person().email)):
        with pytest.raises(CommandError, match="Name who of the Secretariat"):
            run(path, *options)
    run(path, "--confirm", "--by", other.email.upper())

    assert Import.objects.get().decided_by == other


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_was_exported_can_be_imported_and_there_is_nothing_to_do(secretariat, preview, confirm, form, language):
    confirm(preview(REAL.read_bytes()))
    Organisation.objects.filter(acronym="JED").update(founded_year=1998, name="=1+1 Journaliste en danger")
    secretariat.language = language
    secretariat.save()
    client = Client()
    client.force_login(secretariat)
    answer = client.get(reverse("directory:export", args=[form]))
    content = b"".join(answer) if answer.streaming else answer.content

    again = preview(content, f"members.{form}")

    outcomes = list(again.rows.values_list("outcome", flat=True))
    assert outcomes == [ImportRow.Outcome.UNCHANGED] * 119
    assert confirm(again) is Verdict.NOTHING_TO_DO


HEADINGS = ["name", "region", "city"]
