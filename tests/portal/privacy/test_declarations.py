"""Every field of every table is declared, or the system check fails (check H5)."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.checks import ERROR, run_checks
from django.db import models
from django.test.utils import isolate_apps

from portal.privacy.checks import everything_is_declared
from portal.privacy.selectors.declared import is_timed, undeclared
from portal.registry import Erasure, NotPersonal, announced


@pytest.fixture
def declared():
    """The registers, to be changed by a test and put back after it."""
    rules, others = dict(announced.retention_rules._items), dict(announced.not_personal._items)
    yield announced
    announced.retention_rules._items, announced.not_personal._items = rules, others


def test_nothing_is_kept_without_a_declaration():
    assert [f"{message.id} {message.msg}" for message in everything_is_declared(None)] == []


def test_the_system_check_asks_it():
    assert not [message for message in run_checks() if message.level >= ERROR and message.id.startswith("privacy")]
    from django.core.checks.registry import registry

    assert everything_is_declared in registry.registered_checks


@pytest.mark.parametrize("field", ["phone", "about", "person"])
def test_a_field_without_a_rule_is_named(declared, field):
    rule = declared.retention_rules["people.profile"]
    before = everything_is_declared(None)
    declared.retention_rules._items[rule.name] = replace(rule, fields=[name for name in rule.fields if name != field])

    message = next(message for message in everything_is_declared(None) if message not in before)

    assert (message.id, message.msg) == ("privacy.E001", f"people.Profile.{field} is kept without a declaration.")
    assert message.level >= ERROR


def test_a_new_model_about_a_person_is_named(declared, monkeypatch):
    with isolate_apps("portal.privacy"):

        class Diary(models.Model):
            writer = models.ForeignKey(get_user_model(), models.CASCADE, related_name="+")
            text = models.TextField()

            class Meta:
                app_label = "privacy"

            def __str__(self) -> str:
                return self.text

    before, known = set(undeclared()), apps.get_models
    monkeypatch.setattr(apps, "get_models", lambda **how: [*known(**how), Diary])

    assert set(undeclared()) - before == {("privacy.Diary", "writer"), ("privacy.Diary", "text")}
    declared.not_personal.add(NotPersonal(model="privacy.Diary", fields=("*",), because="too easily said"))
    assert len(set(undeclared()) - before) == 2, "what points to a person cannot be waved through"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"purpose": ""}, "purpose"),
        ({"audience": ""}, "audience"),
        ({"rule": ""}, "rule"),
        ({"erasure": Erasure.KEEP, "because": ""}, "because"),
        ({"when_due": Erasure.SCRUB}, "DELETE or BLANK"),
        ({"days": 3, "since": ""}, "since"),
    ],
)
def test_a_rule_that_leaves_a_question_open_is_named(declared, change, word):
    rule = declared.retention_rules["people.profile"]
    before = everything_is_declared(None)
    declared.retention_rules._items[rule.name] = replace(rule, **change)

    (message,) = (message for message in everything_is_declared(None) if message not in before)

    assert message.id == "privacy.E002"
    assert word in message.msg


def test_a_rule_about_nothing_is_named(declared):
    rule = declared.retention_rules["people.profile"]
    declared.retention_rules._items[rule.name] = replace(rule, fields=(*rule.fields, "shoe_size"))

    assert [message.id for message in everything_is_declared(None)] == ["privacy.E003"]


def test_rules_whose_time_ends_are_carried_out_by_somebody():
    from procrastinate.contrib.django import app

    others = {rule.carried_out_by for rule in announced.retention_rules if rule.carried_out_by}

    assert others <= set(app.tasks)
    assert sum(map(is_timed, announced.retention_rules)) > 5
