"""The real file: imported once, imported twice, imported with ten cells altered by hand."""

from collections import Counter

import pytest

from memberships.directory.imports.services import Verdict
from memberships.directory.models import ImportRow
from memberships.organisations.models import AllianceMembership, Organisation, ProfileChange, Standing
from portal.audit.models import Entry
from tests.factories.tables import REAL, as_csv, as_xlsx, real_rows

Outcome = ImportRow.Outcome


def outcomes(run) -> Counter:
    return Counter(run.rows.values_list("outcome", flat=True))


def test_first_import_adds_all_119_with_the_one_that_has_no_country(preview, confirm):
    run = preview(REAL.read_bytes())

    assert outcomes(run) == {Outcome.NEW: 119}
    assert Organisation.objects.count() == 0

    assert confirm(run) is Verdict.IMPORTED
    assert Organisation.objects.count() == 119
    assert Standing.objects.filter(kind=Standing.Kind.FULL, since=None).count() == 119
    pacific = Organisation.objects.get(name="Pacific Freedom Forum")
    assert (pacific.country, pacific.region, pacific.joined_year) == ("", "asia-pacific", 2009)
    adhrb = Organisation.objects.get(acronym="ADHRB")
    assert (adhrb.country, adhrb.region) == ("US", "middle-east-north-africa")  # the region comes from the file
    jed = Organisation.objects.get(acronym="JED")
    assert (jed.name, jed.languages, jed.city) == ("Journaliste en danger", ["fr", "en"], "Kinshasa")
    assert {subject.slug for subject in jed.subjects.all()} == {
        "press-freedom", "safety-of-journalists", "monitoring", "impunity",
    }  # fmt: skip
    assert [m.alliance.acronym for m in jed.alliance_memberships.all()] == ["AFEX"]
    maharat = Organisation.objects.get(acronym="Maharat")
    assert (maharat.native_name, maharat.native_language) == ("مؤسسة مهارات", "ar")


def test_every_fact_of_the_file_arrives(preview, confirm):
    confirm(preview(REAL.read_bytes()))

    for row in real_rows():
        stored = Organisation.objects.get(name=row["name"])
        assert stored.acronym == row["acronym"]
        assert stored.native_name == row["native_name"]
        assert stored.country == row["country_code"]
        assert stored.city == row["city"]
        assert stored.get_region_display() == row["region"]
        assert stored.website == row["website"]
        assert stored.languages == row["languages"].split(";")
        assert {subject.name_en.lower().replace("’", "'") for subject in stored.subjects.all()} >= {
            focus.lower() for focus in row["focus"].split(";") if focus not in {"documentation", "exile support"}
        } - {"circumvention", "gender"}
        assert stored.subjects.count() == len(row["focus"].split(";"))
        assert str(stored.joined_year or "") == row["joined_year"]
        assert [m.alliance.acronym for m in stored.alliance_memberships.all()] == list(filter(None, [row["alliance"]]))


def test_evidence_source_and_note_are_ignored_and_said_so(preview):
    run = preview(REAL.read_bytes())

    assert run.ignored_columns == ["evidence", "source", "note"]
    assert run.unknown_columns == []


def test_second_import_has_nothing_to_do(preview, confirm):
    confirm(preview(REAL.read_bytes()))
    before = (Organisation.objects.values_list("pk", "version"), ProfileChange.objects.count(), Entry.objects.count())
    versions = list(before[0])

    run = preview(REAL.read_bytes())
    assert outcomes(run) == {Outcome.UNCHANGED: 119}
    assert confirm(run) is Verdict.NOTHING_TO_DO

    assert list(Organisation.objects.values_list("pk", "version")) == versions
    assert ProfileChange.objects.count() == before[1]
    new = Entry.objects.order_by("-pk")[: Entry.objects.count() - before[2]]
    assert sorted(entry.verb for entry in new) == ["import.confirmed", "import.uploaded"]


@pytest.mark.parametrize("form", ["windows-semicolons", "utf-16-tabs", "xlsx"])
def test_the_same_table_in_another_form_has_nothing_to_do(preview, confirm, form):
    confirm(preview(REAL.read_bytes()))
    rows = real_rows()
    if form == "utf-16-tabs":
        content = as_csv(rows, encoding="utf-16", separator="\t")
    elif form == "xlsx":
        content = as_xlsx([list(rows[0]), *([int(c) if c.isdigit() else c for c in row.values()] for row in rows)])
    else:
        rows = [row for row in rows if all(c.encode("cp1252", "ignore").decode("cp1252") == c for c in row.values())]
        content = as_csv(rows, encoding="cp1252", separator=";")

    run = preview(content)

    assert outcomes(run) == {Outcome.UNCHANGED: len(rows)}
    assert len(rows) > 80


ALTERED = {
    # name → column, new cell, field, [before, after]
    "Africa Freedom of Information Centre": ("city", "Entebbe", "city", ["Kampala", "Entebbe"]),
    "Center for Media Studies and Peacebuilding": ("joined_year", "2007", "joined_year", [2006, 2007]),
    "Freedom of Expression Institute": (
        "website", "https://fxi.example.org", "website", ["https://www.fxi.org.za", "https://fxi.example.org"]
    ),
    "Journaliste en danger": ("languages", "fr", "languages", [["fr", "en"], ["fr"]]),
    "West African Journalists Association": (
        "native_name", "UJAO", "native_name", ["Union des journalistes de l'Afrique de l'Ouest", "UJAO"]
    ),
    "Canadian Journalists for Free Expression": ("acronym", "CJFE-JCLE", "acronym", ["CJFE", "CJFE-JCLE"]),
    "Karisma Foundation": (
        "focus", "digital rights;privacy;gender", "subjects",
        [["digital-rights", "digital-security", "gender", "privacy"], ["digital-rights", "privacy", "gender"]],
    ),
    "Pacific Freedom Forum": ("region", "International", "region", ["asia-pacific", "international"]),
    "Maharat Foundation": ("alliance", "AFEX", "alliances", [[], ["afex"]]),
    "Human Rights Watch": ("name", "Human rights watch", "name", ["Human Rights Watch", "Human rights watch"]),
}  # fmt: skip


def test_exactly_the_ten_altered_cells_are_shown(preview, confirm):
    confirm(preview(REAL.read_bytes()))
    rows = {row["name"]: row for row in real_rows()}
    numbers = {name: number for number, name in enumerate(rows, start=2)}
    for name, (column, cell, _field, _change) in ALTERED.items():
        assert rows[name][column] != cell
        rows[name][column] = cell

    run = preview(as_csv(rows.values()))

    assert outcomes(run) == {Outcome.CHANGED: 10, Outcome.UNCHANGED: 109}
    assert {row.number: row.changes for row in run.rows.filter(outcome=Outcome.CHANGED)} == {
        numbers[name]: {field: change} for name, (_column, _cell, field, change) in ALTERED.items()
    }
    assert not any(row.problems for row in run.rows.all())

    assert confirm(run) is Verdict.IMPORTED
    assert outcomes(preview(as_csv(rows.values()))) == {Outcome.UNCHANGED: 119}
    assert Organisation.objects.count() == 119
    assert AllianceMembership.objects.filter(organisation__acronym="Maharat", alliance__slug="afex").count() == 1


def test_a_changed_country_is_shown_or_refused(preview, confirm):
    confirm(preview(REAL.read_bytes()))
    rows = real_rows()
    rows[0] |= {"country": "Kenya", "country_code": "KE"}
    rows[1]["country"] = "Chad"  # the code still says South Sudan
    rows[2]["country"] = "Libberia"

    run = preview(as_csv(rows))

    by_number = {row.number: row for row in run.rows.all()}
    assert by_number[2].changes == {"country": ["UG", "KE"]}
    assert (by_number[3].outcome, by_number[3].problems[0]["code"]) == (Outcome.WRONG, "country_contradicts")
    assert (by_number[4].outcome, by_number[4].problems[0]["code"]) == (Outcome.UNCHANGED, "country_not_recognised")
