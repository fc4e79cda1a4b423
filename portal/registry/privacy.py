"""What an app holds about people, and what becomes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from portal.registry.register import Text

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User


class Erasure(StrEnum):
    """What happens to a person's data of one rule when they are erased, or when its time is over."""

    DELETE = "delete"  # the rows go
    BLANK = "blank"  # the fields are emptied, the rows stay
    SCRUB = "scrub"  # texts written by others: the person's name, addresses and numbers are taken out of them
    KEEP = "keep"  # nothing: `because` says why that may stay


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
    `words` says what a field holds in the reader's language where it holds a code of the app's own: field → what to
    say of a row.
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
    words: Mapping[str, Callable[[Any], Text]] = field(default_factory=dict)
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
