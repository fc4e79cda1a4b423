"""Who works where in the demonstration: some three hundred invented people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from memberships.organisations.models import Organisation
from memberships.organisations.samples import (
    ORGANISATIONS,
    PEOPLE,
    TITLE_BY_SLUG,
    TITLES,
    SampleAffiliation,
    SampleOrganisation,
    SamplePerson,
    invented_names,
)
from memberships.organisations.services.profile import organisation_update, profile_confirm
from memberships.people.demonstration import Newcomer, Place, interface, settle
from memberships.people.models import Affiliation, Role
from portal.accounts.models import User
from portal.search.folding import fold

IN_REAL: Final = (2, 3, 1, 2, 3, 2, 1, 4, 2, 1)
"""How many work at each real organisation, over and over."""
IN_INVENTED: Final = {"SPU": 8, "SWG": 6, "MRC": 6, "TPCT": 2}
USUALLY: Final = 5
WITHOUT_ADMINISTRATOR: Final = "PlA"
CONFIRMED_DAYS_AGO: Final = {
    "SPU": 215,
    "DRN": 150,
    "EMW": 400,
    "SWG": 310,
    "MRC": 75,
    "SDL": 200,
    "CM": 12,
    "SRN": 240,
}
"""The other invented organisations never said that their profile is right. Real ones are not spoken for."""
HEADS: Final = frozenset({"director", "deputy-director", "board"})
TEAM: Final[tuple[tuple[Role, ...], ...]] = ((Role.ADMINISTRATOR, Role.DELEGATE, Role.SIGNATORY), (Role.ALTERNATE,))

# Beside those of the samples: someone at risk, and a second place for someone who has one.
AT_RISK: Final = SamplePerson(
    "Thuraya Halwani",
    "thuraya.halwani@eshp.example.org",
    "ar",
    ("ar", "en"),
    (SampleAffiliation("ESHP", "editor", ("administrator", "delegate")),),
)
SECOND_PLACES: Final = {"Inês Duarte": SampleAffiliation("MTO", "training", ("delegate", "signatory"))}
NAMED: Final = (*PEOPLE, AT_RISK)


@dataclass
class Names:
    """Invented names in turn, each once, those of a region for who works there."""

    taken: set[str] = field(default_factory=set)

    def next(self, region: str) -> tuple[str, tuple[str, ...]]:
        """A name and the languages of whoever has it."""
        supply = invented_names(len(self.taken) + 1, region)
        found = next(name for name in supply if name.name not in self.taken)
        self.taken.add(found.name)
        return found.name, found.languages


def people() -> None:
    """Settle everybody, the named ones first; then let those who keep an invented profile do so."""
    samples = {sample.name: sample for sample in ORGANISATIONS}
    by_acronym = {samples[made.name].acronym: made for made in Organisation.objects.filter(name__in=samples)}
    settle([_named(person, by_acronym) for person in NAMED])
    names = Names({person.name for person in NAMED})
    counts = cycle(IN_REAL)
    newcomers: list[Newcomer] = []
    for turn, organisation in enumerate(Organisation.objects.order_by("pk")):
        known = samples.get(organisation.name)
        count = IN_INVENTED.get(known.acronym, USUALLY) if known else next(counts)
        newcomers += _staff(turn, organisation, known, count, names)
    settle(newcomers)
    _confirm(by_acronym)
    _edit(by_acronym)


def _named(person: SamplePerson, by_acronym: dict[str, Organisation]) -> Newcomer:
    affiliations = list(person.affiliations)
    if person.name in SECOND_PLACES:
        affiliations.append(SECOND_PLACES[person.name])
    places = [
        Place(
            organisation=by_acronym[affiliation.organisation],
            title=_title(affiliation.title, person.languages),
            roles=[Role(role) for role in affiliation.roles],
            since=_ago(900 + 37 * number),
        )
        for number, affiliation in enumerate(affiliations)
    ]
    return Newcomer(
        name=person.name,
        email=person.email,
        languages=person.languages,
        places=places,
        preferences={"presence_visible": person.presence_visible},
        open_to_network=person.presence_visible,
    )


def _staff(
    turn: int, organisation: Organisation, known: SampleOrganisation | None, count: int, names: Names
) -> Iterator[Newcomer]:
    """Fill an organisation up to `count` people; where nobody keeps it yet, the first newcomer does."""
    present = organisation.affiliations.count()
    kept = present > 0 and _keepers(organisation).exists()
    team = iter(TEAM[1:] if kept or (known and known.acronym == WITHOUT_ADMINISTRATOR) else TEAM)
    domain = known.domain if known else organisation.slug[:40].strip("-")
    titles = _titles(turn)
    for number in range(present, count):
        name, languages = names.next(organisation.region)
        place = Place(
            organisation=organisation,
            # Nobody is made the head of a real organisation.
            title=_title("director" if known and number == 0 else next(titles), languages),
            roles=next(team, ()),
            since=_ago(200 + 13 * (turn % 90) + 41 * number),
        )
        account = fold(name).replace(" ", ".")
        yield Newcomer(name=name, email=f"{account}@{domain}.example.org", languages=languages, places=[place])


def _confirm(by_acronym: dict[str, Organisation]) -> None:
    for acronym, days in CONFIRMED_DAYS_AGO.items():
        keeper = _keeper(by_acronym[acronym])
        profile_confirm(keeper, organisation=by_acronym[acronym])
        Organisation.objects.filter(pk=by_acronym[acronym].pk).update(confirmed_at=_ago(days))


def _edit(by_acronym: dict[str, Organisation]) -> None:
    """A few changes of the last weeks, so that there is a history to look at."""
    for acronym, changes in (
        ("SPU", {"languages": ["en", "fr", "es", "ar"]}),
        ("SPU", {"languages": ["en", "fr", "ar"]}),
        ("MRC", {"founded_year": 1995}),
        ("CM", {"website": "https://muestra.example.org/inicio"}),
    ):
        organisation = Organisation.objects.get(pk=by_acronym[acronym].pk)
        organisation_update(
            _keeper(organisation), organisation=organisation, version=organisation.version, changes=changes
        )


def _keepers(organisation: Organisation) -> QuerySet[Affiliation]:
    terms = {"role_terms__role": Role.ADMINISTRATOR, "role_terms__until": None, "until": None}
    return organisation.affiliations.filter(**terms).order_by("pk")


def _keeper(organisation: Organisation) -> User:
    return _keepers(organisation).select_related("person")[0].person


def _title(slug: str, languages: Sequence[str]) -> str:
    return TITLE_BY_SLUG[slug].label(interface(languages))


def _titles(start: int) -> Iterator[str]:
    others = [title.slug for title in TITLES if title.slug not in HEADS]
    return cycle(others[start % len(others) :] + others[: start % len(others)])


def _ago(days: int) -> datetime:
    """So many days before today at nine in the morning, UTC."""
    return timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=days)
