"""Invented tasks in the groups of the demonstration network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from typing import Final

from django.utils import timezone

from portal.search.services import reindex
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.participation import current_participations
from workspaces.groups.services import next_number
from workspaces.tasks.models import Task
from workspaces.tasks.services.effects import SOURCE

IN_EACH: Final = 6


@dataclass(frozen=True)
class Sample:
    """A task; `due` in days from today, or None. `by`: which of the participants has it, by position, or None."""

    title: str
    language: str = "en"
    due: int | None = None
    by: int | None = None
    state: Task.State = Task.State.OPEN
    note: str = ""


SAMPLES: Final = (
    Sample("Send the draft of the referral form to the lawyers", due=2, by=0,
           note="With the two open questions of the last call: who stores the telephone number, and for how long."),
    Sample("Relire la version française du guide", "fr", due=6, by=1),
    Sample("Ask three members for their emergency contacts", due=-3, by=2),
    Sample("Reservar intérpretes para la próxima reunión", "es", due=12, by=3),
    Sample("جمع أسعار التأمين للصحفيين المستقلين", "ar", due=20, by=4),
    Sample("Find somebody who writes the summary for the assembly"),
    Sample("Compare what insurers cover in conflict zones", due=-14, by=1, state=Task.State.DONE,
           note="Four insurers answered. The table is among the files of the group."),
    Sample("Write to the ministry about visas for two colleagues", due=1, by=0),
    Sample("Ordenar la lista de abogados por país", "es", by=3),
    Sample("Traduire les questions du formulaire en arabe", "fr", due=-1, by=4, state=Task.State.DONE),
    Sample("Print the pocket card", state=Task.State.DROPPED, by=2),
)  # fmt: skip


def tasks() -> None:
    """Some for each active group in which several people take part, never the same beginning twice in a row."""
    supply = cycle(SAMPLES)
    for workspace in Workspace.objects.filter(state=Workspace.State.ACTIVE).order_by("pk"):
        places = current_participations().filter(workspace=workspace, is_guest=False).order_by("number")
        people = list(places.select_related("person", "organisation"))
        if len(people) > 1:
            for age, sample in enumerate(islice(supply, IN_EACH), 1):
                _make(workspace, people, sample, age)
    reindex(SOURCE)


def _make(workspace: Workspace, people: list[Participation], sample: Sample, age: int) -> None:
    made = timezone.now() - timedelta(days=20 + age)
    author, doer = people[age % len(people)], people[sample.by % len(people)] if sample.by is not None else None
    ended = sample.state != Task.State.OPEN
    last = doer if ended and doer is not None else author
    Task.objects.create(
        workspace=workspace,
        number=next_number(workspace, "task"),
        title=sample.title,
        note=sample.note,
        language=sample.language,
        due_on=timezone.now().date() + timedelta(days=sample.due) if sample.due is not None else None,
        assignee=doer.person if doer is not None else None,
        assignee_for=doer.organisation if doer is not None else None,
        state=sample.state,
        state_at=made + timedelta(days=9) if ended else made,
        state_by=last.person,
        state_for=last.organisation,
        created_at=made,
        created_by=author.person,
        created_for=author.organisation,
    )
