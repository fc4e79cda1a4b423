"""The one place that decides what a reader sees of an organisation, in two halves that a property test holds together.

`shown` makes what pages, mails and files show of one organisation. `listed` makes the same decisions in SQL, as
annotations to filter, sort, count and export by: whatever a reader may not see is empty there, so no filter and no
count can tell it. Names are never hidden; everything else is, of an organisation at risk, for all but its own people
and the Secretariat. A hidden country hides the city too, for a city tells the country.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    F,
    Field,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)  # fmt: skip
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from memberships.organisations.models import AllianceMembership, Organisation, Region, Standing, hue_of
from memberships.organisations.policies import (
    STANDINGS_SHOWN_TO_ALL,
    can_see,
    can_see_facts,
    can_see_hidden,
    facts_visible_to,
    own_ids,
    visible_to,
)  # fmt: skip
from memberships.organisations.selectors.standing import on_day, running, runs_on, today
from memberships.people.policies import Reader
from portal.access.policies import is_secretariat
from portal.ui.names import country_name, language_names

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

_CURRENT_ALLIANCES = "current_alliance_memberships"


class Listed(TypedDict):
    """What `listed` adds to each organisation."""

    facts: bool
    shown_region: str
    shown_country: str
    shown_city: str
    shown_languages: list[str]
    shown_founded: int | None
    shown_joined: int | None
    shown_website: str
    shown_standing: str


@dataclass(frozen=True, kw_only=True)
class AllianceShown:
    """An alliance an organisation belongs to now; `since` is its first year there, None where nobody recorded it."""

    slug: str
    acronym: str
    name: str
    since: int | None

    @property
    def tile_text(self) -> str:
        """Two to five letters for its square."""
        words = [word for word in self.name.split() if word[:1].isupper()]
        return self.acronym if 2 <= len(self.acronym) <= 5 else "".join(word[0] for word in words)[:5] or "–"


@dataclass(frozen=True, kw_only=True)
class OrganisationShown:
    """An organisation as one reader may see it, in the active language. What is hidden or unknown is empty or None."""

    id: int
    slug: str
    url: str  # path of its profile
    name: str  # in English
    native_name: str
    native_language: str  # code
    display_name: str  # comes first: in English, to readers of Arabic the Arabic one
    display_language: str  # code
    second_name: str  # the other one, empty where there is none
    second_language: str  # code
    acronym: str
    tile_text: str
    tile_hue: int  # 1 to 6, 0 neutral

    facts: bool  # whether the reader may see more than the names
    logo_url: str | None = None
    region: str = ""  # a value of Region
    region_label: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    country_name: str = ""
    city: str = ""
    languages: tuple[str, ...] = ()  # codes, in the organisation's order
    language_names: str = ""
    subject_slugs: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()  # labels, in the order of the slugs
    alliances: tuple[AllianceShown, ...] = ()
    standing: str = ""  # a value of Standing.Kind
    standing_label: str = ""
    founded: int | None = None
    joined: int | None = None
    website: str = ""

    def __str__(self) -> str:
        return self.display_name

    @property
    def place(self) -> str:
        """City and country, as far as they are shown."""
        if self.city and self.country_name:
            return _("%(city)s, %(country)s") % {"city": self.city, "country": self.country_name}
        return self.city or self.country_name

    @property
    def website_label(self) -> str:
        """The website's address as people write it."""
        parts = urlsplit(self.website)
        return (parts.netloc.removeprefix("www.") + parts.path.rstrip("/")) if self.website else ""


def shown(actor: Reader, organisation: Organisation) -> OrganisationShown:
    """What `actor` may see of `organisation`. Raises LookupError where they may not even know that it exists.

    Costs no query for rows of `listed` and for what went through `shown_all`; otherwise up to four.
    """
    if not can_see(actor, organisation):
        raise LookupError("this organisation is not visible to this reader")
    names: dict[str, Any] = {
        "id": organisation.pk,
        "slug": organisation.slug,
        "url": organisation.get_absolute_url(),
        "name": organisation.name,
        "native_name": organisation.native_name,
        "native_language": organisation.native_language,
        "display_name": organisation.display_name,
        "display_language": organisation.display_language,
        "second_name": organisation.second_name,
        "second_language": organisation.second_language,
        "acronym": organisation.acronym,
        "tile_text": organisation.tile_text,
    }
    if not can_see_facts(actor, organisation):
        return OrganisationShown(**names, tile_hue=0, facts=False)
    return OrganisationShown(**names, **_facts(actor, organisation), tile_hue=hue_of(organisation.region), facts=True)


def shown_all(actor: Reader, organisations: Iterable[Organisation]) -> list[OrganisationShown]:
    """`shown` for each of `organisations`, in their order, at a constant number of queries."""
    rows = list(organisations)
    prefetch_related_objects(rows, *_prefetched())
    return [shown(actor, row) for row in rows]


def _prefetched() -> tuple[str | Prefetch[Any], ...]:
    return (
        "logo",
        "subjects",
        Prefetch(
            "alliance_memberships",
            queryset=running(AllianceMembership.objects.all(), today()).select_related("alliance").order_by("pk"),
            to_attr=_CURRENT_ALLIANCES,
        ),
        "standings",
    )


def _facts(actor: Reader, organisation: Organisation) -> dict[str, Any]:
    if not hasattr(organisation, _CURRENT_ALLIANCES):
        prefetch_related_objects([organisation], *_prefetched())
    sees_hidden = can_see_hidden(actor, organisation)
    shows_country = sees_hidden or not organisation.country_hidden
    shows_city = sees_hidden or not (organisation.country_hidden or organisation.city_hidden)
    country = organisation.country if shows_country else ""
    subjects = sorted(organisation.subjects.all(), key=lambda subject: subject.slug)
    memberships: list[AllianceMembership] = getattr(organisation, _CURRENT_ALLIANCES)
    kinds = [term.kind for term in organisation.standings.all() if runs_on(term, today())]
    kind = next((kind for kind in kinds if sees_hidden or kind in STANDINGS_SHOWN_TO_ALL), "")
    return {
        "logo_url": organisation.logo.get_absolute_url() if organisation.logo else None,
        "region": organisation.region,
        "region_label": str(Region(organisation.region).label),
        "country": country,
        "country_name": country_name(country) if country else "",
        "city": organisation.city if shows_city else "",
        "languages": tuple(organisation.languages),
        "language_names": language_names(organisation.languages),
        "subject_slugs": tuple(subject.slug for subject in subjects),
        "subjects": tuple(subject.name for subject in subjects),
        "alliances": tuple(_alliance(membership) for membership in memberships),
        "standing": kind,
        "standing_label": str(Standing.Kind(kind).label) if kind else "",
        "founded": organisation.founded_year,
        "joined": organisation.joined_year,
        "website": organisation.website,
    }


def _alliance(membership: AllianceMembership) -> AllianceShown:
    alliance = membership.alliance
    since = membership.since.year if membership.since else None
    return AllianceShown(slug=alliance.slug, acronym=alliance.acronym, name=alliance.name, since=since)


def listed(actor: Reader) -> QuerySet[WithAnnotations[Organisation, Listed]]:
    """The organisations that `actor` may know of, with what they may know of them as annotations.

    `facts` (whether more than names), `shown_region`, `shown_country`, `shown_city`, `shown_standing` (texts, empty
    where hidden or unknown), `shown_languages` (codes), `shown_founded`, `shown_joined` (years or None),
    `shown_website`. Filter, sort, count and export by these and never by the fields; subjects and alliances by
    `subject_links` and `alliance_links`. What a page does not use costs nothing (unused annotations leave a count).
    Rows carry all that `shown` needs; reading them costs a constant number of queries.
    """
    everything = Q(pk__isnull=False) if is_secretariat(actor) else Q(pk__in=own_ids(actor))
    facts = everything | Q(at_risk=False)
    return (
        visible_to(actor)
        .annotate(
            facts=Case(When(facts, then=Value(True)), default=Value(False)),
            shown_region=_masked("region", facts),
            shown_country=_masked("country", everything | Q(at_risk=False, country_hidden=False)),
            shown_city=_masked("city", everything | Q(at_risk=False, country_hidden=False, city_hidden=False)),
            shown_languages=_masked("languages", facts, empty=[], kind=ArrayField(CharField(max_length=8))),
            shown_founded=_masked("founded_year", facts, empty=None, kind=SmallIntegerField(null=True)),
            shown_joined=_masked("joined_year", facts, empty=None, kind=SmallIntegerField(null=True)),
            shown_website=_masked("website", facts),
            shown_standing=_shown_standing(everything, facts),
        )
        .select_related("logo")
        .prefetch_related(*_prefetched())
    )


def _masked(field: str, condition: Q, *, empty: object = "", kind: Field[Any, Any] | None = None) -> Case:
    output = kind or CharField()
    return Case(When(condition, then=F(field)), default=Value(empty, output_field=output), output_field=output)


def _shown_standing(everything: Q, facts: Q) -> Case:
    now = running(Standing.objects.filter(organisation=OuterRef("pk")), today())
    public = now.filter(kind__in=sorted(STANDINGS_SHOWN_TO_ALL))
    nothing = Value("", output_field=CharField())
    return Case(
        When(everything, then=Coalesce(Subquery(now.values("kind")[:1]), nothing)),
        When(facts, then=Coalesce(Subquery(public.values("kind")[:1]), nothing)),
        default=nothing,
        output_field=CharField(),
    )


def subject_links(actor: Reader) -> QuerySet[Any]:
    """Organisation and subject pairs (`organisation_id`, `subject_id`) as far as `actor` may know of them."""
    return Organisation.subjects.through._default_manager.filter(organisation__in=facts_visible_to(actor).values("pk"))


def alliance_links(actor: Reader) -> QuerySet[AllianceMembership]:
    """The memberships in alliances that run today, as far as `actor` may know of them."""
    visible = AllianceMembership.objects.filter(organisation__in=facts_visible_to(actor).values("pk"))
    return running(visible, today())


def with_current_standing(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The organisations with `current_standing`, the kind of today's term or None.

    Not masked: for the Secretariat's pages and for jobs. What a reader sees is `shown_standing` of `listed`.
    """
    terms = Standing.objects.filter(on_day(today()), organisation=OuterRef("pk"))
    return organisations.annotate(current_standing=Subquery(terms.values("kind")[:1]))
