"""The details of entries are read as words: each key has a label, codes are said by who knows them."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from memberships.organisations.models import Alliance
from portal.access import roles
from portal.audit import telling
from portal.audit.models import Entry
from portal.audit.selectors import for_showing, in_words, lines
from portal.audit.services import record
from portal.registry import Detail, announced
from tests.architecture.world import ADMINISTRATOR, SECRETARIAT, STAFF, make_world


@pytest.fixture
def world(db):
    return make_world()


# ---- what is written


def keys_of(node: ast.AST | None, function: ast.AST) -> set[str]:
    """The keys of a dictionary as the function that hands it over makes it."""
    if isinstance(node, ast.Dict):
        own = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        unpacked = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
        return own.union(*(keys_of(value, function) for value in unpacked))
    if not isinstance(node, ast.Name):
        return set()
    found = set()
    for other in ast.walk(function):
        targets = other.targets if isinstance(other, ast.Assign) else [getattr(other, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id == node.id:
                found |= keys_of(getattr(other, "value", None), ast.Module([], []))
            if isinstance(target, ast.Subscript) and ast.unparse(target.value) == node.id:
                found |= {ast.literal_eval(target.slice)}
    return found


def recorded(source: str, names: dict[str, Any]) -> Iterator[tuple[set[str], set[str]]]:
    """For each `record(…)` in a module the verbs that it may be for, and the keys of its details."""
    tree = ast.parse(source)
    written = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    verbs = {verb.name for verb in announced.audit_verbs}
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) != "record":
                continue
            given = {word.arg: word.value for word in call.keywords}
            verb = given.get("verb")
            said = verb.value if isinstance(verb, ast.Constant) else names.get(ast.unparse(verb)) if verb else None
            yield ({said} if said else verbs & written), keys_of(given.get("details"), function)


def unlabelled(source: str, names: dict[str, Any]) -> list[tuple[list[str], str]]:
    """Keys that none of the verbs has a label for."""
    missing = []
    for verbs, keys in recorded(source, names):
        known = {detail.name for verb in verbs for detail in announced.audit_verbs[verb].details}
        missing += [(sorted(verbs), key) for key in sorted(keys - known)]
    return missing


def modules() -> Iterator[tuple[str, dict[str, Any]]]:
    """What could record, of all our apps: the source and the names in it."""
    root = Path(settings.BASE_DIR)
    for app in apps.get_app_configs():
        ours = Path(app.path).is_relative_to(root / app.name.partition(".")[0])
        for path in sorted(Path(app.path).rglob("*.py")) if ours else ():
            source = path.read_text(encoding="utf-8")
            if "record(" in source:
                name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
                yield source, vars(importlib.import_module(name))


def test_every_key_that_a_service_writes_has_a_label():
    found = list(modules())
    keys = {key for source, names in found for _verbs, written in recorded(source, names) for key in written}

    assert [one for source, names in found for one in unlabelled(source, names)] == []
    assert keys >= {"fields", "from", "roles", "created", "unrecorded_before", "proposed_by", "sha256", "filters"}


@pytest.mark.parametrize(
    "code",
    [
        'def act(a):\n record(a, verb="standing.started", details={"colour": 1})',
        'def act(a):\n details = {"to": 1}\n details["colour"] = 1\n record(a, verb=VERB, details=details)',
        'def act(a):\n counts = {"colour": 1}\n record(a, verb=VERB, details={**counts, "to": 2})',
        'def act(a, b):\n verb = "role.given" if b else "role.ended"\n record(a, verb=verb, details={"colour": 1})',
    ],
)
def test_the_walk_would_find_one_without(code):
    assert [key for _verbs, key in unlabelled(code, {"VERB": "standing.started"})] == ["colour"]


# ---- how it is read


def told(language="en"):
    """The details of all entries, earliest first, as a reader of that language sees them."""
    with translation.override(language):
        read = lines(for_showing(Entry.objects.order_by("pk")), whole=True)
        return [dict(line.details) for line in read]


def test_codes_days_and_yes_are_said(world):
    staff = world.people[STAFF]
    record(None, verb="standing.started", details={"from": "full", "to": "suspended", "since": "2025-06-01"})
    record(None, verb="organisation.updated", details={"fields": ["city", "subjects"], "version": 1204})
    record(None, verb="network_role.granted", target=staff, details={"role": roles.SECRETARIAT})
    record(None, verb="affiliation.started", target=staff, details={"affiliation": 7, "roles": ["delegate"]})
    record(None, verb="mail_key.set", target=staff, details={"first": False})
    record(None, verb="person.unlocked", target=staff, details={"proposed_by": world.people[SECRETARIAT].pk})
    record(None, verb="person.updated", target=staff, details={"fields": ["about", "name"]})
    record(None, verb="invitation.created", details={"purpose": "affiliation"})

    assert told() == [
        {"Standing before": "Full member", "New standing": "Suspended", "Since": "1 June 2025"},
        {"What of it": "City · Works on", "Version of the profile": "1,204"},
        {"Role": "Secretariat"},
        {"Roles": "Delegate", "Number of the affiliation": "7"},
        {"The first one": "No"},
        {"Proposed by": "Sekou Retariat"},
        {"What of it": "About · Name"},
        {"Purpose": "Joining an organisation"},
    ]
    assert told("fr")[0] == {
        "Statut précédent": "Membre à part entière",
        "Nouveau statut": "Suspendu",
        "Depuis": "1 juin 2025",
    }


def test_filters_are_said_with_their_values(world):
    Alliance.objects.create(slug="coast", name_en="Coast Alliance")
    filters = {"q": "words", "region": ["africa"], "alliance": ["coast", "gone"], "country": ["CD"], "joined": ["1990"]}
    record(None, verb="export.made", details={"list": "people", "format": "vcf", "count": 3, "filters": filters})
    record(
        None,
        verb="record.exported",
        details={"format": "csv", "count": 1, "filters": {"who": "words", "verb": "role.given", "since": "2020-01-01"}},
    )

    directory, own = told()

    assert (directory["List"], directory["Form of the file"]) == ("People", "vCard")
    assert directory["Narrowed by"].split(" | ") == [
        "Words looked for: words that are not kept",
        "Region: Africa",
        "Country: Democratic Republic of the Congo",
        "Alliance: Coast Alliance · gone",
        "Joined: 1990–1999",
    ]
    assert own["Narrowed by"] == "Who: words that are not kept | What was done: Role given | From: 1 January 2020"


def test_counts_of_rows_are_said_by_kinds_of_data(world):
    rows = {"accounts.user": 1, "accounts.user_locked": 2, "accounts.invitation": -1, "gone.rule": 4}
    record(None, verb="privacy.retention_run", details={"rows": rows})

    assert told() == [{"Rows": "Your account: 3 · gone.rule: 4 · Invitations: could not be done"}]


def test_what_nobody_announced_or_is_no_code_is_shown_as_it_is(world):
    """Also what somebody writes past the services: nobody can close the record with it."""
    record(None, verb="standing.started", details={"to": "promoted", "since": "soon", "colour": {"of": [1, True]}})
    record(None, verb="standing.started", details={"to": ["full", {}, 5], "since": 4711})
    record(None, verb="export.made", details={"filters": ["africa"], "count": {"a": 1}})
    record(None, verb="person.unlocked", details={"proposed_by": "nobody"})

    assert told() == [
        {"New standing": "promoted", "Since": "soon", "colour": "of: 1 · Yes"},
        {"New standing": "full ·  · 5", "Since": "4,711"},
        {"Lines": "a: 1", "Narrowed by": "africa"},
        {"Proposed by": "nobody"},
    ]


def test_what_says_nothing_has_no_line(world):
    record(None, verb="standing.started", details={"from": "", "to": "full", "since": ""})
    record(None, verb="export.made", details={"list": "people", "count": 0, "filters": {}})

    assert told() == [{"New standing": "Full member"}, {"List": "People", "Lines": "0"}]


@pytest.mark.parametrize("entries", [1, 3])
def test_a_vocabulary_costs_one_query_for_any_number_of_entries(entries, world):
    Alliance.objects.create(slug="coast", name_en="Coast Alliance")
    for _ in range(entries):
        record(None, verb="alliance.joined", target=world.alpha, details={"alliance": "coast"})
    read = list(for_showing(Entry.objects.all()))

    with CaptureQueriesContext(connection) as queries:
        shown = lines(read, whole=True)

    assert [line.details for line in shown] == [[("Alliance", "Coast Alliance")]] * entries
    assert len(queries) == 1


def test_it_is_on_the_page_in_the_file_and_among_what_is_held(world, client):
    record(world.people[ADMINISTRATOR], verb="standing.started", target=world.alpha, details={"to": "suspended"})
    client.force_login(world.people[SECRETARIAT])

    page = client.get("/audit/").content.decode()
    table = client.get("/audit/export.csv").content.decode("utf-8-sig")

    assert "New standing</dt><dd><bdi>Suspended</bdi></dd>" in page
    assert 'New standing: Suspended,"{""to"": ""suspended""}"' in table
    assert in_words(Entry.objects.get(verb="standing.started")) == "New standing: Suspended"


def test_each_detail_is_announced_once_for_a_verb():
    for verb in announced.audit_verbs:
        names = [detail.name for detail in verb.details]
        assert len(names) == len(set(names)), verb.name


def test_a_detail_that_fails_for_one_value_is_still_said_for_the_others():
    detail = Detail(name="x", label="X", told=telling.each(lambda code: {"a": "A"}[code]))

    assert telling.told(detail, ["a", "b"]) == ["A", "b"]
