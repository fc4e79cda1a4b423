"""What the people announce."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from memberships.people import lockdown_wiring  # noqa: F401 - whose accounts administrators keep
from memberships.people.live import may_follow_person, may_follow_rights
from memberships.people.models import Affiliation, Profile, Role
from memberships.people.policies import visible_to
from memberships.people.selectors.acting import holders_of_roles, holds_any_role
from memberships.people.selectors.finding import documents, results
from memberships.people.selectors.invitations import describe_invitation
from memberships.people.selectors.needs import needs_about_people, subject
from memberships.people.selectors.personal import documents_of_person, role_terms_of_person, terms_of_person
from memberships.people.services import invitation_accepted, name_follow
from memberships.people.services.invitations import PURPOSE
from memberships.people.services.leaving import closed, erased, opened, phone_of, unsettled
from memberships.people.views.acting import acting_for_slot
from portal.access.policies import is_secretariat
from portal.audit import telling
from portal.registry import (
    AuditVerb,
    Card,
    Detail,
    Erasure,
    ErasureFollower,
    HeaderSlot,
    InvitationPurpose,
    LiveTopic,
    NameFollower,
    NavigationEntry,
    NotificationKind,
    PrivilegedRole,
    RetentionRule,
    SearchSource,
    announced,
)
from portal.ui.names import language_names

announced.navigation.add(
    NavigationEntry(
        name="people.own",
        label=_("My profile"),
        icon="people",
        url=lambda reader: reverse("people:person", args=[reader.pk]),
        group="own",
        order=60,
    ),
    NavigationEntry(
        name="people.recovery",
        label=_("Recovery"),
        icon="key",
        url=lambda _reader: reverse("people:recovery"),
        group="run",
        order=40,
        visible_to=is_secretariat,
    ),
)
announced.header_slots.add(
    HeaderSlot(
        name="acting-for", template="memberships/people/_acting_for_slot.html", context=acting_for_slot, order=10
    )
)
announced.privileged_roles.add(
    PrivilegedRole(name="organisations", held_by=holds_any_role, holders=holders_of_roles),
)
announced.cards.add(Card(name="people", order=20, subject=subject, needs=needs_about_people))
announced.search_sources.add(
    SearchSource(
        name="person", label=_("People"), visible_to=visible_to, results=results, documents=documents, order=20
    )
)
announced.live_topics.add(
    LiveTopic(name="person", may_subscribe=may_follow_person),
    LiveTopic(name="rights", may_subscribe=may_follow_rights),
)
announced.erasure_followers.add(
    ErasureFollower(name="people", closed=closed, opened=opened, erased=erased, concerns=unsettled, words=phone_of)
)
announced.name_followers.add(NameFollower(name="people.profile", renamed=name_follow))
announced.invitation_purposes.add(
    InvitationPurpose(
        name=PURPOSE,
        label=_("Joining an organisation"),
        describe=describe_invitation,
        accepted=invitation_accepted,
    )
)
ROLES = Detail(name="roles", label=_("Roles"), told=telling.choices(Role))
ROLE = Detail(name="role", label=_("Role"), told=telling.choices(Role))
FIELDS = Detail(name="fields", label=_("What of it"), told=telling.fields(Profile, Affiliation, name=_("Name")))
AFFILIATION = Detail(name="affiliation", label=_("Number of the affiliation"))
INVITATION = Detail(name="invitation", label=_("Number of the invitation"))
announced.audit_verbs.add(
    AuditVerb(name="affiliation.started", label=_("Person joined an organisation"), details=[ROLES, AFFILIATION]),
    AuditVerb(name="affiliation.updated", label=_("Title changed"), details=[FIELDS, AFFILIATION]),
    AuditVerb(name="affiliation.ended", label=_("Person left an organisation"), details=[AFFILIATION]),
    AuditVerb(name="role.given", label=_("Role given"), details=[ROLE, AFFILIATION]),
    AuditVerb(name="role.ended", label=_("Role ended"), details=[ROLE, AFFILIATION]),
    AuditVerb(name="organisation.handed_over", label=_("Organisation handed over")),
    AuditVerb(name="organisation.recovered", label=_("Organisation recovered"), details=[AFFILIATION, INVITATION]),
    AuditVerb(name="colleague.invited", label=_("Colleague invited"), details=[ROLES, INVITATION]),
    AuditVerb(name="colleague.uninvited", label=_("Invitation withdrawn"), details=[INVITATION]),
    AuditVerb(name="person.updated", label=_("Own profile changed"), details=[FIELDS]),
)


def _with_role(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {**payload, "role": Role(payload["role"]).label}


announced.notification_kinds.add(
    NotificationKind(
        name="affiliation.started",
        label=_("You join an organisation"),
        sentence=lambda payload: _now("%(by)s added you to the people of %(organisation)s.") % payload,
    ),
    NotificationKind(
        name="affiliation.ended",
        label=_("Your time at an organisation ends"),
        sentence=lambda payload: _now("%(by)s ended your time at %(organisation)s.") % payload,
    ),
    NotificationKind(
        name="role.given",
        label=_("You are given a role"),
        sentence=lambda payload: _now("%(by)s gave you a role at %(organisation)s: %(role)s.") % _with_role(payload),
    ),
    NotificationKind(
        name="role.ended",
        label=_("A role of yours ends"),
        sentence=lambda payload: (
            _now("%(by)s ended a role of yours at %(organisation)s: %(role)s.") % _with_role(payload)
        ),
    ),
    NotificationKind(
        name="invitation.accepted",
        label=_("A colleague accepts an invitation"),
        sentence=lambda payload: _now("%(person)s accepted the invitation to %(organisation)s.") % payload,
    ),
)
announced.retention_rules.add(
    RetentionRule(
        name="people.profile",
        model="people.Profile",
        fields=("person", "languages", "about", "phone", "email_audience", "phone_audience", "name_sort"),
        secret=("name_sort",),
        words={"languages": lambda profile: language_names(profile.languages)},
        label=_("Your profile"),
        purpose=_("To tell others in the network who you are and how to reach you, as far as you want."),
        audience=_("Whoever may see you in the network; address and number as you choose."),
        rule=_("As long as your account, or until you empty it."),
        erasure=Erasure.DELETE,
        order=30,
    ),
    RetentionRule(
        name="people.affiliation",
        model="people.Affiliation",
        fields=("person", "organisation", "since", "until"),
        of=("person",),
        label=_("Where you belong"),
        purpose=_("To know for whom you act: your rights follow from it."),
        audience=_("The network; of an organisation at risk only its own people and the Secretariat."),
        rule=_("As long as the organisation, as the history of who acted for it."),
        erasure=Erasure.KEEP,
        because=_("That somebody acted for the organisation then stays true; it no longer says who."),
        order=32,
    ),
    RetentionRule(
        name="people.affiliation_title",
        model="people.Affiliation",
        fields=("title",),
        of=("person",),
        label=_("Where you belong"),
        purpose=_("To say what you do at the organisation."),
        audience=_("The network; of an organisation at risk only its own people and the Secretariat."),
        rule=_("As long as the organisation, as the history of who acted for it."),
        erasure=Erasure.BLANK,
        order=33,
    ),
    RetentionRule(
        name="people.role_term",
        model="people.RoleTerm",
        fields=("affiliation", "role", "since", "until"),
        rows=role_terms_of_person,
        words={"affiliation": lambda term: str(term.affiliation.organisation)},
        label=_("Where you belong"),
        purpose=_("To know who may vote, sign and manage for an organisation, and who might then."),
        audience=_("The organisation's own people and the Secretariat."),
        rule=_("As long as the affiliation."),
        erasure=Erasure.KEEP,
        because=_("That somebody held the role then stays true; it no longer says who."),
        order=34,
    ),
    RetentionRule(
        name="people.affiliation_made",
        model="people.Affiliation",
        fields=("started_by", "ended_by"),
        label=_("What you did for others"),
        purpose=_("To know who brought somebody into an organisation, and who ended their time there."),
        audience=_("The organisation's own people and the Secretariat."),
        rule=_("As long as the affiliation."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name."),
        order=70,
    ),
    RetentionRule(
        name="people.role_given",
        model="people.RoleTerm",
        fields=("given_by", "ended_by"),
        label=_("What you did for others"),
        purpose=_("To know who gave a role, and who took it."),
        audience=_("The organisation's own people and the Secretariat."),
        rule=_("As long as the affiliation."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name."),
        order=70,
    ),
    RetentionRule(
        name="people.invitation",
        model="people.AffiliationInvitation",
        fields=("invitation", "organisation", "title", "roles"),
        rows=terms_of_person,
        label=_("Invitations"),
        purpose=_("To know what an invitation leads to."),
        audience=_("Whoever invited you, their colleagues who invite, and the Secretariat."),
        rule=_("As long as the invitation."),
        erasure=Erasure.DELETE,
        order=22,
    ),
    RetentionRule(
        name="people.search",
        model="search.Document",
        fields=("source", "object_id", "vector", "updated_at"),
        rows=documents_of_person,
        words={"source": lambda document: announced.search_sources[document.source].label},
        secret=("vector",),
        label=_("Your profile"),
        purpose=_("To let you be found by those who may see you."),
        audience=_("Nobody reads this; the portal's programs use it."),
        rule=_("As long as you belong to the network."),
        erasure=Erasure.DELETE,
        order=35,
    ),
)
