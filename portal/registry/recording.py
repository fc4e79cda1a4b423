"""What an app writes into the record of acts."""

from dataclasses import dataclass

from portal.registry.register import Text


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
