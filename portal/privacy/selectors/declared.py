"""What the apps declare about personal data, and what they forgot to declare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, JSONField, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

from portal.registry import Erasure, RetentionRule, announced

if TYPE_CHECKING:
    from portal.accounts.models import User

ALL: Final = "*"
MOMENTS: Final = ("at", "created_at")


def model_of(rule: RetentionRule) -> type[Model]:
    """The model that `rule` is about. Raises LookupError where there is none of that name."""
    found: type[Model] = apps.get_model(rule.model)
    return found


def field_of(model: type[Model], name: str) -> Field[Any, Any]:
    """A concrete field of `model`. Raises FieldDoesNotExist."""
    field = model._meta.get_field(name)
    if not isinstance(field, Field) or not field.concrete:
        raise FieldDoesNotExist(name)
    return field


def points_to_person(field: Field[Any, Any]) -> bool:
    """Whether `field` is a reference to a person."""
    related = field.related_model
    return isinstance(related, type) and issubclass(related, Model) and related._meta.label == settings.AUTH_USER_MODEL


def ways_of(rule: RetentionRule) -> tuple[str, ...]:
    """The lookups by which rows of `rule` lead to their person; empty where `rows` says it."""
    if rule.of or rule.rows is not None:
        return tuple(rule.of)
    model = model_of(rule)
    return tuple(name for name in rule.fields if points_to_person(field_of(model, name)))


def rows_of(rule: RetentionRule, person: User) -> QuerySet[Any]:
    """The rows of `rule` that are about `person`. Of texts written by others (SCRUB) only what a lookup finds."""
    if rule.rows is not None:
        return rule.rows(person)
    ways = ways_of(rule)
    rows = model_of(rule)._default_manager.all()
    if not ways:
        return rows.none()
    about = Q()
    for way in ways:
        about |= Q(**{way: person.pk})
    # Not distinct(): the ways are forward references, which double nothing, and JSON cannot be compared.
    return rows.filter(about)


def moment_of(rule: RetentionRule) -> str:
    """The lookup of the moment from which `days` are counted; "" where there is none."""
    if rule.since:
        return rule.since
    names = {field.name for field in model_of(rule)._meta.concrete_fields}
    return next((name for name in MOMENTS if name in names), "")


def blank_value(field: Field[Any, Any]) -> Any:
    """What an emptied `field` holds: its default, NULL, or an empty text, list or mapping."""
    if field.null:
        return None
    if field.has_default() and not isinstance(field.default, type) and not callable(field.default):
        return field.default
    if isinstance(field, JSONField) or field.has_default():
        return field.get_default() if field.has_default() else {}
    return ""


def blanks_of(rule: RetentionRule) -> dict[str, Any]:
    """What BLANK writes into each field of `rule` that is its own; references to the person are left to KEEP rules."""
    model = model_of(rule)
    return {name: blank_value(field_of(model, name)) for name in rule.fields}


def is_timed(rule: RetentionRule) -> bool:
    """Whether the rows of `rule` become due by themselves."""
    return rule.days is not None or rule.due is not None


def due_of(rule: RetentionRule, now: datetime) -> QuerySet[Any]:
    """The rows of `rule` whose time is over at `now` (timezone-aware), those that were emptied already left out."""
    if rule.due is not None:
        rows = rule.due(now)
    elif rule.days is None:
        return model_of(rule)._default_manager.none()
    else:
        before = {f"{moment_of(rule)}{LOOKUP_SEP}lt": now - timedelta(days=rule.days)}
        rows = model_of(rule)._default_manager.filter(**before)
    return rows if rule.when_due == Erasure.DELETE else rows.exclude(**_emptied(rule))


def _emptied(rule: RetentionRule) -> dict[str, Any]:
    return {
        (f"{name}{LOOKUP_SEP}isnull" if value is None else name): True if value is None else value
        for name, value in blanks_of(rule).items()
    }


def undeclared() -> Iterator[tuple[str, str]]:
    """(model, field) of every field of every table, also those of libraries, that no app declares.

    A primary key that only counts says nothing and needs no declaration.
    """
    known: defaultdict[str, set[str]] = defaultdict(set)
    for rule in announced.retention_rules:
        known[rule.model].update(rule.fields)
    for declared in announced.not_personal:
        known[declared.model].update(declared.fields)
    for model in apps.get_models(include_auto_created=True):
        names = known[model._meta.label]
        fields = [field for field in model._meta.concrete_fields if not (field.primary_key and _only_counts(field))]
        whole = ALL in names and not any(points_to_person(field) for field in fields)
        yield from ((model._meta.label, field.name) for field in fields if not whole and field.name not in names)


def _only_counts(field: Field[Any, Any]) -> bool:
    return "AutoField" in field.get_internal_type()


def unanswered() -> Iterator[tuple[str, str]]:
    """(rule, what it leaves open) for rules that do not answer all questions a person may ask."""
    for rule in announced.retention_rules:
        for what in ("label", "purpose", "audience", "rule"):
            if not getattr(rule, what):
                yield rule.name, f"its {what}"
        if rule.erasure == Erasure.KEEP and rule.erase is None and not rule.because:
            yield rule.name, "why erasure keeps it (because)"
        if rule.days is not None and rule.due is None and not moment_of(rule):
            yield rule.name, "from which moment its days are counted (since)"
        if rule.when_due not in (Erasure.DELETE, Erasure.BLANK):
            yield rule.name, "what happens when its time is over: DELETE or BLANK"
        if not ways_of(rule) and rule.rows is None and rule.erasure not in (Erasure.SCRUB, Erasure.KEEP):
            yield rule.name, "which rows are a person's (of, or rows)"


def mistaken() -> Iterator[tuple[str, str]]:
    """(declaration, what is wrong) for declarations of models and fields that do not exist."""
    for declared in (*announced.retention_rules, *announced.not_personal):
        try:
            model = apps.get_model(declared.model)
        except (LookupError, ValueError):
            yield declared.name, f"names the model {declared.model!r}, which does not exist"
            continue
        names = {field.name for field in model._meta.concrete_fields} | {ALL}
        for name in declared.fields:
            if name not in names:
                yield declared.name, f"names the field {name!r}, which {declared.model} does not have"


def notice_of() -> list[tuple[str, list[RetentionRule]]]:
    """The rules by label in the active language, in their order: what is held about people at all."""
    found: dict[str, list[RetentionRule]] = {}
    for rule in announced.retention_rules:
        found.setdefault(str(rule.label), []).append(rule)
    return list(found.items())
