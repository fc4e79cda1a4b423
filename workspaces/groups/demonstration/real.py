"""Groups that public sources tell of: a monitoring group of the past, and rooms for real alliances."""

from __future__ import annotations

from datetime import date
from typing import Final

from memberships.organisations.models import Alliance, Organisation
from memberships.organisations.vocabulary import ALLIANCES
from portal.demonstration.network import secretary
from workspaces.groups.demonstration.making import Plan, Words, ago, begun, on, started
from workspaces.groups.models import OrganisationParticipation, Workspace
from workspaces.groups.services import workspace_dissolve
from workspaces.groups.services.effects import organisation_in, person_out

SET_UP, DISSOLVED = date(2004, 12, 1), date(2013, 1, 31)
"""The sources give the months only."""

NAMED_IN: Final[dict[str, date]] = {
    "Index on Censorship": date(2005, 5, 8),
    "International Publishers Association": date(2005, 5, 8),
    "World Association of Community Radio Broadcasters": date(2005, 5, 8),
    "World Press Freedom Committee": date(2005, 5, 8),
    "Norwegian PEN": date(2007, 4, 11),
    "Egyptian Organization for Human Rights": date(2007, 4, 11),
    "Maharat Foundation": date(2007, 10, 31),
    "Cartoonists Rights Network International": date(2007, 10, 31),
    "World Association of News Publishers": date(2011, 6, 1),
}
"""The organisations of our table of which a source says that they were in it, and the day of the first that does."""

TUNISIA: Final = Words(
    name={
        "en": "Tunisia Monitoring Group",
        "fr": "Groupe d’observation pour la Tunisie",
        "es": "Grupo de Seguimiento de Túnez",
        "ar": "مجموعة مراقبة تونس",
    },
    purpose={
        "en": "To watch freedom of expression in Tunisia, on missions to the country and from outside, after the "
        "decision to hold the World Summit on the Information Society in Tunis.",
        "fr": "Observer la liberté d’expression en Tunisie, par des missions dans le pays et depuis l’étranger, après "
        "la décision de tenir à Tunis le Sommet mondial sur la société de l’information.",
        "es": "Observar la libertad de expresión en Túnez, con misiones al país y desde fuera, tras la decisión de "
        "celebrar en Túnez la Cumbre Mundial sobre la Sociedad de la Información.",
        "ar": "متابعة حرية التعبير في تونس، ببعثات إلى البلد ومن خارجه، بعد قرار عقد القمة العالمية لمجتمع المعلومات "
        "في تونس.",
    },
)
CLOSING: Final = (
    "The group was set up in 2004 and grew to 21 member organisations. Between January 2005 and spring 2011 it went to "
    "Tunisia on several missions and reported on them; its first report was called “Freedom of Expression Under "
    "Siege”.\n\nIt was dissolved in January 2013, after conditions in Tunisia had improved.\n\n"
    "Only those of its organisations are listed here of which a public source says that they were in it."
)


def real_groups() -> None:
    """The Tunisia Monitoring Group as an archive, and a room for each real alliance."""
    _tunisia()
    for term in ALLIANCES:
        alliance = Alliance.objects.get(slug=term.slug)
        name = {"en": term.en, "fr": term.fr, "es": term.es, "ar": term.ar}
        plan = Plan(
            words=Words(name=name, purpose=_ROOM),
            kind=Workspace.Kind.ALLIANCE,
            visibility=Workspace.Visibility.CLOSED,
            languages=("en", "fr") if term.acronym == "AFEX" else ("es", "en"),
            review_in=330,
            alliance=alliance,
        )
        begun(started(plan, secretary(), None), ago(320), active_at=ago(20))


_ROOM: Final = {
    "en": "The room of the alliance’s organisations.",
    "fr": "L’espace des organisations de l’alliance.",
    "es": "El espacio de las organizaciones de la alianza.",
    "ar": "مساحة منظمات التحالف.",
}


def _tunisia() -> None:
    plan = Plan(words=TUNISIA, kind=Workspace.Kind.MONITORING_GROUP, languages=("en", "fr", "ar"))
    workspace = started(plan, secretary(), None)
    for name in NAMED_IN:
        organisation = Organisation.objects.get(name=name)
        organisation_in(secretary(), workspace=workspace, organisation=organisation)
    begun(workspace, on(SET_UP), active_at=on(DISSOLVED))
    for name, since in NAMED_IN.items():
        terms = OrganisationParticipation.objects.filter(workspace=workspace, organisation__name=name)
        terms.update(since=on(since))
    workspace_dissolve(secretary(), workspace=workspace, note=CLOSING)
    # Whoever set it up here was not in it then, and of its people no source of ours tells.
    person_out(None, list(workspace.participations.select_related("person", "workspace")))
    workspace.participations.all().delete()
    ended = on(DISSOLVED)
    workspace.state_changes.filter(state=Workspace.State.DISSOLVED).update(at=ended)
    Workspace.objects.filter(pk=workspace.pk).update(dissolved_at=ended, review_on=None)
