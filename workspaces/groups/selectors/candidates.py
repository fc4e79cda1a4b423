"""Whom one could invite: found by name among those of whom the reader may know."""

from __future__ import annotations

from typing import Final

from portal.accounts.models import User
from portal.registry import announced
from portal.search.selectors import found_in
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import current_organisations, current_participations

SHOWN: Final = 20

Found = dict[int, tuple[str, str]]
"""By pk: name, and what is said beside it."""


def organisations_called(reader: User, workspace: Workspace, text: str) -> Found:
    """Organisations with all words of `text` that do not take part yet."""
    there = current_organisations().filter(workspace_id=workspace.pk)
    return _found(reader, "organisation", text, set(there.values_list("organisation_id", flat=True)))


def people_called(reader: User, workspace: Workspace, text: str) -> Found:
    """People with all words of `text` who do not take part yet."""
    there = current_participations().filter(workspace_id=workspace.pk)
    return _found(reader, "person", text, set(there.values_list("person_id", flat=True)))


def _found(reader: User, source_name: str, text: str, left_out: set[int]) -> Found:
    if not text:
        return {}
    source = announced.search_sources[source_name]
    ids = [pk for pk in found_in(source, reader, text)[: SHOWN + len(left_out)] if pk not in left_out][:SHOWN]
    lines = source.results(reader, ids)
    return {line.object_id: (line.title, str(line.detail)) for line in lines}
