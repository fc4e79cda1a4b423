"""For whom a person may act now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from memberships.people.models import Affiliation, Role, RoleTerm
from portal.access import factors
from portal.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

    from memberships.organisations.models import Organisation

CHOSEN_KEY: Final = "acting_for"
"""The session keeps under it which organisation is preselected: its id, or `MYSELF`."""

MYSELF: Final = "myself"


@dataclass(frozen=True)
class Acting:
    """A current affiliation as rights are asked of it: which organisation, which roles can be used now.

    `held` are the roles that the person has there, as others see them; `roles` those of them that count. Without a
    second factor none does: see `portal.access.factors`.
    """

    affiliation_id: int
    organisation: Organisation
    title: str
    roles: frozenset[str]
    held: frozenset[str]

    def holds(self, role: Role) -> bool:
        """Whether the person can use `role` there now. Everyone affiliated is staff."""
        return role == Role.STAFF or role in self.roles

    @property
    def powers(self) -> str:
        """What the person may do there, in the active language; whole sentences, for no language is built of pieces."""
        keeps = Role.ADMINISTRATOR in self.roles
        votes = bool(self.roles & {Role.DELEGATE, Role.ALTERNATE})
        signs = Role.SIGNATORY in self.roles
        return {
            (True, True, True): _("You can manage the team, vote and sign"),
            (True, True, False): _("You can manage the team and vote"),
            (True, False, True): _("You can manage the team and sign"),
            (True, False, False): _("You can manage the profile and the team"),
            (False, True, True): _("You can vote and sign"),
            (False, True, False): _("You can vote"),
            (False, False, True): _("You can sign"),
            (False, False, False): _("You can take part as staff"),
        }[keeps, votes, signs]


def current_affiliations() -> QuerySet[Affiliation]:
    """Affiliations that run now, each with `role_names`, the roles held now."""
    # Not an aggregate: grouping by all columns would cost every page more than the rows do.
    held = RoleTerm.objects.filter(affiliation_id=OuterRef("pk"), until__isnull=True).order_by("pk")
    return Affiliation.objects.filter(until__isnull=True).annotate(role_names=ArraySubquery(held.values("role")))


def organisations_of(person: User) -> tuple[Acting, ...]:
    """For whom `person` may act now, by name of the organisation; read once for each loaded `User` (once a request)."""
    known: tuple[Acting, ...] | None = getattr(person, "_acting", None)
    if known is None:
        rows = current_affiliations().filter(person_id=person.pk).annotate(has_factor=factors.of("person_id"))
        ordered = rows.select_related("organisation__logo").order_by("organisation__name_sort", "pk")
        known = tuple(_acting(row, row.role_names, row.has_factor) for row in ordered)  # type: ignore[attr-defined]
        for row in ordered[:1]:  # loaded already
            factors.remember(person, row.has_factor)
        person._acting = known  # type: ignore[attr-defined]
    return known


def _acting(row: Affiliation, names: list[str], has_factor: bool) -> Acting:
    held = frozenset(names)
    return Acting(row.pk, row.organisation, row.title, held if has_factor else frozenset(), held)


def holds_any_role(person: User) -> bool:
    """Whether `person` holds a role in any organisation now, even if they cannot use it: never for rights."""
    return any(acting.held for acting in organisations_of(person))


def holders_of_roles() -> QuerySet[Affiliation]:
    """The pks of everybody who holds a role in an organisation now."""
    held = Affiliation.objects.filter(until__isnull=True, role_terms__until__isnull=True, role_terms__pk__isnull=False)
    return held.values_list("person_id", flat=True).distinct()  # type: ignore[return-value]


def forget_rights(person: User) -> None:
    """Let the next question about the rights of this loaded `User` read the database again."""
    # delattr, for `request.user` is a proxy whose own __dict__ is not the person's.
    for known in ("_acting", "_network_roles"):
        if hasattr(person, known):
            delattr(person, known)
    factors.forget(person)


def acting_for(person: User, organisation_id: int | None) -> Acting | None:
    """The person's current affiliation to that organisation, or None."""
    return next((acting for acting in organisations_of(person) if acting.organisation.pk == organisation_id), None)


def acting_for_of(request: HttpRequest) -> Acting | None:
    """For whom the reader of this request is shown to act, or None for themselves alone.

    What they chose in the top bar, as long as they still belong there; otherwise the first of their organisations.
    This preselects what pages show, it never decides: who speaks for several is asked in the dialog itself
    (`memberships.people.forms.ActingForField`).
    """
    reader = request.user
    if not isinstance(reader, User) or not reader.is_active:
        return None
    affiliations = organisations_of(reader)
    chosen = request.session.get(CHOSEN_KEY)
    if chosen == MYSELF:
        return None
    acting = acting_for(reader, chosen) if isinstance(chosen, int) else None
    if acting is None and chosen is not None:
        del request.session[CHOSEN_KEY]  # the affiliation has ended: nothing may come back with a later one
    return acting or next(iter(affiliations), None)
