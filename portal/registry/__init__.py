"""What apps announce to the floor.

`portal` knows no organisation, group or event, yet it shows a dashboard, a navigation and a search page.
Every app has a `wiring.py`, found at start-up by :func:`discover`, where it registers what it adds to the whole.
Nothing here imports an app. `Announced` is the complete list; the modules beside this one say what each thing means.
"""

from dataclasses import dataclass, field

from django.utils.module_loading import autodiscover_modules

from portal.registry.demonstration import DemonstrationGenerator
from portal.registry.files import FileKind, LargeBody
from portal.registry.finding import SearchDocument, SearchResult, SearchSource
from portal.registry.live import LiveCommand, LiveFragment, LiveTopic
from portal.registry.pages import Card, Figure, HeaderSlot, NavigationEntry, Need, News, everyone
from portal.registry.people import (
    InvitationPurpose,
    LockdownFollower,
    LockdownKeeper,
    NameFollower,
    PersonAction,
    PrivilegedRole,
    SealedStore,
)
from portal.registry.privacy import Concern, Erasure, ErasureFollower, NotPersonal, RetentionRule
from portal.registry.recording import AuditVerb, Detail, RecordedThing, Teller
from portal.registry.register import Named, Register, Text
from portal.registry.telling import Level, MailDiscretion, MailGate, NotificationKind, NotificationScope

__all__ = (
    "Announced",
    "AuditVerb",
    "Card",
    "Concern",
    "DemonstrationGenerator",
    "Detail",
    "Erasure",
    "ErasureFollower",
    "Figure",
    "FileKind",
    "HeaderSlot",
    "InvitationPurpose",
    "LargeBody",
    "Level",
    "LiveCommand",
    "LiveFragment",
    "LiveTopic",
    "LockdownFollower",
    "LockdownKeeper",
    "MailDiscretion",
    "MailGate",
    "NameFollower",
    "Named",
    "NavigationEntry",
    "Need",
    "News",
    "NotPersonal",
    "NotificationKind",
    "NotificationScope",
    "PersonAction",
    "PrivilegedRole",
    "RecordedThing",
    "Register",
    "RetentionRule",
    "SealedStore",
    "SearchDocument",
    "SearchResult",
    "SearchSource",
    "Teller",
    "Text",
    "announced",
    "discover",
    "everyone",
)


@dataclass
class Announced:
    """All registers; one instance, :data:`announced`."""

    navigation: Register[NavigationEntry] = field(default_factory=lambda: Register("navigation entry"))
    cards: Register[Card] = field(default_factory=lambda: Register("card"))
    header_slots: Register[HeaderSlot] = field(default_factory=lambda: Register("header slot"))
    notification_kinds: Register[NotificationKind] = field(default_factory=lambda: Register("notification kind"))
    notification_scopes: Register[NotificationScope] = field(default_factory=lambda: Register("notification scope"))
    mail_gates: Register[MailGate] = field(default_factory=lambda: Register("mail gate"))
    mail_discretions: Register[MailDiscretion] = field(default_factory=lambda: Register("mail discretion"))
    search_sources: Register[SearchSource] = field(default_factory=lambda: Register("search source"))
    live_topics: Register[LiveTopic] = field(default_factory=lambda: Register("live topic"))
    live_fragments: Register[LiveFragment] = field(default_factory=lambda: Register("live fragment"))
    live_commands: Register[LiveCommand] = field(default_factory=lambda: Register("live command"))
    audit_verbs: Register[AuditVerb] = field(default_factory=lambda: Register("audit verb"))
    recorded_things: Register[RecordedThing] = field(default_factory=lambda: Register("recorded thing"))
    file_kinds: Register[FileKind] = field(default_factory=lambda: Register("file kind"))
    large_bodies: Register[LargeBody] = field(default_factory=lambda: Register("large body"))
    retention_rules: Register[RetentionRule] = field(default_factory=lambda: Register("retention rule"))
    not_personal: Register[NotPersonal] = field(default_factory=lambda: Register("declaration of what is not personal"))
    erasure_followers: Register[ErasureFollower] = field(default_factory=lambda: Register("erasure follower"))
    invitation_purposes: Register[InvitationPurpose] = field(default_factory=lambda: Register("invitation purpose"))
    name_followers: Register[NameFollower] = field(default_factory=lambda: Register("name follower"))
    person_actions: Register[PersonAction] = field(default_factory=lambda: Register("thing to do with a person"))
    privileged_roles: Register[PrivilegedRole] = field(default_factory=lambda: Register("privileged role"))
    sealed_stores: Register[SealedStore] = field(default_factory=lambda: Register("sealed store"))
    lockdown_keepers: Register[LockdownKeeper] = field(default_factory=lambda: Register("keeper of accounts"))
    lockdown_followers: Register[LockdownFollower] = field(default_factory=lambda: Register("follower of lock-downs"))
    generators: Register[DemonstrationGenerator] = field(default_factory=lambda: Register("demonstration generator"))


announced = Announced()


def discover() -> None:
    """Import every installed app's `wiring.py`. Called once, when all apps are ready."""
    autodiscover_modules("wiring")
