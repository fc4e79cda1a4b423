"""The real organisations of the demonstration: imported from the table that comes with the code, as anybody would."""

from pathlib import Path
from typing import Final

from memberships.directory.imports.planning import fingerprint
from memberships.directory.imports.services import import_confirm, import_preview, stored_rows
from portal.demonstration.network import secretary

TABLE: Final = Path(__file__).parent / "data" / "members.csv"
"""Public facts, each with its source in the table itself."""


def real_organisations() -> None:
    """Import them. Their standings are recorded afterwards, one by one."""
    actor = secretary()
    with TABLE.open("rb") as file:
        run = import_preview(actor, file_name=TABLE.name, file=file)
    import_confirm(actor, run=run, standing=None, seen=fingerprint(stored_rows(run)))
