"""Filling an empty database with a network of N times 104 organisations and 300 people."""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402 - Django is set up first
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from benchmarks.corpus import Corpus, load  # noqa: E402
from memberships.organisations.models import (  # noqa: E402
    Alliance,
    AllianceMembership,
    Contact,
    Organisation,
    Region,
    Standing,
    Subject,
)
from memberships.organisations.vocabulary import SUBJECTS  # noqa: E402
from memberships.people.models import Affiliation, Profile, Role, RoleTerm  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.live.services import publish  # noqa: E402
from portal.search.folding import fold, sort_key  # noqa: E402
from portal.search.services import reindex  # noqa: E402
from portal.ui.countries import CODES  # noqa: E402

ORGANISATIONS, PEOPLE = 104, 300
PASSWORD = "a password of benchmarks"
READERS = 8
LANGUAGES = ("en", "fr", "es", "ar", "pt", "ru", "de", "sw", "fa", "hi", "zh", "tr", "id", "uk", "so")
BATCH = 2_000
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def reader_address(number: int) -> str:
    """The address of one of those who read the pages."""
    return f"reader{number}@example.org"


@transaction.atomic
def fill(times: int, corpus: Corpus) -> None:
    """Make the network; the same `times` and corpus always make the same one."""
    organisations = _organisations(ORGANISATIONS * times, corpus)
    _people(PEOPLE * times, organisations, corpus)
    for source in ("organisation", "person"):
        reindex(source)
    publish("directory", kind="organisation.updated")  # as the services do; what is kept of the directory goes by it


def _organisations(count: int, corpus: Corpus) -> list[Organisation]:
    subjects = [Subject(slug=t.slug, name_en=t.en, name_fr=t.fr, name_es=t.es, name_ar=t.ar) for t in SUBJECTS]
    Subject.objects.bulk_create(subjects, ignore_conflicts=True)
    subjects = list(Subject.objects.order_by("slug"))
    alliances = Alliance.objects.bulk_create(
        Alliance(slug=f"alliance-{n}", acronym=f"AL{n}", name_en=f"Alliance {n}") for n in range(8)
    )
    countries = sorted(CODES)[::3]
    made = [_organisation(number, corpus, countries) for number in range(count)]
    Organisation.objects.bulk_create(made, batch_size=BATCH)
    dice = random.Random("links")
    links = Organisation.subjects.through
    links._default_manager.bulk_create(
        [
            links(organisation_id=one.pk, subject_id=subject.pk)
            for one in made
            for subject in dice.sample(subjects, dice.randint(2, 5))
        ],
        batch_size=BATCH,
    )
    kinds = [Standing.Kind.FULL] * 9 + [Standing.Kind.CANDIDATE, Standing.Kind.FORMER]
    Standing.objects.bulk_create(
        [
            Standing(organisation=one, kind=dice.choice(kinds), since=date(dice.randint(1995, 2025), 6, 1))
            for one in made
        ],
        batch_size=BATCH,
    )
    AllianceMembership.objects.bulk_create(
        [AllianceMembership(organisation=one, alliance=dice.choice(alliances)) for one in made if dice.random() < 0.5],
        batch_size=BATCH,
    )
    Contact.objects.bulk_create(
        [
            Contact(organisation=one, kind=kind, value=value, audience=dice.choice(("network", "secretariat")))
            for one in made
            for kind, value in (("email", f"office@{one.slug[:40]}.example.org"), ("phone", "+44 20 7946 0100"))
        ],
        batch_size=BATCH,
    )
    return made


def _organisation(number: int, corpus: Corpus, countries: list[str]) -> Organisation:
    dice = random.Random(f"organisation {number}")
    name, city, description = corpus.organisation(number)
    native = f"{name} بالعربية" if dice.random() < 0.3 else ""
    return Organisation(
        slug=fold(name).replace(" ", "-")[:100],
        name=name,
        name_sort=sort_key(name),
        native_name=native,
        native_name_sort=sort_key(native) if native else "",
        native_language="ar" if native else "",
        acronym="".join(word[0] for word in name.split()[:4]).upper(),
        region=dice.choice(Region.values),
        country=dice.choice(countries) if dice.random() < 0.97 else "",
        city=city,
        languages=dice.sample(LANGUAGES, dice.randint(1, 3)),
        founded_year=dice.randint(1950, 2020),
        joined_year=dice.randint(1995, 2025),
        website=f"https://organisation{number}.example.org",
        description_en=description,
        description_fr=description if dice.random() < 0.5 else "",
        at_risk=dice.random() < 0.02,
        confirmed_at=START,
    )


def _people(count: int, organisations: list[Organisation], corpus: Corpus) -> None:
    password = make_password(PASSWORD)
    readers = [
        User(email=reader_address(number), name=f"Reader {number}", password=password) for number in range(READERS)
    ]
    others = [
        User(email=f"u{number}@example.org", name=corpus.person(number), password="!")
        for number in range(count - READERS)
    ]
    people = User.objects.bulk_create([*readers, *others], batch_size=BATCH)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people],
        batch_size=BATCH,
    )
    Profile.objects.bulk_create(
        [Profile(person=person, languages=["en"], name_sort=sort_key(person.name)) for person in people],
        batch_size=BATCH,
    )
    affiliations = Affiliation.objects.bulk_create(list(_affiliations(people, organisations)), batch_size=BATCH)
    RoleTerm.objects.bulk_create(
        [RoleTerm(affiliation=one, role=Role.ADMINISTRATOR) for one in affiliations[: len(organisations)]],
        batch_size=BATCH,
    )


def _affiliations(people: list[User], organisations: list[Organisation]) -> Iterator[Affiliation]:
    safe = [one for one in organisations if not one.at_risk]
    for number, person in enumerate(people):
        place = safe[number % len(safe)] if number < READERS else organisations[number % len(organisations)]
        yield Affiliation(person=person, organisation=place, title="Programme lead", since=START)


def addresses() -> dict[str, dict[str, Any]]:
    """The pages that are measured, by name, with the three facets chosen so that something is found."""
    shown = Organisation.objects.filter(at_risk=False).order_by("pk")
    one = next(islice(shown.prefetch_related("subjects"), 20, None))
    subject = one.subjects.order_by("slug")[0].slug
    word = one.name.split()[0]
    return {
        "sign-in page": {"path": "/accounts/login/", "anonymous": True},
        "sign-in": {"path": "/accounts/login/", "anonymous": True, "post": True},
        "home": {"path": "/"},
        "directory": {"path": "/members/"},
        "directory, three facets": {
            "path": f"/members/?region={one.region}&language={one.languages[0]}&subject={subject}"
        },
        "directory, text": {"path": f"/members/?q={word.lower()}"},
        "profile": {"path": one.get_absolute_url()},
        "export": {"path": f"/members/export.csv?region={one.region}&language={one.languages[0]}"},
        "export of all": {"path": "/members/export.csv"},
    }


def main() -> None:
    times, corpus = int(sys.argv[1]), load(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    if not Organisation.objects.exists():
        fill(times, corpus)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    json.dump({"corpus": corpus.name, "organisations": Organisation.objects.count(), "people": User.objects.count(),
               "pages": addresses()}, sys.stdout)  # fmt: skip


if __name__ == "__main__":
    main()
