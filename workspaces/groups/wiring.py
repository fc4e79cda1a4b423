"""What groups announce."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.audit import telling
from portal.registry import (
    AuditVerb,
    Card,
    DemonstrationGenerator,
    Detail,
    Erasure,
    InvitationPurpose,
    LiveTopic,
    NavigationEntry,
    NotificationKind,
    NotificationScope,
    NotPersonal,
    RecordedThing,
    RetentionRule,
    SearchSource,
    Text,
    announced,
)
from portal.ui.formats import day
from workspaces.groups import live, policies
from workspaces.groups.models import Approach, Workspace
from workspaces.groups.selectors import finding, home
from workspaces.groups.selectors.invitations import describe_invitation
from workspaces.groups.selectors.unread import unread_number
from workspaces.groups.services import guest_accepted
from workspaces.groups.services.inviting import PURPOSE

announced.navigation.add(
    NavigationEntry(
        name="groups",
        label=_("Working groups"),
        short_label=_("Groups"),
        icon="groups",
        url=home.address_for,
        group="act",
        order=30,
        count=unread_number,
        primary_on_phone=True,
    )
)
announced.cards.add(Card(name="groups", order=10, needs=home.needs, figures=home.figures, news=home.news))
announced.search_sources.add(
    SearchSource(
        name="group",
        label=_("Groups"),
        visible_to=policies.visible_to,
        results=finding.results,
        documents=finding.documents,
        order=30,
    )
)
announced.live_topics.add(
    LiveTopic(name="group", may_subscribe=live.may_follow, audience=live.audience, label=_("A group")),
)
announced.notification_scopes.add(
    NotificationScope(name="group", label=live.label, may_hear=live.may_hear, among=live.heard, labels=live.labels)
)
announced.invitation_purposes.add(
    InvitationPurpose(name=PURPOSE, label=_("Visiting a group"), describe=describe_invitation, accepted=guest_accepted)
)

# Not named: the name of a secret group would stay in the record, where others read it than take part.
announced.recorded_things.add(RecordedThing(name="groups.workspace", label=_("Group")))
SIDE = Detail(name="side", label=_("How it began"), told=telling.choices(Approach.Side))
UNTIL = Detail(name="until", label=_("Until"), told=telling.days)
INVITATION = Detail(name="invitation", label=_("Number of the invitation"))
announced.audit_verbs.add(
    AuditVerb(
        name="group.proposed",
        label=_("Group proposed"),
        details=(
            Detail(name="kind", label=_("Kind"), told=telling.choices(Workspace.Kind)),
            Detail(name="visibility", label=_("Who may come in"), told=telling.choices(Workspace.Visibility)),
        ),
    ),
    AuditVerb(name="group.activated", label=_("Group started")),
    AuditVerb(name="group.declined", label=_("Group not taken up")),
    AuditVerb(name="group.withdrawn", label=_("Proposal of a group taken back")),
    AuditVerb(name="group.dissolved", label=_("Group dissolved")),
    AuditVerb(name="group.reopened", label=_("Group reopened")),
    AuditVerb(
        name="group.updated",
        label=_("Group changed"),
        details=[Detail(name="fields", label=_("What of it"), told=telling.fields(Workspace))],
    ),
    AuditVerb(
        name="group.rules_set",
        label=_("Rules of groups changed"),
        details=[Detail(name="activate_at_once", label=_("Groups start at once"))],
    ),
    AuditVerb(name="group.asked", label=_("Asked to be let into a group")),
    AuditVerb(name="group.invited", label=_("Invited to a group")),
    AuditVerb(
        name="group.answered",
        label=_("Invitation or request answered"),
        details=[SIDE, Detail(name="accepted", label=_("Accepted"))],
    ),
    AuditVerb(name="group.approach_withdrawn", label=_("Invitation or request taken back"), details=[SIDE, INVITATION]),
    AuditVerb(name="group.organisation_joined", label=_("Organisation joined a group")),
    AuditVerb(name="group.organisation_left", label=_("Organisation left a group")),
    AuditVerb(name="group.organisation_removed", label=_("Organisation removed from a group")),
    AuditVerb(name="group.joined", label=_("Person joined a group")),
    AuditVerb(name="group.colleague_named", label=_("Person named for a group")),
    AuditVerb(name="group.left", label=_("Person left a group")),
    AuditVerb(name="group.removed", label=_("Person removed from a group")),
    AuditVerb(name="group.facilitator_appointed", label=_("Facilitator appointed")),
    AuditVerb(name="group.facilitator_dismissed", label=_("Facilitator's role ended")),
    AuditVerb(
        name="group.guest_invited",
        label=_("Guest invited to a group"),
        details=[UNTIL, INVITATION],
    ),
    AuditVerb(name="group.guest_joined", label=_("Guest joined a group"), details=[UNTIL]),
    AuditVerb(name="group.guest_prolonged", label=_("Guest's last day changed"), details=[UNTIL]),
    AuditVerb(name="group.guest_ended", label=_("Guest's time ended")),
)


def _kind(name: str, text: Text, sentence: Callable[[Mapping[str, Any]], Text], **more: Any) -> NotificationKind:
    return NotificationKind(name=name, label=text, sentence=sentence, **more)


def _invited(payload: Mapping[str, Any]) -> Text:
    if payload.get("organisation"):
        return _now("%(by)s invites %(organisation)s to the group %(group)s.") % payload
    return _now("%(by)s invites you to the group %(group)s.") % payload


def _asked(payload: Mapping[str, Any]) -> Text:
    if payload.get("organisation"):
        return _now("%(by)s asks for %(organisation)s to be let into %(group)s.") % payload
    return _now("%(by)s asks to be let into %(group)s.") % payload


def _dated(sentence: str) -> Callable[[Mapping[str, Any]], Text]:
    """The sentence with the day of the payload in words."""
    return lambda payload: _now(sentence) % {**payload, "day": day(date.fromisoformat(payload["day"]), "plain")}


def _removed(payload: Mapping[str, Any]) -> Text:
    if payload.get("reason"):
        return _now("You no longer take part in %(group)s. The reason given: %(reason)s") % payload
    return _now("You no longer take part in %(group)s.") % payload


announced.notification_kinds.add(
    _kind("group.proposed", _("A group is proposed"),
          lambda payload: _now("%(organisation)s proposes a group: %(group)s.") % payload),
    _kind("group.activated", _("A group that you proposed starts"),
          lambda payload: _now("The group %(group)s has started.") % payload),
    _kind("group.declined", _("A group that you proposed is not taken up"),
          lambda payload: _now("The group %(group)s is not taken up. Its page says why.") % payload),
    _kind("group.dissolved", _("A group is dissolved"),
          lambda payload: _now("The group %(group)s is dissolved. It stays readable.") % payload, mention=True),
    _kind("group.reopened", _("A group is reopened"),
          lambda payload: _now("The group %(group)s works again.") % payload, mention=True),
    _kind("group.invited", _("An invitation to a group"), _invited),
    _kind("group.invitation_declined", _("An invitation to a group is declined"),
          lambda payload: _now("%(who)s declines the invitation to %(group)s.") % payload),
    _kind("group.asked", _("Somebody asks to be let into a group"), _asked, mention=True),
    _kind("group.let_in", _("You are let into a group"),
          lambda payload: _now("You are let into the group %(group)s.") % payload),
    _kind("group.not_let_in", _("You are not let into a group"),
          lambda payload: _now("You are not let into the group %(group)s.") % payload),
    _kind("group.named", _("You are named for a group"),
          lambda payload: _now("%(by)s named you to take part in %(group)s for %(organisation)s.") % payload),
    _kind("group.organisation_joined", _("An organisation joins a group"),
          lambda payload: _now("%(organisation)s now takes part in %(group)s.") % payload),
    _kind("group.removed", _("You no longer take part in a group"), _removed),
    _kind("group.review_due", _("A group is to be reviewed"),
          _dated(gettext_noop("The group %(group)s is to be reviewed on %(day)s: does it go on?")), mention=True),
    _kind("group.end_due", _("A group comes to its end"), mention=True,
          sentence=_dated(gettext_noop("The group %(group)s ends on %(day)s. Dissolve it, or give it a later day."))),
    _kind("group.facilitator_appointed", _("You are made facilitator"),
          lambda payload: _now("You are now facilitator of %(group)s.") % payload, mention=True),
)  # fmt: skip

_OTHERS = _("What you did for others")
_GROUPS = _("Groups you take part in")
_IN_IT = _("Those who take part in the group, and the Secretariat.")
_ROW_WITHOUT_NAME = _("It leads to a row without a name.")


def _made(name: str, model: str, fields: tuple[str, ...], purpose: Text) -> RetentionRule:
    """A rule for who did something to a group: kept as long as it."""
    return RetentionRule(
        name=name,
        model=model,
        fields=fields,
        label=_OTHERS,
        purpose=purpose,
        audience=_IN_IT,
        rule=_("As long as the group."),
        erasure=Erasure.KEEP,
        because=_ROW_WITHOUT_NAME,
        order=72,
    )


announced.retention_rules.add(
    _made("groups.proposed", "groups.Workspace", ("proposed_by",), _("To know who proposed a group.")),
    _made("groups.state", "groups.StateChange", ("by",), _("To know who started and who dissolved a group.")),
    RetentionRule(
        name="groups.state_note",
        model="groups.StateChange",
        fields=("note",),
        of=("by",),
        label=_("Texts of others"),
        purpose=_("To say why a group was started or dissolved. It may name people."),
        audience=_IN_IT,
        rule=_("As long as the group."),
        erasure=Erasure.SCRUB,
        order=78,
    ),
    _made("groups.organisation_by", "groups.OrganisationParticipation", ("started_by", "ended_by"),
          _("To know who brought an organisation into a group, and who took it out.")),
    RetentionRule(
        name="groups.participation",
        model="groups.Participation",
        fields=("person", "organisation", "since", "until", "is_guest", "ends_on", "number"),
        of=("person",),
        label=_GROUPS,
        purpose=_("To know who may read and write in a group, and who could then."),
        audience=_IN_IT,
        rule=_("As long as the group."),
        erasure=Erasure.KEEP,
        because=_("That somebody took part for the organisation then stays true; it no longer says who."),
        order=40,
    ),
    RetentionRule(
        name="groups.participation_visit",
        model="groups.Participation",
        fields=("visited_at", "seen_at", "guest_from"),
        of=("person",),
        label=_GROUPS,
        purpose=_("To show what is new since your last visit; of guests, to say where they come from."),
        audience=_("You alone; where a guest comes from, those who take part in the group."),
        rule=_("Until your next visit; where a guest comes from as long as the group."),
        erasure=Erasure.BLANK,
        order=41,
    ),
    _made("groups.participation_by", "groups.Participation", ("started_by", "ended_by"),
          _("To know who let somebody into a group, and who ended their time there.")),
    RetentionRule(
        name="groups.grant",
        model="groups.WorkspaceGrant",
        fields=("user", "permission", "content_object"),
        of=("user",),
        label=_GROUPS,
        purpose=_("To know who keeps a group."),
        audience=_IN_IT,
        rule=_("Until the role ends."),
        erasure=Erasure.DELETE,
        order=42,
    ),
    RetentionRule(
        name="groups.approach",
        model="groups.Approach",
        fields=("person", "organisation", "side", "at", "answer", "answered_at", "number"),
        of=("person",),
        label=_GROUPS,
        purpose=_("To know who was invited to a group or asked to be let in, and the answer."),
        audience=_("The facilitators of the group, and whoever was invited or asked."),
        rule=_("Two years."),
        days=730,
        since="at",
        erasure=Erasure.DELETE,
        order=43,
    ),
    _made("groups.approach_by", "groups.Approach", ("by", "answered_by"),
          _("To know who invited or asked, and who answered.")),
    RetentionRule(
        name="groups.approach_words",
        model="groups.Approach",
        fields=("words", "reason"),
        of=("by", "answered_by"),
        label=_("Texts of others"),
        purpose=_("To say why somebody asks to be let in, and why not."),
        audience=_("The facilitators of the group, and whoever was invited or asked."),
        rule=_("Two years."),
        erasure=Erasure.SCRUB,
        order=78,
    ),
    RetentionRule(
        name="groups.guest_invitation",
        model="groups.GuestInvitation",
        fields=("invitation", "workspace", "guest_from", "ends_on", "number"),
        of=("invitation__accepted_by",),
        label=_("Invitations"),
        purpose=_("To know what an invitation leads to."),
        audience=_("The facilitators of the group."),
        rule=_("As long as the invitation."),
        erasure=Erasure.DELETE,
        order=22,
    ),
)  # fmt: skip
announced.not_personal.add(
    NotPersonal(
        model="groups.Workspace",
        fields=(
            *("key", "slug", "kind", "visibility", "state", "members", "alliance", "languages"),
            *("name_en", "name_fr", "name_es", "name_ar", "purpose_en", "purpose_fr", "purpose_es", "purpose_ar"),
            *("review_on", "ends_on", "proposed_for", "created_at", "activated_at", "dissolved_at", "active_at"),
            "version",
        ),
        because="what a group says about itself",
    ),
    NotPersonal(model="groups.StateChange", fields=("workspace", "state", "at"), because="the history of a group"),
    NotPersonal(
        model="groups.OrganisationParticipation",
        fields=("workspace", "organisation", "since", "until"),
        because="about organisations",
    ),
    NotPersonal(model="groups.Participation", fields=("workspace",), because="which group"),
    NotPersonal(model="groups.Approach", fields=("workspace",), because="which group"),
    NotPersonal(model="groups.Reminder", fields=("*",), because="dates of groups"),
    NotPersonal(model="groups.Count", fields=("*",), because="numbers"),
    NotPersonal(model="groups.Rules", fields=("*",), because="what the Secretariat has set for all groups"),
)

if settings.DEMONSTRATION:
    from workspaces.groups.demonstration import invented_groups, real_groups

    announced.generators.add(
        DemonstrationGenerator(name="real groups", generate=real_groups, order=40),
        DemonstrationGenerator(name="invented groups", generate=invented_groups, order=41),
    )
