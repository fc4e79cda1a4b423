"""A small network with one person for each role, and things that only some of them may see."""

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress

from memberships.organisations.models import Organisation, Region, Standing
from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from portal.access import roles
from portal.accounts.models import User
from portal.search.folding import sort_key

ANONYMOUS = "anonymous"
UNAFFILIATED = "unaffiliated"
GUEST = "guest"
OTHER = "other organisation"
AT_RISK = "at-risk organisation"
STAFF = "staff"
DELEGATE = "delegate"
ADMINISTRATOR = "administrator"
SECRETARIAT = "secretariat"
SUPERUSER = "superuser"

ROLES = (
    ANONYMOUS, UNAFFILIATED, GUEST, OTHER, AT_RISK, STAFF, DELEGATE, ADMINISTRATOR, SECRETARIAT, SUPERUSER,
)  # fmt: skip
SIGNED_IN = frozenset(ROLES) - {ANONYMOUS}
NETWORK = frozenset({OTHER, AT_RISK, STAFF, DELEGATE, ADMINISTRATOR, SECRETARIAT})
OWN = frozenset({STAFF, DELEGATE, ADMINISTRATOR})


@dataclass
class World:
    """The network of the tables: `alpha` is the organisation most rows are about, `hidden` is at risk."""

    alpha: Organisation
    beta: Organisation
    hidden: Organisation
    people: dict[str, User]

    def person(self, role: str) -> User | None:
        """The person of a role, None for the anonymous one."""
        return self.people.get(role)


def organisation(name: str, **fields: object) -> Organisation:
    """An organisation as the services would have left it."""
    slug = name.lower().replace(" ", "-")
    values = {"name": name, "slug": slug, "region": Region.AFRICA, "name_sort": sort_key(name), **fields}
    created = Organisation.objects.create(**values)
    Standing.objects.create(organisation=created, kind=Standing.Kind.FULL, since=date(2010, 1, 1))
    return created


def person(name: str, *, of: Organisation | None = None, role_names: tuple[Role, ...] = (), **fields: object) -> User:
    """A person with a verified address, affiliated where `of` is given."""
    address = f"{name.lower().replace(' ', '.')}@example.org"
    created = User.objects.create_user(address, name, "correct horse battery", **fields)
    EmailAddress.objects.create(user=created, email=address, verified=True, primary=True)
    Profile.objects.create(person=created, name_sort=sort_key(name))
    if of is not None:
        affiliation = Affiliation.objects.create(person=created, organisation=of, title="Programme lead")
        for role_name in role_names:
            RoleTerm.objects.create(affiliation=affiliation, role=role_name)
    return created


def make_world() -> World:
    """Create it all; call inside a test's database."""
    alpha = organisation("Alpha Press Union", country="CD", city="Kinshasa", languages=["fr", "en"], acronym="APU")
    beta = organisation("Beta Media Watch", country="EG", languages=["ar"], region=Region.MIDDLE_EAST_NORTH_AFRICA)
    hidden = organisation("Hidden Voices", country="BY", city="Minsk", languages=["be"], at_risk=True)
    people = {
        UNAFFILIATED: person("Una Filiated"),
        GUEST: person("Gus Guest"),
        OTHER: person("Otto Other", of=beta, role_names=(Role.ADMINISTRATOR,)),
        AT_RISK: person("Ria Risk", of=hidden, role_names=(Role.ADMINISTRATOR,)),
        STAFF: person("Sam Staff", of=alpha),
        DELEGATE: person("Dela Gate", of=alpha, role_names=(Role.DELEGATE, Role.SIGNATORY)),
        ADMINISTRATOR: person("Ada Ministrator", of=alpha, role_names=(Role.ADMINISTRATOR,)),
        SECRETARIAT: person("Sekou Retariat"),
        SUPERUSER: person("Sue Peruser", is_superuser=True),
    }
    roles.grant(roles.SECRETARIAT, people[SECRETARIAT], roles.network())
    roles.grant(roles.GUEST, people[GUEST], roles.network())
    return World(alpha=alpha, beta=beta, hidden=hidden, people=people)
