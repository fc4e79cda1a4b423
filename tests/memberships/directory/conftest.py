"""A small network with one of everything the directory must get right, and things that must not be found."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.http import QueryDict

from memberships.directory.filters import OrganisationFilter, PeopleFilter
from memberships.directory.selectors import directory_for, organisations_found, people_found
from memberships.organisations.models import (
    Alliance,
    AllianceMembership,
    Contact,
    Organisation,
    Region,
    Standing,
    Subject,
)  # fmt: skip
from memberships.people.models import Role
from portal.access import roles
from portal.accounts.models import User
from portal.live.services import publish
from portal.search.folding import sort_key
from portal.search.services import reindex
from tests.architecture.world import person
from tests.factories.accounts import with_factor

CANARY_CITY = "Canaryville"
CANARY_CONTACT = "canary@secretariat-only.example"


def settle() -> None:
    """What services do after a change: index, and raise the directory's number."""
    reindex("organisation")
    reindex("person")
    publish("directory", kind="organisation.updated")


def add(name: str, *, standing: str | None = "full", subjects=(), alliances=(), **values) -> Organisation:
    """An organisation with a standing, subjects and alliances by slug (made where they are not there yet)."""
    values = {"region": Region.AFRICA, "slug": sort_key(name).replace(" ", "-")[:120], **values}
    if "native_name" in values:
        values["native_name_sort"] = sort_key(values["native_name"])
    made = Organisation.objects.create(name=name, name_sort=sort_key(name), **values)
    if standing:
        Standing.objects.create(organisation=made, kind=standing, since=date(2005, 1, 1))
    for slug in subjects:
        label = slug.replace("-", " ").capitalize()
        made.subjects.add(Subject.objects.get_or_create(slug=slug, defaults={"name_en": label})[0])
    for slug in alliances:
        labels = {"name_en": slug.upper(), "acronym": slug.upper()}
        alliance = Alliance.objects.get_or_create(slug=slug, defaults=labels)[0]
        AllianceMembership.objects.create(alliance=alliance, organisation=made, since=date(2006, 1, 1))
    return made


@dataclass
class Network:
    """The organisations by a short name, and one person for each way to look at them."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    member: User = None  # of JED
    at_risk: User = None  # administrator of the one at risk
    hider: User = None  # of the one that hides its country
    secretariat: User = None
    guest: User = None

    def __getitem__(self, name: str) -> Organisation:
        return self.organisations[name]

    @property
    def readers(self) -> list[User]:
        """Everyone who may open the directory, as the next request would load them."""
        return [User.objects.get(pk=one.pk) for one in (self.member, self.at_risk, self.hider, self.secretariat)]


@pytest.fixture
def network(db) -> Network:
    made = Network()
    made.organisations = {
        "jed": add(
            "Journaliste en danger", acronym="JED", native_name="Journaliste en danger", native_language="fr",
            country="CD", city="Kinshasa", languages=["fr", "en"], subjects=["press-freedom", "monitoring"],
            alliances=["afex"], joined_year=1999, website="https://jed.example",
            description_en="Watches over reporters in Kinshasa.",
        ),
        "anhri": add(
            "Arabic Network for Human Rights Information", acronym="ANHRI", native_language="ar", country="EG",
            city="Cairo",
            native_name="الشبكة العربية لمعلومات حقوق الإنسان", languages=["ar", "en"], joined_year=2006,
            region=Region.MIDDLE_EAST_NORTH_AFRICA, subjects=["digital-rights", "monitoring"],
        ),
        "maharat": add(
            "Maharat Foundation", native_name="مؤسسة مهارات", native_language="ar", country="LB", city="Beirut",
            languages=["ar"], region=Region.MIDDLE_EAST_NORTH_AFRICA, subjects=["press-freedom"],
        ),
        "karisma": add(
            "Fundación Karisma", native_name="Fundación Karisma", native_language="es", country="CO", languages=["es"],
            region=Region.AMERICAS, subjects=["digital-rights"], joined_year=2018, standing="candidate",
        ),
        "global": add("World Press Desk", region=Region.INTERNATIONAL, languages=["en"], subjects=["press-freedom"]),
        "former": add("Yesterday's Union", country="KE", standing="former", languages=["sw"], joined_year=1995),
        "suspended": add("Paused Watch", country="UG", standing="suspended", languages=["en"]),
        "partner": add(
            "Zebra Partners", country="FR", standing="partner", languages=["fr"], region=Region.EUROPE_CENTRAL_ASIA
        ),
        "none": add("Archive without standing", country="FR", standing=None, region=Region.EUROPE_CENTRAL_ASIA),
        "hidden": add(
            "Discreet Desk", country="BY", city=CANARY_CITY, country_hidden=True, languages=["ru"],
            subjects=["monitoring"],
            region=Region.EUROPE_CENTRAL_ASIA, joined_year=2011,
        ),
        "risk": add(
            "Hidden Voices", country="TM", city="Ashgabat", at_risk=True, languages=["tk"], subjects=["exile-media"],
            alliances=["risky"], region=Region.ASIA_PACIFIC, joined_year=2013, website="https://canary.example",
        ),
    }  # fmt: skip
    Contact.objects.create(organisation=made["jed"], kind="email", value="office@jed.example", audience="network")
    Contact.objects.create(organisation=made["jed"], kind="phone", value="+243 1 23", audience="network")
    Contact.objects.create(organisation=made["jed"], kind="signal", value=CANARY_CONTACT, audience="secretariat")
    Contact.objects.create(organisation=made["risk"], kind="email", value="canary@risk.example", audience="network")
    made.member = person("Mem Ber", of=made["jed"], role_names=(Role.ADMINISTRATOR, Role.DELEGATE))
    made.at_risk = person("Ria Risk", of=made["risk"], role_names=(Role.ADMINISTRATOR,))
    made.hider = person("Hi Der", of=made["hidden"], role_names=(Role.SIGNATORY,))
    made.secretariat = with_factor(person("Sekou Retariat"))
    made.guest = person("Gus Guest")
    roles.grant(roles.SECRETARIAT, made.secretariat, roles.network())
    roles.grant(roles.GUEST, made.guest, roles.network())
    settle()
    return made


def found(reader: User, query: str = "") -> list[str]:
    """The names of the organisations that an address finds, in their order."""
    directory = directory_for(reader)
    filters = OrganisationFilter(_data(query), reader=reader, facets=directory.organisations.facets)
    names = dict(Organisation.objects.values_list("pk", "name"))
    return [names[pk] for pk in organisations_found(directory, filters).ids]


def people(reader: User, query: str = "") -> list[str]:
    """The names of the people that an address finds, in their order."""
    directory = directory_for(reader)
    filters = PeopleFilter(_data(query), reader=reader, facets=directory.people.facets)
    names = dict(User.objects.values_list("pk", "name"))
    return [names[pk] for pk in people_found(directory, filters).ids]


def _data(query: str):
    return QueryDict(query)
