"""Two worlds (check A5, for organisations at risk and hidden presence): what outsiders receive is equal.

In the first world the organisation at risk is a bare name. In the second it has facts, texts, contacts, a logo, people
with roles, titles and profiles, its own history; a person who hides their presence is online. Nothing else differs.
Everything an outsider can ask for is read in both: each page of the table of routes (as a page and for htmx), the
lists with every filter that could single it out, the search, all exports, files, live topics and their replay, and
mails. After tokens are taken out, bodies, statuses and headers must be equal, byte for byte.
"""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from memberships.organisations import services
from memberships.organisations.models import Audience, Organisation, ProfileChange
from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.services import affiliation_start, affiliation_update
from portal.accounts.models import User
from portal.live import presence
from portal.live.models import Topic
from portal.live.reading import may_read, missed
from portal.live.services import publish
from portal.notifications.models import Notification
from portal.registry import announced
from portal.search.services import reindex
from tests.architecture.table import ROWS
from tests.architecture.world import (
    ADMINISTRATOR,
    ANONYMOUS,
    AT_RISK,
    DELEGATE,
    GUEST,
    OTHER,
    SECRETARIAT,
    STAFF,
    SUPERUSER,
    UNAFFILIATED,
    World,
    make_world,
    person,
)
from tests.factories import organisations as make
from tests.factories.pictures import picture, upload
from tests.jobs import run_jobs

OUTSIDERS = (ANONYMOUS, UNAFFILIATED, GUEST, OTHER, STAFF, DELEGATE, ADMINISTRATOR, SUPERUSER)
ALIKE = (STAFF, DELEGATE, SUPERUSER)
"""To the organisation at risk they stand as the administrator of another and as who is unaffiliated do."""
READ_IN_FULL = (OTHER,)
"""Who asks for every filter and export too; the others differ from them by rights alone."""
TOKEN = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"'
    r'|name="idempotency[_-]key" value="[^"]*"'
    r"|idempotency_key=[\w-]+"
    r'|data-live-number="\d+"'
    r"|\d\d:\d\d(?::\d\d)?(?: UTC[+-]?\d*)?"
    r"|\d{4}-\d\d-\d\dT[\d:.+Z-]+"
)
TEXTS = tuple(
    f"q={word}" for word in ("hidden", "voices", "hidden+voices", "zz", "minsk", "whistle", "ria", "rosa", "editor")
)
QUERIES = (
    *TEXTS,
    *(f"country={code}" for code in ("BY", "CD", "EG")),
    *(f"region={name}" for name in ("africa", "europe-central-asia", "asia-pacific")),
    *(f"language={code}" for code in ("be", "kk", "fr")),
    *("subject=exile-media", "alliance=risky", "standing=suspended", "standing=full", "joined=2010", "page=2"),
    *("view=table", "view=map", "sort=country", "sort=-name", "role=administrator", "role=delegate"),
)
ASKED = {
    "/members/": QUERIES,
    "/members/people/": QUERIES,
    "/members/countries/": QUERIES,
    "/members/alliances/": (),
    "/search/": TEXTS,
}
"""Each list with what it can be asked for."""
EXPORTS = ("csv", "xlsx", "json", "vcf")


@pytest.fixture
def world(db) -> World:
    cache.clear()
    world = make_world()
    # A bare name: what it hides is nowhere in the first world, not even in its rows.
    bare = {"country": "", "city": "", "languages": [], "joined_year": None}
    Organisation.objects.filter(pk=world.hidden.pk).update(**bare)
    world.hidden.refresh_from_db()
    make.subject("exile-media", name_en="Exile media")
    make.alliance("risky", name_en="Risky Alliance")
    # Somebody who belongs to both sides: seen nowhere through the one at risk.
    both = person("Bo Both", of=world.beta)
    Affiliation.objects.create(person=both, organisation=world.hidden, title="Editor")
    world.people["both"] = both
    for source in announced.search_sources:
        reindex(source.name)
    return world


def enrich(world: World) -> None:
    """Everything that can be known of the organisation at risk beside its names, written as rows: no event tells."""
    hidden = Organisation.objects.get(pk=world.hidden.pk)
    Organisation.objects.filter(pk=hidden.pk).update(
        country="BY", city="Minsk", region="europe-central-asia", languages=["be", "kk"],
        website="https://whistle.example", founded_year=1873, joined_year=2010, version=9,
        description_en="Whistle", description_ar="صفير", confirmed_at=datetime(2026, 1, 1, tzinfo=UTC),
        updated_at=datetime(2026, 1, 2, tzinfo=UTC),
    )  # fmt: skip
    hidden.subjects.add(make.subject("exile-media"))
    make.alliance_membership(hidden, make.alliance("risky"))
    make.contact(hidden, "whistle@example.org")
    make.contact(hidden, "+375 17 000 00 00", kind="phone", audience=Audience.SECRETARIAT)
    hidden.standings.update(reason="Whistle")  # its standing is counted: that is said to everybody
    ProfileChange.objects.create(organisation=hidden, version=9, field="city", before="Whistle", after="Minsk")
    for name, role in (("Rosa Risk", Role.DELEGATE), ("Rudi Risk", Role.ADMINISTRATOR)):
        person(name, of=hidden, role_names=(role,))
    Profile.objects.filter(person__name="Rosa Risk").update(languages=["be"])
    Profile.objects.filter(person=world.people[AT_RISK]).update(
        about="Whistle", phone="+375 17 111 11 11",
        email_audience=Profile.Audience.NETWORK, phone_audience=Profile.Audience.NETWORK,
    )  # fmt: skip
    Affiliation.objects.filter(organisation=hidden).update(title="Whistle editor")
    inside = Affiliation.objects.get(person=world.people["both"], organisation=hidden)
    RoleTerm.objects.create(affiliation=inside, role=Role.ADMINISTRATOR)
    for source in announced.search_sources:
        reindex(source.name)
    publish("directory", kind="organisation.updated")  # facets are kept until this number rises


def addresses(world: World, *, in_full: bool = True) -> list[str]:
    """Everything that can be asked for by GET, also about the organisation at risk and its people."""
    found = []
    for name, row in sorted(ROWS.items()):
        if row.get is None or name.startswith(("account_", "mfa_")):
            continue  # the sign-in library's pages know of no organisation, and are full of challenges
        arguments = row.arguments(world)
        found.append(reverse(name, kwargs=arguments))
        if "slug" in arguments:
            found.append(reverse(name, kwargs=arguments | {"slug": world.hidden.slug}))
    found += [reverse("people:person", args=[world.people[who].pk]) for who in (AT_RISK, "both", OTHER)]
    if not in_full:
        return list(dict.fromkeys(found))
    found += [f"{page}?{query}" for page, queries in ASKED.items() for query in queries]
    found += [f"/members/export.{form}{asked}" for form in EXPORTS for asked in ("", "?q=hidden", "?country=BY")]
    found += [f"/members/people/export.{form}{asked}" for form in EXPORTS for asked in ("", "?q=ria", "?q=both")]
    return list(dict.fromkeys(found))


def received(world: World, role: str, asked: list[str]) -> dict[str, Any]:
    """What one outsider gets: status, body and headers of each answer."""
    client = Client()
    if role != ANONYMOUS:
        client.force_login(world.people[role])
    answers: dict[str, Any] = {}
    for address in asked:
        for headers in ({}, {"HX-Request": "true"}) if address in ASKED else ({},):
            with transaction.atomic():
                answer = client.get(address, headers=headers)
                transaction.set_rollback(True)
            answers[f"{address} {headers}"] = (answer.status_code, plain(answer), told(answer))
    return answers


def plain(answer: Any) -> str:
    """The body without what is never the same twice; of a workbook what is in its sheets."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        book = zipfile.ZipFile(BytesIO(content))
        content = b"".join(book.read(name) for name in sorted(book.namelist()))
    return TOKEN.sub("", content.decode("utf-8", "replace"))


def told(answer: Any) -> dict[str, str]:
    """The headers, but for those that change by themselves. The length is that of the body without tokens."""
    changing = {"Set-Cookie", "Date", "Expires", "Last-Modified", "Content-Length"}
    return {name: TOKEN.sub("", value) for name, value in answer.headers.items() if name not in changing}


def heard(world: World, role: str) -> dict[str, Any]:
    """What the live connection replays to one outsider, of every topic that exists."""
    reader = User.objects.get(pk=world.people[role].pk)
    return {
        topic: [(event.number, event.kind, event.payload) for event in (missed(topic, 0) or (0, []))[1]]
        for topic in Topic.objects.values_list("name", flat=True)
        if may_read(reader, topic)
    }


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The addresses whose answers differ, each with the first place."""
    found = []
    for address in sorted(before.keys() | after.keys()):
        one, other = before.get(address), after.get(address)
        if one != other:
            found.append(f"{address}: {first_difference(repr(one), repr(other))}")
    return found


def first_difference(one: str, other: str) -> str:
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(0, at - 60) : at + 60]!r} against {other[max(0, at - 60) : at + 60]!r}"


@pytest.mark.parametrize("role", [role for role in OUTSIDERS if role not in ALIKE])
def test_facts_and_people_of_an_organisation_at_risk_change_nothing_for_outsiders(role, world):
    asked = addresses(world, in_full=role in READ_IN_FULL)
    cache.clear()
    before = received(world, role, asked)
    enrich(world)
    cache.clear()

    assert differences(before, received(world, role, asked)) == []


def test_the_comparison_sees_what_insiders_receive(world):
    """The control: those who may, receive another world."""
    asked = [
        f"/organisations/{world.hidden.slug}/",
        "/members/?country=BY",
        "/members/people/?q=rosa",
        "/search/?q=rosa",
    ]
    before = received(world, SECRETARIAT, asked)
    enrich(world)
    cache.clear()

    assert len(differences(before, received(world, SECRETARIAT, asked))) >= len(asked)


def test_the_comparison_sees_it_when_the_switch_is_off(world):
    """The control: the same facts of an organisation that is not at risk."""
    Organisation.objects.filter(pk=world.hidden.pk).update(at_risk=False)
    asked = [f"/members/?{query}" for query in QUERIES]
    before = received(world, OTHER, asked)
    enrich(world)
    cache.clear()

    assert len(differences(before, received(world, OTHER, asked))) > 15


@pytest.mark.parametrize("role", [role for role in OUTSIDERS if role != ANONYMOUS])
def test_live_topics_tell_outsiders_nothing_of_what_is_done_there(role, world):
    """By the services: whoever listens to the directory hears that something changed, never that it was this one."""
    keeper = User.objects.get(pk=world.people[AT_RISK].pk)
    topics = set(heard(world, role))
    services.organisation_update(
        keeper, organisation=world.hidden, version=world.hidden.version, changes={"city": "Minsk", "country": "BY"}
    )
    services.logo_set(keeper, organisation=world.hidden, upload=upload(picture()))
    newcomer = person("Rosa Risk")
    joined = affiliation_start(keeper, person=newcomer, organisation=world.hidden, title="Whistle")
    affiliation_update(keeper, affiliation=joined, title="Editor", give=[Role.DELEGATE])

    after = heard(world, role)

    assert set(after) - topics <= {"directory"}
    assert not any(payload for events in after.values() for _number, _kind, payload in events)
    assert f"organisation:{world.hidden.pk}" in heard(world, AT_RISK)


def test_nobody_outside_is_mailed_or_told(world):
    keeper = User.objects.get(pk=world.people[AT_RISK].pk)
    outside = [world.people[role].pk for role in OUTSIDERS if role != ANONYMOUS]
    services.organisation_update(
        keeper, organisation=world.hidden, version=world.hidden.version, changes={"city": "Minsk"}
    )
    affiliation_start(keeper, person=person("Rosa Risk"), organisation=world.hidden, title="Whistle")
    services.profile_confirm(keeper, organisation=world.hidden)
    run_jobs()

    assert not Notification.objects.filter(person_id__in=outside).exists()
    addresses = set(User.objects.filter(pk__in=outside).values_list("email", flat=True))
    assert not [sent for sent in mail.outbox if addresses & set(sent.to)]


@pytest.mark.parametrize("role", [OTHER, ADMINISTRATOR, SECRETARIAT])
def test_whoever_hides_their_presence_is_never_seen_online(role, world):
    """The hub marks nobody who hides (tests/portal/live); pages show the same whether they are there or not."""
    hiding = world.people[STAFF]
    asked = [f"/people/{hiding.pk}/", "/members/people/", f"/organisations/{world.alpha.slug}/", "/search/?q=sam"]
    assert not hiding.presence_visible
    away = received(world, role, asked)
    client = Client()
    client.force_login(hiding)
    client.get("/")

    assert presence.present([hiding.pk]) == set()
    assert differences(away, received(world, role, asked)) == []
