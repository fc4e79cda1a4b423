"""A small network with one person for each role, and things that only some of them may see."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from memberships.directory.models import Import
from memberships.organisations.models import Alliance, Organisation, Region, Standing
from memberships.organisations.services import logo_set
from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.services import invite_colleague
from portal.access import roles
from portal.accounts.models import AccountRecovery, Invitation, Lockdown, User
from portal.accounts.services import account_lock
from portal.accounts.sessions import SessionStore
from portal.accounts.tokens import token_of
from portal.files.models import StoredFile
from portal.notifications.models import Notification, ReturnedMail
from portal.privacy.models import ErasureRequest
from portal.privacy.services import erasure_ask
from portal.registry import NotificationScope, announced
from portal.search.folding import sort_key
from tests.factories import groups
from tests.factories.accounts import with_factor
from workspaces.groups.models import GuestInvitation, Workspace
from workspaces.groups.services import guest_invite, organisation_ask

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

SCOPE = NotificationScope(
    name="world", label=lambda _person, _key: "A place", may_hear=lambda person_id, key: key == str(person_id)
)


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

    # What only some routes need is made when they ask for it.

    @cached_property
    def affiliation(self) -> Affiliation:
        """That of alpha's plain staff."""
        return Affiliation.objects.get(person=self.people[STAFF])

    @cached_property
    def logo(self) -> StoredFile:
        """Alpha's logo, a real small picture."""
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), "teal").save(picture, "PNG")
        upload = SimpleUploadedFile("logo.png", picture.getvalue(), "image/png")
        logo_set(self.people[ADMINISTRATOR], organisation=self.alpha, upload=upload)
        self.alpha.refresh_from_db()
        return self.alpha.logo

    @cached_property
    def notification(self) -> Notification:
        """One of the administrator's."""
        return Notification.objects.create(person=self.people[ADMINISTRATOR], kind="affiliation.started", url="/")

    @cached_property
    def scope(self) -> str:
        """A place that notifications come from, in which the administrator alone hears anything."""
        if SCOPE.name not in announced.notification_scopes:
            announced.notification_scopes.add(SCOPE)
        return f"{SCOPE.name}:{self.people[ADMINISTRATOR].pk}"

    @cached_property
    def returned_mail(self) -> ReturnedMail:
        """The address of one of alpha's people takes no mail."""
        staff = self.people[STAFF]
        return ReturnedMail.objects.create(email=staff.email, person=staff, code="550 5.1.1")

    @cached_property
    def session(self) -> UserSession:
        """Another session of the administrator."""
        store = SessionStore()
        store.create()
        return UserSession.objects.create(
            user=self.people[ADMINISTRATOR], session_key=store.session_key, ip="127.0.0.1", user_agent="Test"
        )

    @cached_property
    def lockdown(self) -> Lockdown:
        """That of one of alpha's people who is there for nothing else."""
        seized = person("Lou Cked", of=self.alpha)
        return account_lock(self.people[ADMINISTRATOR], person=seized, why="Their office was raided.")

    @cached_property
    def alliance(self) -> Alliance:
        """One that alpha belongs to."""
        alliance = Alliance.objects.create(slug="test-alliance", name_en="Test Alliance")
        alliance.memberships.create(organisation=self.alpha)
        return alliance

    @cached_property
    def invitation(self) -> Invitation:
        """A pending one to alpha."""
        terms = invite_colleague(
            self.people[ADMINISTRATOR], organisation=self.alpha, email="newcomer@example.org", name="New Comer"
        )
        return terms.invitation

    @cached_property
    def token(self) -> str:
        """What the pending invitation's link carries: known to nobody but the job that mails it."""
        job = ProcrastinateJob.objects.filter(args__invitation_id=self.invitation.pk).get()
        return token_of(job.args["seed"])

    @cached_property
    def wish(self) -> ErasureRequest:
        """Of somebody else, who asked to be erased."""
        leaving = person("Lea Ving")
        return erasure_ask(leaving)[0]

    @cached_property
    def recovery(self) -> AccountRecovery:
        """One of the administrator's account that waits for a second person."""
        return AccountRecovery.objects.create(
            person=self.people[ADMINISTRATOR],
            reason="Lost the phone",
            started_by=self.people[SUPERUSER],
            expires_at=timezone.now() + timedelta(days=7),
            cancel_hash="0" * 64,
        )

    @cached_property
    def group(self) -> Workspace:
        """A closed one. Alpha's administrator keeps it and alpha's staff takes part, so does beta's administrator, and
        a guest until a day; the organisation at risk asks to be let in."""
        group = groups.group("Safety of journalists")
        groups.takes_part(group, self.people[ADMINISTRATOR], of=self.alpha, keeps=True)
        groups.takes_part(group, self.people[STAFF], of=self.alpha)
        groups.takes_part(group, self.people[OTHER], of=self.beta)
        groups.guest(group, self.people[GUEST])
        organisation_ask(self.people[AT_RISK], workspace=group, organisation=self.hidden, words="We know the country.")
        return group

    @cached_property
    def open_group(self) -> Workspace:
        """An open one, kept by beta's administrator."""
        group = groups.group("Open data", visibility=Workspace.Visibility.OPEN)
        groups.takes_part(group, self.people[OTHER], of=self.beta, keeps=True)
        return group

    @cached_property
    def secret_group(self) -> Workspace:
        """One that nobody but the organisation at risk, and the Secretariat, knows of."""
        group = groups.group("Night shift", visibility=Workspace.Visibility.SECRET)
        groups.takes_part(group, self.people[AT_RISK], of=self.hidden, keeps=True)
        return group

    @cached_property
    def proposed_group(self) -> Workspace:
        """One that alpha's administrator proposed."""
        fields = {"proposed_by": self.people[ADMINISTRATOR], "proposed_for": self.alpha, "activated_at": None}
        return groups.group("Digital rights", state=Workspace.State.PROPOSED, **fields)

    @cached_property
    def dissolved_group(self) -> Workspace:
        """An archive that everyone in the network reads."""
        ended = {"state": Workspace.State.DISSOLVED, "dissolved_at": timezone.now()}
        group = groups.group("Tunisia Monitoring Group", visibility=Workspace.Visibility.OPEN, **ended)
        group.state_changes.create(state=group.state, note="There is a free press now.")
        return group

    @cached_property
    def guest_invitation(self) -> GuestInvitation:
        """A pending one to the closed group."""
        ends_on = timezone.now().date() + timedelta(days=20)
        values = {"email": "guest@example.org", "name": "Gwen Uest", "guest_from": "Press Institute"}
        return guest_invite(self.people[ADMINISTRATOR], workspace=self.group, ends_on=ends_on, **values)

    @cached_property
    def run(self) -> Import:
        """An import that waits for a decision."""
        return Import.objects.create(file_name="members.csv", sha256="0" * 64, uploaded_by=self.people[SECRETARIAT])


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
    if role_names:
        with_factor(created)
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
    with_factor(people[SECRETARIAT])
    roles.grant(roles.SECRETARIAT, people[SECRETARIAT], roles.network())
    roles.grant(roles.GUEST, people[GUEST], roles.network())
    return World(alpha=alpha, beta=beta, hidden=hidden, people=people)
