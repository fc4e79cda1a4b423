"""Prints the declarations of personal data as `docs/privacy.md`, so that the page and the portal cannot differ."""

from pathlib import Path

import django

django.setup()  # the declarations name things by their models; pytest has done this already

from django.utils.translation import override  # noqa: E402

from portal.privacy.models import DAYS_TO_RETURN  # noqa: E402
from portal.privacy.selectors.declared import notice_of  # noqa: E402
from portal.registry import Erasure, RetentionRule, announced  # noqa: E402

PAGE = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
INTRODUCTION = f"""# What is held about people

Written by `make docs` from the declarations in every app's `wiring.py` (`RetentionRule` and `NotPersonal` in
`portal/registry/`). A field of any table, also of a library's, that nobody declared fails Django's system check
(`privacy.E001`), so nothing can be held that is not on this page. From the same declarations come the page that each
person reads about themselves (`/privacy/`), the export of their data, the job that removes what is over, each night,
and erasure.

**Erasure.** Whoever asks for it is signed out and hidden at once, has {DAYS_TO_RETURN} days to return by a mailed
link, and is then erased; the Secretariat can erase somebody at once, with a reason. What stays is a row without name,
address and way in, shown as "Former member": what was written and decided keeps its thread and loses the person. In
texts that others wrote, the person's full name, addresses and telephone numbers are replaced; a name of one word is
replaced only where it is the whole text. Not searched: what an organisation says about itself on its profile now, the
contents of pictures, archives made by `make backup` before the erasure (they go with their own time), and mail that
was already delivered.
"""
WHAT_ERASURE_DOES = {
    Erasure.DELETE: "deleted",
    Erasure.BLANK: "emptied",
    Erasure.SCRUB: "the person is taken out of the text",
}


def page() -> str:
    """The whole page, as Markdown, in English."""
    with override("en"):
        lines = [INTRODUCTION]
        for label, rules in notice_of():
            lines += [f"## {label}", ""]
            lines += [line for rule in rules for line in told(rule)]
        return "\n".join([*lines, *not_personal()]) + "\n"


def told(rule: RetentionRule) -> list[str]:
    """One rule as a small list."""
    fields = ", ".join(f"`{name}`" + (" (shown to nobody)" if name in rule.secret else "") for name in rule.fields)
    erased = WHAT_ERASURE_DOES.get(rule.erasure) or f"stays. {rule.because}"
    days = f" ({rule.days} days)" if rule.days is not None else ""
    return [
        f"**`{rule.model}`**: {fields}",
        "",
        f"- Why: {rule.purpose}",
        f"- Who reads it: {rule.audience}",
        f"- How long: {rule.rule}{days}",
        f"- On erasure: {erased}",
        "",
    ]


def not_personal() -> list[str]:
    """What the apps say is about nobody, and why."""
    rows = [
        f"| `{one.model}` | {'all' if '*' in one.fields else ', '.join(one.fields)} | {one.because} |"
        for one in sorted(announced.not_personal, key=lambda one: one.name)
    ]
    return ["## Not about anybody", "", "| table | fields | because |", "|---|---|---|", *rows]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
