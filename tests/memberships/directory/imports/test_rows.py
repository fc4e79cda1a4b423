"""What is said about single rows: wrong cells, remarks, conflicts; and that nothing is deleted or guessed."""

import pytest

from memberships.directory.imports.columns import known_heading
from memberships.directory.imports.sentences import sentence
from memberships.directory.models import ImportRow
from memberships.organisations.models import Alliance, Organisation, Subject
from portal.ui.languages import CODES as LANGUAGES
from tests.architecture.world import organisation
from tests.factories.tables import as_csv, as_xlsx, one

Outcome = ImportRow.Outcome

WRONG = {
    "no name": (one(name=""), "is empty"),
    "a name of dots": (one(name="..."), "no letter"),
    "a name of 10,000 characters": (one(name="a" * 10_000), "10000 characters"),
    "no region": (one(region=""), "needs a region"),
    "an unknown region": (one(region="Atlantis"), "none of the regions"),
    "an unknown language": (one(languages="en;klingon"), "klingon"),
    "an unknown country": (one(country="Atlantis"), "Atlantis"),
    "an unknown code of a country": (one(country_code="XQ"), "XQ"),
    "a country and another's code": (one(country="Kenya", country_code="UG"), "do not belong together"),
    "a website of another kind": (one(website="ftp://example.org"), "address of a website"),
    "a script as website": (one(website="javascript:alert(1)"), "address of a website"),
    "a website that looks like another": (one(website="https://example.org@evil.example"), "address of a website"),
    "a long website": (one(website="https://example.org/" + "a" * 400), "420 characters"),
    "a year in the future": (one(joined_year="2999"), "not a year"),
    "a year of words": (one(joined_year="around 1998"), "not a year"),
    "a long acronym": (one(acronym="A" * 31), "31 characters"),
    "an unknown subject": (one(focus="press freedom;astrology"), "astrology"),
    "a misspelt subject": (one(focus="pres freedom"), "“press freedom” meant"),
    "an unknown alliance": (one(alliance="AXE"), "AXE"),
    "31 languages": (one(languages=";".join(sorted(LANGUAGES)[:31])), "at most 30"),
    "saved in the wrong encoding": (one(name="FundaciÃ³n Muestra"), "Fundación Muestra"),
    "the same with letters that windows-1252 lacks": (one(name="\u00c3\u0081rea Muestra"), "encoding"),
    "letters that were lost": (one(name="Fundaci\ufffdn Muestra"), "lost letters"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_row_says_what_is_wrong_beside_its_number(preview, confirm, row, said):
    run = preview(as_csv([one(name="Right Union"), row], headings=sorted({*row, "name", "region"})))

    wrong = run.rows.get(number=3)
    assert wrong.outcome == Outcome.WRONG
    assert any(said in sentence(problem) for problem in wrong.problems), [sentence(p) for p in wrong.problems]
    confirm(run)
    assert Organisation.objects.get().name == "Right Union"


def test_cells_too_many_or_too_few_make_a_row_wrong(preview):
    run = preview(
        b"name,region,city\nA Union,Africa\nB Union,Africa,Accra,Ghana\nC Union,Africa,Accra\nD U,Africa,X,,\n"
    )

    assert list(run.rows.values_list("number", "outcome")) == [(2, "wrong"), (3, "wrong"), (4, "new"), (5, "new")]


def test_numbers_are_those_of_a_spreadsheet(preview):
    run = preview(b'name,region\n\n"A\nUnion",Africa\n\n\nB Union,Africa\n')

    assert list(run.rows.values_list("number", "values__name")) == [(3, "A Union"), (6, "B Union")]


@pytest.mark.parametrize("text", ["=1+1 Union", "+Union", "-Union", "@Union", '=HYPERLINK("https://example.org")'])
def test_formulas_in_a_csv_file_are_text(preview, confirm, text):
    confirm(preview(as_csv([one(name=text)])))

    assert Organisation.objects.get().name == text


def test_the_text_mark_that_exports_put_before_formulas_is_taken_off(preview):
    run = preview(as_csv([one(name="'=1+1 Union"), one(name="'t Nieuws")]))

    assert [row.values["name"] for row in run.rows.all()] == ["=1+1 Union", "'t Nieuws"]


def test_formulas_and_errors_in_a_workbook_are_not_computed(preview):
    table = [["name", "region"], ['=CONCAT("A"," Union")', "Africa"], ["=#N/A", "Africa"], ["B Union", "Africa"]]

    run = preview(as_xlsx(table))

    assert [(row.outcome, [p["code"] for p in row.problems]) for row in run.rows.all()] == [
        ("wrong", ["formula"]), ("wrong", ["formula"]), ("new", []),
    ]  # fmt: skip


def test_values_of_a_workbook_are_read_as_shown(preview):
    table = [
        ["name", "region", "joined_year", "city"],
        ["A Union", "Africa", 1998.0, 7],
        ["B Union", "Africa", "1999", None],
    ]

    run = preview(as_xlsx(table, more_sheets=2))

    assert [row.values.get("joined_year") for row in run.rows.all()] == [1998, 1999]
    assert [row.values.get("city") for row in run.rows.all()] == ["7", None]
    assert run.read_as["other_sheets"] == "2"


def test_invisible_characters_go_and_it_is_said(preview):
    run = preview(as_csv([one(name="Sample\u202e \x07Voices\u200b", city="Accra\x00")]))

    row = run.rows.get()
    assert (row.outcome, row.values["name"], row.values["city"]) == (Outcome.NEW, "Sample Voices", "Accra")
    assert [(problem["code"], problem["field"]) for problem in row.problems] == [
        ("cleaned", "name"),
        ("cleaned", "city"),
    ]


def test_joiners_of_persian_and_nepali_names_stay(preview):
    run = preview(as_csv([one(native_name="انجمن روزنامه‌نگاران")]))

    assert run.rows.get().values["native_name"] == "انجمن روزنامه‌نگاران"
    assert run.rows.get().problems == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Syrian Arab Republic", "SY"), ("Palestine, State of", "PS"), ("Côte d'Ivoire", "CI"), ("Türkiye", "TR"),
        ("Allemagne", "DE"), ("Reino Unido", "GB"), ("مصر", "EG"), ("south sudan", "SS"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_name_where_no_code_is_given(preview, text, code):
    assert preview(as_csv([one(country=text)])).rows.get().values["country"] == code


@pytest.mark.parametrize("text", ["Afrique", "africa", "AFRICA", "أفريقيا"])
def test_a_region_is_known_in_each_language(preview, text):
    assert preview(as_csv([one(region=text)])).rows.get().values["region"] == "africa"


@pytest.mark.parametrize("text", ["en;fr", "EN; FR", "English;French", "anglais;français", "en;;fr;en"])
def test_languages_are_known_by_code_and_name(preview, text):
    assert preview(as_csv([one(languages=text)])).rows.get().values["languages"] == ["en", "fr"]


def test_headings_are_known_in_other_spellings():
    assert known_heading("Native name")
    assert known_heading("COUNTRY_CODE")
    assert known_heading(" joined year ")
    assert not known_heading("telephone")


def test_columns_that_nobody_knows_are_reported_and_left_out(preview):
    run = preview(b"name,region,telephone,,\nA Union,Africa,+1,x,\n")

    assert run.unknown_columns == ["telephone", "column 4, without a heading"]
    assert set(run.rows.get().values) == {"name", "region"}


def test_an_empty_cell_deletes_nothing(preview, confirm):
    known = organisation(
        "Sample Voices", country="KE", city="Nairobi", acronym="SV", languages=["en"], joined_year=1999
    )
    empty = dict.fromkeys(["acronym", "country_code", "city", "languages", "joined_year", "region", "website"], "")

    run = preview(as_csv([{"name": "Sample Voices", **empty}]))

    assert run.rows.get().outcome == Outcome.UNCHANGED
    confirm(run)
    known.refresh_from_db()
    assert (known.country, known.city, known.acronym, known.languages) == ("KE", "Nairobi", "SV", ["en"])


def test_who_is_missing_in_the_table_stays(preview, confirm):
    organisation("Beta Media Watch")

    confirm(preview(as_csv([one()])))

    assert set(Organisation.objects.values_list("name", flat=True)) == {"Beta Media Watch", "Sample Voices"}


def test_an_alliance_is_joined_and_none_is_left(preview, confirm):
    confirm(preview(as_csv([one(alliance="AFEX")])))

    run = preview(as_csv([one(alliance="IFEX-ALC")]))
    assert run.rows.get().changes == {"alliances": [["afex"], ["afex", "ifex-alc"]]}
    confirm(run)

    current = Organisation.objects.get().alliance_memberships.filter(until=None)
    assert set(current.values_list("alliance__acronym", flat=True)) == {"AFEX", "IFEX-ALC"}


@pytest.mark.parametrize(
    ("row", "code", "why"),
    [
        (one(name="Voices of the Sample", acronym="SV", country_code="KE"), "like", "acronym"),
        (one(name="Voices of the Sample", acronym="sv"), "like", "acronym"),  # no country contradicts
        (one(name="Other Name Entirely", website="http://samplevoices.example.org/en"), "like", "website"),
        (one(name="Sauti za Mfano"), "like", "native"),
        (one(name="Other Name Entirely", native_name="Sample Voices"), "like", "native"),
        (one(name="Sample Voice", country_code="KE"), "like", "name"),
        (one(name="SampleVoices"), "like", "name"),
    ],
)
def test_who_may_be_the_same_under_another_name_is_shown_and_not_merged(preview, confirm, row, code, why):
    known = organisation(
        "Sample Voices",
        acronym="SV",
        country="KE",
        native_name="Sauti za mfano",
        website="https://www.samplevoices.example.org",
    )

    run = preview(as_csv([row]))

    shown = run.rows.get()
    assert shown.outcome == Outcome.CONFLICTING
    (problem,) = shown.problems
    assert (problem["code"], problem["params"]["why"], problem["params"]["organisation"]) == (code, why, known.pk)
    assert "Sample Voices" in sentence(problem)
    assert problem["params"]["changes"]["name" if row["name"] != "Sample Voices" else "native_name"]
    confirm(run)  # nobody decided: left out
    assert Organisation.objects.count() == 1
    assert Organisation.objects.get().version == 1


@pytest.mark.parametrize(
    "row",
    [
        one(name="Southern Voices", acronym="SV", country_code="ZA"),  # the same acronym elsewhere
        one(name="Sample Noises", country_code="KE"),
        one(name="Sample Voice", country_code="ZA"),  # nearly the same name, another country
        one(name="Another Union", website="https://www.facebook.com/another"),
    ],
)
def test_others_are_new(preview, row):
    organisation("Sample Voices", acronym="SV", country="KE", website="https://www.facebook.com/samplevoices")

    assert preview(as_csv([row])).rows.get().outcome == Outcome.NEW


def test_the_same_name_with_everything_else_different_is_asked(preview):
    known = organisation("Human Rights Center", acronym="HRC", country="GE", website="https://hrc.example.org")

    run = preview(as_csv([one(name="Human rights center", acronym="HRCA", country_code="AZ")]))

    row = run.rows.get()
    assert (row.outcome, row.problems[0]["code"]) == (Outcome.CONFLICTING, "same_name")
    assert row.problems[0]["params"]["organisation"] == known.pk


def test_two_rows_with_one_name_are_both_asked(preview, confirm):
    run = preview(as_csv([one(city="Accra"), one(name="Other Union"), one(name="SAMPLE  voices", city="Lomé")]))

    assert list(run.rows.values_list("number", "outcome")) == [(2, "conflicting"), (3, "new"), (4, "conflicting")]
    assert run.rows.get(number=2).problems[0]["params"]["row"] == 4
    assert "Row 2" in sentence(run.rows.get(number=4).problems[0])
    confirm(run)
    assert Organisation.objects.get().name == "Other Union"


def test_two_new_rows_that_look_alike_are_both_asked(preview):
    run = preview(as_csv([one(name="Voices of Sample", acronym="VS"), one(name="Sample Voices", acronym="V.S.")]))

    assert [(row.outcome, row.problems[0]["code"]) for row in run.rows.all()] == [("conflicting", "like_row")] * 2


def test_case_and_accents_make_no_other_organisation(preview, confirm):
    organisation("Fundación Muestra", country="AR")

    run = preview(as_csv([one(name="FUNDACION  MUESTRA", country_code="AR")]))

    assert run.rows.get().outcome == Outcome.CHANGED
    assert run.rows.get().changes == {"name": ["Fundación Muestra", "FUNDACION MUESTRA"]}


def test_words_of_the_vocabulary_become_rows_with_their_labels_when_needed(preview, confirm):
    run = preview(as_csv([one(focus="Liberté de la presse;gender", alliance="afex")]))
    assert not Subject.objects.exists()

    confirm(run)

    assert {subject.slug: subject.name_ar for subject in Subject.objects.all()} == {
        "gender": "المساواة بين الجنسين",
        "press-freedom": "حرية الصحافة",
    }
    assert Alliance.objects.get().name_fr == "Réseau africain de la liberté d’expression"


def test_a_subject_that_the_network_added_is_known(preview):
    Subject.objects.create(slug="cartoons", name_en="Cartoons", name_es="Viñetas")

    assert preview(as_csv([one(focus="viñetas")])).rows.get().values["subjects"] == ["cartoons"]
