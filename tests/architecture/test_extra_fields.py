"""Fields nobody offered cannot be set (check A9).

Each form of the table is sent twice as a browser sends it, which tells what it changes and which of that is never the
same twice (numbers, times, tokens). Then it is sent again with every field of every model of ours beside its own, and
must change the same things to the same values.
"""

import json
import os
import re
from functools import cache as kept
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models

from portal.accounts.models import User
from tests.architecture.forms import FORMS, Form, nowhere
from tests.architecture.sending import address_of, opened, sender, undone
from tests.architecture.table import ROWS
from tests.architecture.test_models import house_models
from tests.architecture.world import OTHER, World, make_world

# Everybody signed in may send these; the form asks for what nobody in the world has: a key, a code, a second factor.
WITHOUT_FORM = {
    "account_confirm_email", "account_set_password", "mfa_authenticate",
    "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_generate_recovery_codes",
    "mfa_index", "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
    "notifications:open",
}  # fmt: skip
# Beside the fields of a form: Django's token, the key of repeatable writes, and where to go on.
UNSEEN = {"csrfmiddlewaretoken", "idempotency_key", "next"}
CANARY = "canary 4711"
A_DATE, A_NUMBER = "2001-02-03", "4711"
ROUNDS = 8 if "FUZZ" in os.environ else 2
"""A name that many models share, such as "kind", has more values than are worth a round each in the ordinary run."""

Change = tuple[str, str, dict[str, Any]]


@pytest.fixture
def world(db):
    return make_world()


def values_of(field: models.Field, world: World) -> list[str]:
    """Something to send for a field of a model: what would hurt if it were taken."""
    if field.is_relation:
        if field.related_model is User:
            return [str(world.people[OTHER].pk)]
        first = field.related_model._default_manager.order_by("-pk").first()
        return [str(first.pk) if first else "1"]
    if field.choices:
        choices = [str(value) for value, _label in field.flatchoices if value != ""]
        return [choices[-1], choices[0]]
    if isinstance(field, models.BooleanField):
        return ["on", "false"]
    if isinstance(field, models.DateTimeField):
        return [f"{A_DATE}T04:05"]
    if isinstance(field, models.DateField):
        return [A_DATE]
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
        return [A_NUMBER]
    if isinstance(field, models.JSONField):
        return [f'{{"{CANARY}": 1}}']
    return [CANARY]


def every_field(world: World, app: str) -> dict[str, list[str]]:
    """All names of all fields of our models, each with the values to try, those of the app's own models first."""
    found: dict[str, list[str]] = {}
    for model in sorted(house_models(), key=lambda model: model._meta.app_label != app):
        for field in model._meta.get_fields():
            if field.concrete:
                for name in {field.name, getattr(field, "attname", field.name)}:
                    known = found.setdefault(name, [])
                    known.extend(value for value in values_of(field, world) if value not in known)
    return found


def rounds(world: World, form: Form, offered: set[str]) -> list[dict[str, str]]:
    """What is sent besides: in each round one value for every field not offered, alone and with each prefix."""
    app = form.route.partition(":")[0]
    extra = {name: values[:ROUNDS] for name, values in every_field(world, app).items() if name not in offered}
    prefixes = {"", *(match.group(1) for name in offered if (match := re.match(r"(.+-#-)", name)))}
    return [
        {
            f"{prefix.replace('#', '0')}{name}": values[min(number, len(values) - 1)]
            for prefix in prefixes
            for name, values in extra.items()
            if f"{prefix}{name}" not in offered
        }
        for number in range(max(map(len, extra.values())))
    ]


@kept
def tables() -> list[str]:
    left_out = {"django_content_type", "auth_permission", "django_session", "idempotency_write", "accounts_guesses"}
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    queue = {"procrastinate_jobs"}
    return sorted((names | queue) - left_out)


def contents() -> dict[str, dict[str, dict[str, Any]]]:
    """Every row of every table as JSON has it, by its first column; all in one query."""
    found: dict[str, dict[str, dict[str, Any]]] = {table: {} for table in tables()}
    parts = [f"SELECT '{table}', row_to_json(t)::text FROM \"{table}\" t" for table in found]  # noqa: S608 - our tables
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        for table, text in cursor.fetchall():
            row = json.loads(text)
            found[table][str(next(iter(row.values())))] = row
    return found


def changes(before: dict, after: dict) -> list[Change]:
    """What is in one and not in the other: whole new and removed rows, changed columns of the others."""
    found: list[Change] = []
    for table, rows in after.items():
        old = before[table]
        found += [(table, "removed", old[key]) for key in sorted(old.keys() - rows.keys())]
        for key in sorted(rows.keys() & old.keys()):
            changed = {column: value for column, value in rows[key].items() if value != old[key][column]}
            if changed:
                found.append((table, "changed", changed))
        new = sorted(rows.keys() - old.keys(), key=lambda key: (len(key), key))
        found += [(table, "added", rows[key]) for key in new]
    return found


def shape(name: str) -> str:
    return re.sub(r"^mailed-.*", "mailed-*", re.sub(r"-\d+-", "-#-", name))


class Sending:
    """A form as its page shows it, in a browser from which it is sent again and again, each time undone."""

    def __init__(self, form: Form, world: World) -> None:
        self.form, self.world = form, world
        self.client = sender(world, form)
        self.shown = opened(form, world, self.client)
        self.cookies = self.client.cookies.output(header="", sep=";")
        self.before = contents()

    def sent(self, besides: dict[str, str]) -> tuple[int, list[Change]]:
        """The status of the answer and what sending the form changes."""
        with undone():
            cache.clear()  # limits of how often
            self.client.cookies = SimpleCookie(self.cookies)  # sending may sign out
            data = {**besides, **self.shown.values, **self.form.data(self.world)}
            data.pop("csrfmiddlewaretoken", None)
            answer = self.client.post(self.shown.action, data)
            return answer.status_code, changes(self.before, contents())


@pytest.fixture
def prepared(world, label):
    if FORMS[label].given is not None:
        FORMS[label].given(world)
    address_of(FORMS[label], world)
    return world


def test_every_route_that_takes_a_post_has_its_form():
    posted = {name for name, row in ROWS.items() if row.post is not None}

    assert {form.route for form in FORMS.values()} | WITHOUT_FORM == posted
    assert {form.route for form in FORMS.values()} & WITHOUT_FORM == set()


@pytest.mark.parametrize("label", sorted(FORMS))
def test_the_page_offers_these_fields(label, prepared):
    form = FORMS[label]
    if form.page is nowhere:
        pytest.skip("no page of this small network shows it")

    names = {shape(name) for name in opened(form, prepared, sender(prepared, form)).names}

    assert names - UNSEEN == set(form.offered.split()) - UNSEEN


@pytest.mark.parametrize("label", sorted(FORMS))
def test_no_other_field_is_taken(label, prepared):
    form, offered = FORMS[label], set(FORMS[label].offered.split()) | UNSEEN
    sending = Sending(form, prepared)
    status, once = sending.sent({})
    _status, twice = sending.sent({})
    kinds = [(table, what) for table, what, _row in once]
    changing = {
        (number, column)
        for number, (first, second) in enumerate(zip(once, twice, strict=True))
        for column, value in first[2].items()
        if value != second[2][column]
    }
    assert bool(once) == form.writes, (status, kinds)

    for besides in rounds(prepared, form, offered):
        again_status, again = sending.sent(besides)

        assert (again_status, [(table, what) for table, what, _row in again]) == (status, kinds)
        for number, (table, what, row) in enumerate(again):
            was = once[number][2]
            assert row.keys() == was.keys(), (table, what, row.keys() ^ was.keys())
            differing = {
                column: value
                for column, value in row.items()
                if (value != was[column] if (number, column) not in changing else planted(value))
            }
            assert differing == {}, (table, what)


def planted(value: object) -> bool:
    """Whether a value that differs each time is one of those that were sent."""
    return any(mark in str(value) for mark in (CANARY, A_DATE)) or str(value) == A_NUMBER
