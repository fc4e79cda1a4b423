"""The system check: no field is held about a person without a purpose, an audience and a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from portal.privacy.selectors.declared import mistaken, unanswered, undeclared

HINT = (
    "Name the field in a RetentionRule in the app's wiring.py, with purpose, audience, time and what erasure does, "
    "or in a NotPersonal with the reason (portal.registry says what each means)."
)


def everything_is_declared(app_configs: Sequence[AppConfig] | None, **_given: Any) -> list[CheckMessage]:
    """privacy.E001 for each field of any table that nothing declares, E002 and E003 for declarations that say too
    little or name what does not exist."""
    return list(_messages())


def _messages() -> Iterator[CheckMessage]:
    wrong = list(mistaken())
    for name, what in wrong:
        yield Error(f"The declaration {name!r} {what}.", obj=name, id="privacy.E003")
    if wrong:  # the other questions are asked of models and fields that exist
        return
    for model, field in undeclared():
        yield Error(f"{model}.{field} is kept without a declaration.", hint=HINT, obj=model, id="privacy.E001")
    for rule, what in unanswered():
        yield Error(f"The retention rule {rule!r} does not say {what}.", hint=HINT, obj=rule, id="privacy.E002")
