"""Standings of the real organisations, and the invented organisations whole."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from memberships.organisations.models import Alliance, Organisation, Standing, Subject
from memberships.organisations.samples import ORGANISATIONS, SAMPLE_ALLIANCE, SampleContact, SampleOrganisation
from memberships.organisations.selectors.standing import today
from memberships.organisations.services.alliances import alliance_join
from memberships.organisations.services.announcing import announced_together
from memberships.organisations.services.contacts import ContactValues, contact_clean, contacts_save
from memberships.organisations.services.profile import at_risk_set, organisation_create
from memberships.organisations.services.standing import standing_start
from memberships.organisations.vocabulary import SUBJECT_BY_SLUG
from portal.demonstration.network import secretary

Kind = Standing.Kind

# The 104 full members are the others. Those named here are: of whom the table itself says that their later status is
# not established, or that their work ended; of whom it says that they joined after the count of 104, or does not say
# when; and two of whom it does not know the period of membership.
OTHERS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.FORMER: ("EFJA", "CEPET", "OLA", "Cencos", "CEHURDES", "EJN", "AAI", "ANHRI", "OLPEC", "WPFC"),
    Kind.CANDIDATE: ("P24", "SCM", "Yaqadha"),
    Kind.PARTNER: ("IAPA", "ActiveWatch"),
}
ALLIED: Final = ("SPU", "DRN", "SRN", "MRC", "CM", "ESHP", "EMW")
"""Invented organisations in the invented alliance."""
HIDES_CITY: Final = "EMW"
WAS_SUSPENDED: Final = "EMW"


def standings() -> None:
    """Give each real organisation its standing, without a date: nobody recorded one."""
    actor = secretary()
    kinds = {acronym: kind for kind, acronyms in OTHERS.items() for acronym in acronyms}
    with announced_together():
        for organisation in Organisation.objects.order_by("pk"):
            kind = kinds.get(organisation.acronym, Kind.FULL)
            standing_start(actor, organisation=organisation, kind=kind, since=None)


def invented_organisations() -> None:
    """Add the samples with their alliance, history of standings and contacts."""
    actor = secretary()
    _ensure_subjects(slug for sample in ORGANISATIONS for slug in sample.subjects)
    term = SAMPLE_ALLIANCE
    alliance = Alliance.objects.create(
        slug=term.slug, acronym=term.acronym, name_en=term.en, name_fr=term.fr, name_es=term.es, name_ar=term.ar
    )
    for sample in ORGANISATIONS:
        organisation = organisation_create(actor, values=_values(sample))
        for kind, since in _terms(sample):
            standing_start(actor, organisation=organisation, kind=kind, since=since)
        if sample.acronym in ALLIED:
            since = date((sample.joined_year or today().year) + 1, 3, 1)
            alliance_join(actor, organisation=organisation, alliance=alliance, since=since)
        contacts = [_contact(contact) for contact in sample.contacts]
        contacts_save(actor, organisation=organisation, version=organisation.version, contacts=contacts)
        if sample.at_risk:
            at_risk_set(actor, organisation=organisation, at_risk=True)


def _values(sample: SampleOrganisation) -> dict[str, object]:
    return {
        "name": sample.name,
        "acronym": sample.acronym,
        "native_name": sample.native_name,
        "native_language": sample.native_language,
        "region": sample.region,
        "city": sample.city,
        "city_hidden": sample.acronym == HIDES_CITY,
        "languages": list(sample.languages),
        "subjects": list(sample.subjects),
        "founded_year": sample.founded_year,
        "joined_year": sample.joined_year,
        "website": sample.website,
        **{f"description_{language}": text for language, text in sample.descriptions.items()},
    }


def _terms(sample: SampleOrganisation) -> list[tuple[Kind, date]]:
    """The way of an invented organisation through the network; its dates are as invented as itself."""
    now = today()
    recently = now - timedelta(days=24)
    match sample.standing:
        case Kind.CANDIDATE:
            return [(Kind.CANDIDATE, recently)]
        case Kind.PARTNER:
            return [(Kind.PARTNER, date(now.year - 4, 5, 2))]
    joined = sample.joined_year or now.year - 1
    terms = [(Kind.CANDIDATE, date(joined - 1, 2, 10)), (Kind.INTERIM, date(joined - 1, 10, 1))]
    if sample.standing == Kind.INTERIM:
        return terms
    terms.append((Kind.FULL, date(joined, 6, 3)))
    if sample.acronym == WAS_SUSPENDED:
        terms += [(Kind.SUSPENDED, date(joined + 6, 4, 1)), (Kind.FULL, date(joined + 6, 11, 15))]
    if sample.standing == Kind.FORMER:
        terms.append((Kind.FORMER, date(now.year - 3, 9, 30)))
    return terms


def _contact(contact: SampleContact) -> ContactValues:
    """The contact; what no social network would take, for it leads to example.org, stands as a Mastodon address."""
    try:
        return contact_clean(contact.kind, contact.value, contact.audience)
    except ValidationError:
        return contact_clean("mastodon", contact.value, contact.audience)


def _ensure_subjects(slugs: Iterable[str]) -> None:
    for slug in sorted(set(slugs)):
        term = SUBJECT_BY_SLUG[slug]
        labels = {"name_en": term.en, "name_fr": term.fr, "name_es": term.es, "name_ar": term.ar}
        Subject.objects.get_or_create(slug=slug, defaults=labels)
