"""Prints the table of routes as `docs/roles.md`, so that the page and the tests cannot differ."""

from pathlib import Path

import django

django.setup()  # the table names things by their models; pytest has done this already

from tests.architecture.table import ROWS  # noqa: E402
from tests.architecture.world import ROLES  # noqa: E402

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
TITLES = {
    "anonymous": "not signed in",
    "unaffiliated": "no affiliation",
    "guest": "guest",
    "other organisation": "another member",
    "at-risk organisation": "member at risk",
    "staff": "own staff",
    "delegate": "own delegate",
    "administrator": "own administrator",
    "secretariat": "Secretariat",
    "superuser": "superuser, no role",
}
INTRODUCTION = """# Who may do what

Written by `make docs` from the table that the tests walk (`tests/architecture/table.py`): every address, seen by ten
people. The organisation in question is their own for the three in the middle. **r** = may open it, **w** = may send
its form, **rw** = both, empty = refused: with 404 where the thing must not be known to exist, else with 403 and a
sentence. Nobody has a right by being a superuser: that flag runs the installation, not the network.

What someone sees *inside* a page follows from the policies of the slice, most of all of
`memberships/organisations/policies.py` and `memberships/people/policies.py`.
"""


def page() -> str:
    """The whole page, as Markdown."""
    head = ["address", *(TITLES[role] for role in ROLES)]
    lines = [INTRODUCTION, " | ".join(["", *head, ""]).strip(), "|" + "---|" * len(head)]
    for name, row in ROWS.items():
        marks = [("r" if role in (row.get or ()) else "") + ("w" if role in (row.post or ()) else "") for role in ROLES]
        lines.append("| " + " | ".join([f"`{name}`", *marks]) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
