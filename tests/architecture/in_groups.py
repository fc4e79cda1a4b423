"""A working group of the small network, with something of each kind in it, for the rows of what lives in groups."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils import timezone

from tests.architecture.world import ADMINISTRATOR, STAFF, World
from tests.factories import groups as make
from tests.factories.files import file, folder
from tests.factories.meetings import meeting
from tests.factories.tasks import task
from workspaces.groups.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

TAKING_PART = frozenset({ADMINISTRATOR, STAFF})
"""Who takes part in it; it is closed, so the others of the network know of it and read nothing."""

Made = TypeVar("Made")


def once(make_it: Callable[[World], Made]) -> Callable[[World], Made]:
    """Made when it is asked for, and once in a world."""

    @wraps(make_it)
    def found(world: World) -> Made:
        kept: Made = world.__dict__.setdefault("in_groups", {}).get(make_it.__name__) or make_it(world)
        world.__dict__["in_groups"][make_it.__name__] = kept
        return kept

    return found


@once
def working_group(world: World) -> Workspace:
    """Closed; Alpha's administrator keeps it, its staff take part."""
    group = make.group("Working table")
    make.takes_part(group, world.people[ADMINISTRATOR], of=world.alpha, keeps=True)
    make.takes_part(group, world.people[STAFF], of=world.alpha)
    return group


def of_group(world: World) -> dict[str, Any]:
    return {"slug": working_group(world).slug}


@once
def open_task(world: World) -> Any:
    return task(working_group(world), created_by=world.people[STAFF])


@once
def done_task(world: World) -> Any:
    return task(working_group(world), "Write the answer", state="done", state_by=world.people[STAFF])


def of_task(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": open_task(world).number}


def of_done_task(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": done_task(world).number}


@once
def coming_meeting(world: World) -> Any:
    return meeting(working_group(world), convened_by=world.people[STAFF])


@once
def past_meeting(world: World) -> Any:
    began = timezone.now() - timedelta(days=7)
    return meeting(working_group(world), "Last call", starts_at=began, convened_by=world.people[STAFF])


def of_meeting(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": coming_meeting(world).number}


def of_past_meeting(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": past_meeting(world).number}


@once
def a_folder(world: World) -> Any:
    return folder(working_group(world))


@once
def a_file(world: World) -> Any:
    return file(working_group(world), by=world.people[STAFF])


def of_folder(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": a_folder(world).number}


def of_file(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": a_file(world).number}


def folder_page(world: World) -> str:
    return a_folder(world).get_absolute_url()


def task_page(world: World) -> str:
    return open_task(world).get_absolute_url()


def done_task_page(world: World) -> str:
    return done_task(world).get_absolute_url()
