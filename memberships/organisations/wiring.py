"""What the organisations app announces."""

from typing import cast

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from memberships.organisations import live, policies
from memberships.organisations.models import Alliance, Organisation, Standing
from memberships.organisations.selectors import changes, finding, home
from memberships.organisations.selectors.personal import contacts_of_person
from memberships.organisations.services.reminding import CONFIRMATION_DUE
from memberships.people.selectors import organisations_of
from portal.accounts.models import User
from portal.audit import telling
from portal.files.models import StoredFile
from portal.registry import (
    AuditVerb,
    Card,
    DemonstrationGenerator,
    Detail,
    Erasure,
    FileKind,
    LargeBody,
    LiveTopic,
    MailDiscretion,
    NavigationEntry,
    NotificationKind,
    NotPersonal,
    RecordedThing,
    RetentionRule,
    SearchSource,
    announced,
)


def _own_profile(person: User) -> str | None:
    own = organisations_of(person)
    return own[0].organisation.get_absolute_url() if own else None


def _can_see_logo(person: User, file: Model) -> bool:
    # A logo that was replaced belongs to no organisation any more and is nobody's to see.
    uses = Organisation.objects.filter(logo=cast(StoredFile, file)).first()
    return uses is not None and policies.can_see_facts(person, uses)


def _is_at_risk(person: User) -> bool:
    return any(acting.organisation.at_risk for acting in organisations_of(person))


announced.mail_discretions.add(MailDiscretion(name="organisations.at_risk", advised=_is_at_risk))
announced.navigation.add(
    NavigationEntry(
        name="my-organisation",
        label=_("My organisation"),
        short_label=_("Organisation"),
        icon="organisation",
        url=_own_profile,
        group="own",
        order=10,
    )
)

announced.cards.add(
    Card(
        name="organisation-profile",
        order=20,
        needs=home.needs,
        news=home.news,
        side=home.confirmation_note,
        side_template="memberships/organisations/_confirmation_note.html",
    )
)

announced.search_sources.add(
    SearchSource(
        name="organisation",
        label=_("Organisations"),
        visible_to=policies.visible_to,
        results=finding.results,
        documents=finding.documents,
        order=10,
    )
)

announced.live_topics.add(
    LiveTopic(name="organisation", may_subscribe=live.may_follow),
    LiveTopic(name="directory", may_subscribe=live.may_follow_directory),
)

announced.large_bodies.add(LargeBody(name="organisations:edit-section", most_bytes=12_000_000))  # the logo
announced.file_kinds.add(FileKind(name="organisation-logo", label=_("Logo of an organisation"), can_see=_can_see_logo))

ALLIANCE = Detail(
    name="alliance",
    label=_("Alliance"),
    told=telling.looked_up(lambda slugs: {one.slug: one.name for one in Alliance.objects.filter(slug__in=slugs)}),
)
announced.audit_verbs.add(
    AuditVerb(
        name="organisation.created",
        label=_("Organisation added"),
        details=[Detail(name="standing", label=_("Standing"), told=telling.choices(Standing.Kind))],
    ),
    AuditVerb(
        name="organisation.updated",
        label=_("Profile changed"),
        details=(
            Detail(name="fields", label=_("What of it"), told=telling.words(changes.LABELS)),
            Detail(name="version", label=_("Version of the profile")),
        ),
    ),
    AuditVerb(name="organisation.confirmed", label=_("Profile confirmed")),
    AuditVerb(name="organisation.at_risk_set", label=_("Organisation marked as at risk")),
    AuditVerb(name="organisation.at_risk_lifted", label=_("Organisation no longer marked as at risk")),
    AuditVerb(
        name="standing.started",
        label=_("Standing recorded"),
        details=(
            Detail(name="from", label=_("Standing before"), told=telling.choices(Standing.Kind)),
            Detail(name="to", label=_("New standing"), told=telling.choices(Standing.Kind)),
            Detail(name="since", label=_("Since"), told=telling.days),
        ),
    ),
    AuditVerb(name="alliance.joined", label=_("Joined an alliance"), details=[ALLIANCE]),
    AuditVerb(name="alliance.left", label=_("Left an alliance"), details=[ALLIANCE]),
)

announced.recorded_things.add(RecordedThing(name="organisations.organisation", label=_("Organisation"), named=True))

announced.notification_kinds.add(
    NotificationKind(
        name=CONFIRMATION_DUE,
        label=_("A profile waits for its yearly confirmation"),
        sentence=lambda payload: _now("Is the profile of %(organisation)s still right?") % payload,
    )
)

announced.retention_rules.add(
    RetentionRule(
        name="organisations.organisation",
        model="organisations.Organisation",
        fields=("confirmed_by", "confirmed_at"),
        of=("confirmed_by",),
        label=_("What you did for others"),
        purpose=_("To know who said that a profile is still right."),
        audience=_("The organisation's own people and the Secretariat."),
        rule=_("Until the next confirmation."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name."),
        order=70,
    ),
    RetentionRule(
        name="organisations.contact",
        model="organisations.Contact",
        fields=("value",),
        rows=contacts_of_person,
        label=_("Texts of others"),
        purpose=_("To reach an organisation, in some at your own address or number."),
        audience=_("The network or the Secretariat, as the organisation chooses."),
        rule=_("As long as the organisation keeps it in its profile."),
        erasure=Erasure.DELETE,
        order=75,
    ),
    RetentionRule(
        name="organisations.change",
        model="organisations.ProfileChange",
        fields=("changed_by", "at", "field"),
        words={"field": changes.field_label},
        of=("changed_by",),
        label=_("What you did for others"),
        purpose=_("To know who changed what in a profile."),
        audience=_("The organisation's own people and the Secretariat."),
        rule=_("As long as the organisation, as the history of its profile."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name."),
        order=71,
    ),
    RetentionRule(
        name="organisations.change_texts",
        model="organisations.ProfileChange",
        fields=("before", "after"),
        words={"before": changes.before_in_words, "after": changes.after_in_words},
        of=("changed_by",),
        label=_("Texts of others"),
        purpose=_("To show what a profile said before and after a change. It may name who can be reached."),
        audience=_("The organisation's own people and the Secretariat."),
        rule=_("As long as the organisation, as the history of its profile."),
        erasure=Erasure.SCRUB,
        order=76,
    ),
    RetentionRule(
        name="organisations.standing",
        model="organisations.Standing",
        fields=("recorded_by", "recorded_at"),
        of=("recorded_by",),
        label=_("What you did for others"),
        purpose=_("To know who recorded an organisation's standing in the network."),
        audience=_("The Secretariat."),
        rule=_("As long as the network, as its record of membership."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name."),
        order=71,
    ),
    RetentionRule(
        name="organisations.standing_reason",
        model="organisations.Standing",
        fields=("reason",),
        of=("recorded_by",),
        label=_("Texts of others"),
        purpose=_("To know why an organisation has its standing."),
        audience=_("The Secretariat."),
        rule=_("As long as the network, as its record of membership."),
        erasure=Erasure.SCRUB,
        order=77,
    ),
)
announced.not_personal.add(
    NotPersonal(model="organisations.Subject", fields=("*",), because="a vocabulary"),
    NotPersonal(model="organisations.Alliance", fields=("*",), because="about organisations"),
    NotPersonal(model="organisations.AllianceMembership", fields=("*",), because="about organisations"),
    NotPersonal(model="organisations.Organisation_subjects", fields=("*",), because="about organisations"),
    NotPersonal(
        model="organisations.Organisation",
        fields=(
            *("slug", "name", "native_name", "native_language", "acronym", "logo", "region", "country", "city"),
            *("country_hidden", "city_hidden", "languages", "founded_year", "joined_year", "website", "at_risk"),
            *("description_en", "description_fr", "description_es", "description_ar"),
            *("name_sort", "native_name_sort", "version", "created_at", "updated_at"),
        ),
        because="what an organisation says about itself, under its own responsibility",
    ),
    NotPersonal(model="organisations.Contact", fields=("organisation", "kind", "audience"), because="about the value"),
    NotPersonal(model="organisations.ProfileChange", fields=("organisation", "version"), because="which profile"),
    NotPersonal(
        model="organisations.Standing",
        fields=("organisation", "kind", "since", "until"),
        because="an organisation's term in the network",
    ),
)

if settings.DEMONSTRATION:
    from memberships.organisations.demonstration.accounts import ACCOUNTS
    from memberships.organisations.demonstration.organisations import invented_organisations, standings
    from memberships.organisations.demonstration.people import people
    from portal.demonstration.accounts import accounts

    accounts.add(*ACCOUNTS)
    announced.generators.add(
        DemonstrationGenerator(name="standings", generate=standings, order=20),
        DemonstrationGenerator(name="invented organisations", generate=invented_organisations, order=21),
        DemonstrationGenerator(name="invented people", generate=people, order=30),
    )
