"""What an app writes into the record of acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.registry.register import Text

Teller = Callable[[Sequence[Any]], Sequence[Text]]


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One key of an act's details: `name` as it is kept, `label` what it is called.

    `told(values)` is asked once for all entries of a page and says each value in the active language; None says
    numbers, yes and no, and texts as they are. `portal.audit.telling` makes such functions of vocabularies.
    """

    name: str
    label: Text
    told: Teller | None = None


@dataclass(frozen=True, kw_only=True)
class AuditVerb:
    """A verb of the record, e.g. `organisation.updated`, with its label, and the details that its acts may have."""

    name: str
    label: Text
    details: Sequence[Detail] = ()


@dataclass(frozen=True, kw_only=True)
class RecordedThing:
    """A kind of thing that acts are done to: `name` is "app_label.model" in lower case, `label` what it is called.

    `named`: the record keeps its name of that moment for good, so the name must be nobody's: of an organisation, not
    of a person. Of a kind that is not announced only the number is kept.
    """

    name: str
    label: Text
    named: bool = False
