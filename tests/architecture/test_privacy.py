"""Every model that holds something about a person declares how long it is kept."""

import pytest
from django.conf import settings
from django.db.models import Model

from portal.registry import announced
from tests.architecture.test_models import house_models

# Names of fields that hold something about a person wherever they stand.
PERSONAL = {"email", "name", "phone", "about", "person", "actor", "actor_name", "payload", "invited_by", "accepted_by"}


def personal_fields(model: type[Model]) -> set[str]:
    points_to_person = {
        field.name
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model
        and field.related_model._meta.label == settings.AUTH_USER_MODEL
    }
    named = {field.name for field in model._meta.get_fields() if field.concrete and field.name in PERSONAL - {"name"}}
    return points_to_person | named


@pytest.mark.parametrize(
    "model", [m for m in house_models() if personal_fields(m)], ids=lambda model: model._meta.label
)
def test_personal_fields_have_a_retention_rule(model):
    declared = {field for rule in announced.retention_rules if rule.model == model._meta.label for field in rule.fields}

    assert personal_fields(model) - declared == set()


def test_rules_name_models_and_fields_that_exist():
    labels = {model._meta.label: model for model in house_models()}
    wrong = [
        (rule.name, field)
        for rule in announced.retention_rules
        for field in rule.fields
        if rule.model not in labels or field not in {f.name for f in labels[rule.model]._meta.get_fields()}
    ]

    assert wrong == []
