"""What apps announce to the floor.

`portal` knows no organisation, group or event, yet it shows a dashboard, a navigation and a search page.
Every app has a `wiring.py`, found at start-up by :func:`discover`, where it registers what it adds to the whole.
Nothing here imports an app.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    from portal.accounts.models import User

Text = str | Promise


class Named(Protocol):
    """Anything announced has a name that is unique among its kind."""

    @property
    def name(self) -> str: ...


Item = TypeVar("Item", bound=Named)


class Register(Generic[Item]):
    """An ordered collection of announced items of one kind, each name once."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[str, Item] = {}

    def add(self, *items: Item) -> None:
        """Announce `items`.

        Raises ImproperlyConfigured when a name is taken: two apps must not silently replace each other.
        """
        for item in items:
            if item.name in self._items:
                raise ImproperlyConfigured(f"{self.kind} {item.name!r} is announced twice")
            self._items[item.name] = item

    def get(self, name: str) -> Item | None:
        """The item announced under `name`, or None."""
        return self._items.get(name)

    def __getitem__(self, name: str) -> Item:
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[Item]:
        return iter(sorted(self._items.values(), key=lambda item: getattr(item, "order", 0)))

    def __len__(self) -> int:
        return len(self._items)


def everyone(_: "User") -> bool:
    """The audience of an entry that every signed-in person may see."""
    return True


@dataclass(frozen=True, kw_only=True)
class NavigationEntry:
    """One line of the rail. `group`: "act" (asks for action), "look" (look up), "own" (yours), "run" (Secretariat)."""

    name: str
    label: Text
    icon: str
    url: Callable[["User"], str | None]
    group: str = "look"
    order: int = 50
    visible_to: Callable[["User"], bool] = everyone
    count: Callable[["User"], int] | None = None
    due: bool = False
    primary_on_phone: bool = False
    short_label: Text = ""  # for the narrow rail and the phone's bar, where the label is too long


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that waits for the reader or the organisation acted for; an item of the agenda on the home page."""

    kind: Text
    icon: str
    title: Text
    sentence: Text
    action: Text
    url: str
    deadline: datetime | None = None

    @property
    def days_left(self) -> int | None:
        """Whole days until the deadline, 0 on its last day and after it; None without one."""
        return max(0, (self.deadline - timezone.now()).days) if self.deadline else None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One of the linked numbers under the home page's title."""

    number: int
    word: Text
    detail: Text
    url: str
    due: bool = False


@dataclass(frozen=True, kw_only=True)
class News:
    """One line of "since you were last here" on the home page. `at` is timezone-aware."""

    title: Text
    detail: Text
    url: str
    at: datetime
    lang: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What one app shows on the home page. Each callable is asked once per page; a card may fill any of the places."""

    name: str
    order: int = 50
    subject: Callable[["HttpRequest"], Text | None] | None = None  # whose needs the title speaks of
    needs: Callable[["HttpRequest"], Sequence[Need]] | None = None
    figures: Callable[["HttpRequest"], Sequence[Figure]] | None = None
    news: Callable[["HttpRequest"], Sequence[News]] | None = None
    side_template: str = ""
    side: Callable[["HttpRequest"], Mapping[str, Any] | None] | None = None


@dataclass(frozen=True, kw_only=True)
class HeaderSlot:
    """A template shown in the top bar of every signed-in page; `context` None leaves it out."""

    name: str
    template: str
    context: Callable[["HttpRequest"], Mapping[str, Any] | None]
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    """A kind of notification: what it says, by which templates, and whether it is mailed by default.

    `sentence` makes the line of the inbox from the stored payload, in the active language.
    `mail` names a template pair without suffix: `<mail>_subject.txt`, `<mail>.txt`, `<mail>.html`.
    """

    name: str
    label: Text
    sentence: Callable[[Mapping[str, Any]], Text]
    mail: str = "email/portal/notifications/notification"
    mailed: bool = True
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class MailGate:
    """Whoever may hold a person's mails back for a while, asked right before each one leaves.

    `may_mail(person_id)` False keeps the mail waiting; it is asked again every hour and dropped after some days.
    """

    name: str
    may_mail: Callable[[int], bool]


@dataclass(frozen=True, kw_only=True)
class MailDiscretion:
    """Whoever knows that some people's mails had better say nothing, unless they chose otherwise themselves.

    `advised(person)` is asked once for each mail to a person who did not choose.
    """

    name: str
    advised: Callable[["User"], bool]


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """A kind of thing that can be found.

    `visible_to` gives the pks' queryset for one reader, joined inside the query.
    """

    name: str
    label: Text
    visible_to: Callable[["User"], "QuerySet[Any]"]
    results: Callable[["User", Sequence[int]], Sequence["SearchResult"]]
    documents: Callable[[Sequence[int] | None], Iterator["SearchDocument"]]
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class SearchDocument:
    """What is indexed of one thing. `names` weigh most (name, acronym, native name), then `keywords`, then `body`."""

    object_id: int
    names: Sequence[str]
    keywords: Sequence[str] = ()
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """One line of the result page."""

    object_id: int
    title: str
    detail: Text
    url: str
    subject: Any = None  # what the tile or the face is drawn from
    lang: str = ""


@dataclass(frozen=True, kw_only=True)
class LiveTopic:
    """A family of live topics, `name` being the part before the first colon.

    `may_subscribe(person, key)` is asked at subscribe and again at each delivery after a change of rights;
    `key` is what follows the colon.
    """

    name: str
    may_subscribe: Callable[["User", str], bool]


@dataclass(frozen=True, kw_only=True)
class AuditVerb:
    """A verb of the record, e.g. `organisation.updated`, with its label."""

    name: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class RecordedThing:
    """A kind of thing that acts are done to: `name` is "app_label.model" in lower case, `label` what it is called.

    `named`: the record keeps its name of that moment for good, so the name must be nobody's: of an organisation, not
    of a person. Of a kind that is not announced only the number is kept.
    """

    name: str
    label: Text
    named: bool = False


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """A kind of stored file; `can_see(person, file)` decides on each download.

    `personal`: the files of this kind belong to whoever uploaded them, leave with them and are in their export.
    """

    name: str
    label: Text
    can_see: Callable[["User", "Model"], bool]
    personal: bool = False


class Erasure(StrEnum):
    """What happens to a person's data of one rule when they are erased, or when its time is over."""

    DELETE = "delete"  # the rows go
    BLANK = "blank"  # the fields are emptied, the rows stay
    SCRUB = "scrub"  # texts written by others: the person's name, addresses and numbers are taken out of them
    KEEP = "keep"  # nothing: `because` says why that may stay


@dataclass(frozen=True, kw_only=True)
class LargeBody:
    """A page that takes more than an ordinary form: `name` of its URL with the namespace, and how many bytes in all.

    The proxy in `deploy/` knows the same pages; a test holds the two together.
    """

    name: str
    most_bytes: int


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """Personal fields of one model: why they are held, who reads them, how long, and what erasure does to them.

    From these declarations come the system check (a field of a model without one fails it), the nightly job, the page
    "What is held about you", the export of one's own data, erasure, and `docs/privacy.md`.

    `model` is "app_label.ModelName"; `fields` its personal fields. `label` names the category, `purpose` and
    `audience` are one sentence each, `rule` is the sentence that says how long. A row belongs to the person it leads
    to by one of the lookups `of` (default: the fields among `fields` that point to a person); where that cannot be
    said by a lookup, `rows(person)` gives the rows.

    `days` None: kept as long as its purpose lasts. Otherwise a row is due so many days after the moment in the field
    `since` (default: "at" or "created_at"), or when `due(now)` gives it; the nightly job then does `when_due` to it,
    DELETE or BLANK. A table that the ORM may not write names in `carried_out_by` the job that tidies it instead.

    `erasure` says what erasing the person does to these rows; `because` why they may stay (KEEP needs it). Where that
    takes more, `erase(person)` does it, inside the transaction of the erasure. `readers_language` is the lookup from a
    row to the language in which its readers see "Former member" in place of a name (SCRUB). `secret`: those of `fields`
    that are nobody's to read, such as hashes and tokens: page and export say that they are held, not what they are.
    """

    name: str
    model: str
    fields: Sequence[str]
    rule: Text
    days: int | None = None
    label: Text = ""
    purpose: Text = ""
    audience: Text = ""
    of: Sequence[str] = ()
    rows: Callable[["User"], "QuerySet[Any]"] | None = None
    since: str = ""
    due: Callable[[datetime], "QuerySet[Any]"] | None = None
    when_due: Erasure = Erasure.DELETE
    carried_out_by: str = ""
    erasure: Erasure = Erasure.KEEP
    because: Text = ""
    erase: Callable[["User"], None] | None = None
    readers_language: str = ""
    secret: Sequence[str] = ()
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class NotPersonal:
    """Fields of one model that hold nothing about a person, and why; ("*",) for all that no rule names.

    "*" is not accepted for a model that points to a person: there each field is named.
    """

    model: str
    fields: Sequence[str]
    because: str  # for those who maintain this, in English

    @property
    def name(self) -> str:
        return f"{self.model}: {', '.join(self.fields)}"


@dataclass(frozen=True, kw_only=True)
class Concern:
    """Something a person is asked to settle before their account closes for good, and where they can."""

    sentence: Text
    action: Text
    url: str


@dataclass(frozen=True, kw_only=True)
class ErasureFollower:
    """Whatever has to follow when an account is closed, opened again or erased, beyond what retention rules do.

    Each runs in the transaction of the change. `closed(person)`: the account was closed and nothing of theirs should
    be seen any more, but may come back. `opened(person)`: it is open again. `erasing(person)`: they are about to be
    erased, name and addresses are still there. `erased(person)`: these are gone, the rows that rules take are there.
    `concerns(person)`: what should be settled before they go.
    `words(person)`: what else of theirs others may have written down, such as a telephone number.
    """

    name: str
    closed: Callable[["User"], None] | None = None
    opened: Callable[["User"], None] | None = None
    erasing: Callable[["User"], None] | None = None
    erased: Callable[["User"], None] | None = None
    concerns: Callable[["User"], Sequence[Concern]] | None = None
    words: Callable[["User"], Sequence[str]] | None = None


@dataclass(frozen=True, kw_only=True)
class InvitationPurpose:
    """What an invitation leads to. `accepted(invitation, person)` runs in the transaction of the acceptance.

    `describe(invitation)` is the sentence shown on the invitation's page and in its mail.
    """

    name: str
    describe: Callable[[Any], Text]
    accepted: Callable[[Any, "User"], None]


@dataclass(frozen=True, kw_only=True)
class NameFollower:
    """Whatever keeps something made of a person's name (a sort key, an index) and follows when the name changes.

    `renamed(person)` runs in the transaction of the change.
    """

    name: str
    renamed: Callable[["User"], None]


@dataclass(frozen=True, kw_only=True)
class PrivilegedRole:
    """A role whose rights need a second factor. Who holds it is shown as holding it, whether they have one or not.

    `held_by(person)` is asked for every page, so it must cost nothing where the person's roles are loaded already.
    `holders()` gives the pks of everybody who holds it now.
    """

    name: str
    held_by: Callable[["User"], bool]
    holders: Callable[[], "QuerySet[Any]"]


@dataclass(frozen=True, kw_only=True)
class SealedStore:
    """Something kept encrypted with the factor key. `rotate()` closes all of it with the current key; returns how much.

    It takes the rows under lock, a few at a time, and can be run again after it was broken off.
    """

    name: str
    rotate: Callable[[], int]


@dataclass(frozen=True, kw_only=True)
class LockdownKeeper:
    """Who, beside the Secretariat, may lock a person's account and take part in unlocking it.

    `kept_by(actor)` gives the people whose keeper `actor` is now, `keepers_of(person)` those who are told.
    """

    name: str
    kept_by: Callable[["User"], "QuerySet[User]"]
    keepers_of: Callable[["User"], "QuerySet[User]"]


@dataclass(frozen=True, kw_only=True)
class LockdownFollower:
    """Whatever waits in a person's name (a draft, a vote) and is flagged while their account is locked.

    Both run in the transaction of the act, `person` being locked or unlocked already. One that fails is logged and
    undone by itself: nothing keeps an account from being locked.
    """

    name: str
    locked: Callable[["User"], None]
    unlocked: Callable[["User"], None]


@dataclass(frozen=True, kw_only=True)
class DemonstrationGenerator:
    """Fills one app's part of the demonstration network, deterministic, in rising `order`."""

    name: str
    generate: Callable[[], None]
    order: int = 50


@dataclass
class Announced:
    """All registers; one instance, :data:`announced`."""

    navigation: Register[NavigationEntry] = field(default_factory=lambda: Register("navigation entry"))
    cards: Register[Card] = field(default_factory=lambda: Register("card"))
    header_slots: Register[HeaderSlot] = field(default_factory=lambda: Register("header slot"))
    notification_kinds: Register[NotificationKind] = field(default_factory=lambda: Register("notification kind"))
    mail_gates: Register[MailGate] = field(default_factory=lambda: Register("mail gate"))
    mail_discretions: Register[MailDiscretion] = field(default_factory=lambda: Register("mail discretion"))
    search_sources: Register[SearchSource] = field(default_factory=lambda: Register("search source"))
    live_topics: Register[LiveTopic] = field(default_factory=lambda: Register("live topic"))
    audit_verbs: Register[AuditVerb] = field(default_factory=lambda: Register("audit verb"))
    recorded_things: Register[RecordedThing] = field(default_factory=lambda: Register("recorded thing"))
    file_kinds: Register[FileKind] = field(default_factory=lambda: Register("file kind"))
    large_bodies: Register[LargeBody] = field(default_factory=lambda: Register("large body"))
    retention_rules: Register[RetentionRule] = field(default_factory=lambda: Register("retention rule"))
    not_personal: Register[NotPersonal] = field(default_factory=lambda: Register("declaration of what is not personal"))
    erasure_followers: Register[ErasureFollower] = field(default_factory=lambda: Register("erasure follower"))
    invitation_purposes: Register[InvitationPurpose] = field(default_factory=lambda: Register("invitation purpose"))
    name_followers: Register[NameFollower] = field(default_factory=lambda: Register("name follower"))
    privileged_roles: Register[PrivilegedRole] = field(default_factory=lambda: Register("privileged role"))
    sealed_stores: Register[SealedStore] = field(default_factory=lambda: Register("sealed store"))
    lockdown_keepers: Register[LockdownKeeper] = field(default_factory=lambda: Register("keeper of accounts"))
    lockdown_followers: Register[LockdownFollower] = field(default_factory=lambda: Register("follower of lock-downs"))
    generators: Register[DemonstrationGenerator] = field(default_factory=lambda: Register("demonstration generator"))


announced = Announced()


def discover() -> None:
    """Import every installed app's `wiring.py`. Called once, when all apps are ready."""
    autodiscover_modules("wiring")
