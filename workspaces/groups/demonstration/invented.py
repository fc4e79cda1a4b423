"""Groups of invented organisations: an open one, a closed one with a guest, a secret, a proposed, a dormant one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from memberships.organisations.models import Organisation
from memberships.organisations.samples import ORGANISATION_BY_ACRONYM
from memberships.people.models import Affiliation
from portal.access import roles
from portal.accounts.models import User
from portal.demonstration.network import GUEST, secretary
from workspaces.groups.demonstration.making import Plan, Words, ago, begun, proposed, started
from workspaces.groups.models import FACILITATE, Participation, Workspace
from workspaces.groups.selectors.participation import today
from workspaces.groups.services import organisation_ask, organisation_invite
from workspaces.groups.services.effects import organisation_in, person_in

_INVENTED: Final = {
    "en": "An invented group, made up for this demonstration.",
    "fr": "Groupe inventé pour cette démonstration.",
    "es": "Grupo inventado para esta demostración.",
    "ar": "مجموعة مختلقة لغرض هذا العرض.",
}


def _words(name: Mapping[str, str], purpose: Mapping[str, str]) -> Words:
    return Words(name=name, purpose={code: f"{text}\n\n{_INVENTED[code]}" for code, text in purpose.items()})


SAFETY: Final = _words(
    {
        "en": "Safety of journalists",
        "fr": "Sécurité des journalistes",
        "es": "Seguridad de periodistas",
        "ar": "سلامة الصحفيين",
    },
    {
        "en": "A duty line, a referral form and a rota that we share, so that nobody who calls is sent on twice.",
        "fr": "Une ligne d’astreinte, un formulaire d’orientation et un tour de garde partagés, pour que personne ne "
        "soit renvoyé deux fois.",
        "es": "Una línea de guardia, un formulario de derivación y turnos compartidos, para que a nadie que llame se "
        "le derive dos veces.",
        "ar": "خط مناوبة ونموذج إحالة وجدول مشترك، كي لا يُحال من يتصل مرتين.",
    },
)
RIGHTS: Final = _words(
    {"en": "Digital rights", "fr": "Droits numériques", "es": "Derechos digitales", "ar": "الحقوق الرقمية"},
    {
        "en": "Reads draft laws on the internet as they come, and says in plain words what they would change.",
        "fr": "Lit les projets de loi sur l’internet à mesure qu’ils paraissent et dit simplement ce qu’ils "
        "changeraient.",
        "es": "Lee los proyectos de ley sobre internet según aparecen y explica con sencillez qué cambiarían.",
        "ar": "تقرأ مشاريع قوانين الإنترنت فور صدورها وتشرح بلغة بسيطة ما ستغيره.",
    },
)
PASSAGE: Final = _words(
    {"en": "Safe passage", "es": "Paso seguro"},
    {
        "en": "Moves colleagues who must leave at once.",
        "es": "Traslada a colegas que deben marcharse de inmediato.",
    },
)
RADIO: Final = _words(
    {"fr": "Radios de village", "en": "Village radio"},
    {
        "fr": "Échanger des émissions courtes et ce que coûte vraiment une antenne.",
        "en": "To exchange short programmes, and what a mast really costs.",
    },
)
ELECTIONS: Final = _words(
    {"en": "Covering elections", "fr": "Couvrir les élections"},
    {
        "en": "Compares how media cover elections, with one form for all.",
        "fr": "Compare la manière dont les médias couvrent les élections, avec une seule grille pour tous.",
    },
)
MEMBERSHIP: Final = _words(
    {"en": "Membership committee", "fr": "Comité des adhésions", "es": "Comité de membresía", "ar": "لجنة العضوية"},
    {
        "en": "Looks at applications before the members are consulted.",
        "fr": "Examine les candidatures avant la consultation des membres.",
        "es": "Examina las solicitudes antes de consultar a los miembros.",
        "ar": "تنظر في الطلبات قبل استشارة الأعضاء.",
    },
)
COMMONS: Final = _words(
    {"en": "Commons", "fr": "Place commune", "es": "Plaza común", "ar": "الساحة العامة"},
    {
        "en": "Where everyone in the network is: news, questions, thanks.",
        "fr": "Là où tout le réseau se retrouve : nouvelles, questions, remerciements.",
        "es": "Donde está toda la red: noticias, preguntas, agradecimientos.",
        "ar": "حيث يلتقي كل من في الشبكة: أخبار وأسئلة وشكر.",
    },
)


def invented_groups() -> None:
    """Make them, the last visit of those who can sign in some days ago."""
    _safety()
    _rights()
    _passage()
    _others()
    Participation.objects.filter(workspace__activated_at__isnull=False).update(seen_at=ago(2), visited_at=ago(3))


def _safety() -> None:
    plan = Plan(words=SAFETY, languages=("en", "fr", "es", "ar"), review_in=9)
    group = started(plan, _person("Ravi Menon"), _of("MRC"))
    _in(group, ("SPU",), each=8)  # all who have a name in the demonstration
    _in(group, ("DRN", "CM", "SDL", "SRN", "EMW", "SWG", "MTO", "3D", "PlA"), each=3)
    _keeps(group, "Nadia Osei")
    begun(group, ago(400), active_at=ago(0))


def _rights() -> None:
    plan = Plan(words=RIGHTS, visibility=Workspace.Visibility.CLOSED, languages=("en", "ar"), review_in=120)
    group = started(plan, _person("Mei Tan"), _of("SDL"))
    _in(group, ("SPU", "MRC", "EMW"), each=2)
    begun(group, ago(260), active_at=ago(1))
    guest = User.objects.get(email=GUEST)
    last = today() + timedelta(days=40)
    person_in(_person("Mei Tan"), workspace=group, person=guest, is_guest=True, guest_from=GUEST_FROM, ends_on=last)
    organisation_ask(_decider("CM"), workspace=group, organisation=_of("CM"), words="Leemos las leyes en español.")


GUEST_FROM: Final = "Invented Institute of Technology"


def _passage() -> None:
    plan = Plan(words=PASSAGE, visibility=Workspace.Visibility.SECRET, languages=("en", "es"), review_in=60)
    group = started(plan, _person("Lucía Ferrer"), _of("CM"))
    _in(group, ("ESHP",), each=1)
    begun(group, ago(150), active_at=ago(4))


def _others() -> None:
    proposed(Plan(words=RADIO, languages=("fr", "en"), invited=[_of("SPU")]), _person("Jeanne Mbarga"), _of("DRN"))
    elections = started(Plan(words=ELECTIONS, review_in=20), _decider("EMW"), _of("EMW"))
    _in(elections, ("SWG", "SRN"), each=1)
    begun(elections, ago(500), active_at=ago(95))
    organisation_invite(_decider("EMW"), workspace=elections, organisation=_of("SPU"), words="Your desk knows courts.")
    plan = Plan(words=MEMBERSHIP, kind=Workspace.Kind.COMMITTEE, visibility=Workspace.Visibility.CLOSED)
    committee = started(plan, secretary(), None)
    _in(committee, ("SPU", "MRC", "CM"), each=1)
    begun(committee, ago(300), active_at=ago(12))
    people = Workspace.Members.PEOPLE
    plan = Plan(words=COMMONS, kind=Workspace.Kind.COMMONS, members=people, languages=("en", "fr", "es", "ar"))
    begun(started(plan, secretary(), None), ago(420), active_at=ago(0))


def _in(group: Workspace, acronyms: Iterable[str], *, each: int) -> None:
    """These organisations take part, each with its first so many people who do not yet."""
    for acronym in acronyms:
        organisation = _of(acronym)
        organisation_in(None, workspace=group, organisation=organisation)
        for place in _affiliations(organisation)[:each]:
            if not group.participations.filter(person=place.person, until__isnull=True).exists():
                person_in(None, workspace=group, person=place.person, organisation=organisation)


def _keeps(group: Workspace, name: str) -> None:
    roles.grant(FACILITATE, _person(name), group)


def _affiliations(organisation: Organisation) -> list[Affiliation]:
    current = Affiliation.objects.filter(organisation=organisation, until__isnull=True)
    return list(current.select_related("person").order_by("pk"))


def _decider(acronym: str) -> User:
    """Whoever came first of those who decide for the organisation."""
    current = Affiliation.objects.filter(organisation=_of(acronym), until__isnull=True)
    deciding = current.filter(role_terms__role__in=["administrator", "delegate"], role_terms__until__isnull=True)
    return deciding.select_related("person").order_by("pk")[0].person


def _of(acronym: str) -> Organisation:
    return Organisation.objects.get(name=ORGANISATION_BY_ACRONYM[acronym].name)


def _person(name: str) -> User:
    return User.objects.get(name=name)
