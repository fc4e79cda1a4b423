"""No foreign key points upward: string references escape an import linter, so the models are walked."""

import pytest
from django.apps import apps
from django.db.models import Field, Model

PACKAGES = ("portal", "memberships", "workspaces", "events")  # a later one may refer to an earlier one


def package(model: type[Model]) -> str:
    return model.__module__.split(".")[0]


def house_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if package(model) in PACKAGES]


def upward(source: type[Model], target: type[Model]) -> bool:
    """Whether a reference from `source` to `target` breaks the law."""
    return package(target) in PACKAGES and PACKAGES.index(package(target)) > PACKAGES.index(package(source))


def references(model: type[Model]) -> list[tuple[Field, type[Model]]]:
    fields = [*model._meta.get_fields()]
    return [
        (field, field.related_model) for field in fields if field.is_relation and field.concrete and field.related_model
    ]


@pytest.mark.parametrize("model", house_models(), ids=lambda model: model._meta.label)
def test_no_foreign_key_points_upward(model):
    broken = [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for field, target in references(model)
        if upward(model, target)
    ]

    assert broken == []


def test_the_walk_would_see_an_upward_key():
    from memberships.organisations.models import Organisation
    from portal.accounts.models import User

    assert upward(User, Organisation)
    assert not upward(Organisation, User)
    assert len(house_models()) > 10
