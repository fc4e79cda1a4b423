"""Writing a profile: created, changed with an eye on who else changed it, confirmed once a year."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from memberships.organisations import policies
from memberships.organisations.models import Organisation, ProfileChange, Standing, Subject
from memberships.organisations.services.announcing import announce
from memberships.organisations.services.fields import MEMBERSHIP_FIELDS, clean, stored
from memberships.organisations.services.standing import check_first
from memberships.people.policies import belongs_to
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.live.services import publish
from portal.search.folding import fold, sort_key

# Words that are addresses of this app themselves.
_TAKEN_SLUGS: Final = frozenset({"new"})
_LONGEST_SLUG: Final = 100


class StaleVersion(Exception):
    """Somebody else changed what was about to be written.

    `changes` are the changes made meanwhile to the same fields, earliest first, with who (`changed_by`) and when;
    `organisation` is the organisation as it is now, `version` its version now.
    """

    def __init__(self, organisation: Organisation, changes: Iterable[ProfileChange]) -> None:
        super().__init__(f"organisation {organisation.pk} is at version {organisation.version} now")
        self.organisation = organisation
        self.version = organisation.version
        self.changes = tuple(changes)


@transaction.atomic
def organisation_create(
    actor: User | None,
    *,
    values: Mapping[str, Any],
    standing: Standing.Kind | None = None,
    since: date | None = None,
    reason: str = "",
) -> Organisation:
    """Add an organisation with the fields in `values` (at least `name` and `region`), and its first term if given.

    `actor` None is the installation itself. `since` is a UTC calendar day, None where nobody recorded it.
    Raises Refused, and ValidationError by field.
    """
    if actor is not None and not policies.can_create(actor):
        raise Refused(_("Only the Secretariat can add an organisation."))
    cleaned = clean({"name": "", "region": "", **values})
    subjects = cleaned.pop("subjects", [])
    organisation = Organisation()
    _assign(organisation, cleaned)
    _insert(organisation)
    organisation.subjects.set(Subject.objects.filter(slug__in=subjects))
    if standing is not None:
        check_first(standing, since)
        Standing.objects.create(
            organisation=organisation, kind=standing, since=since, reason=reason[:300], recorded_by=actor
        )
    record(actor, verb="organisation.created", target=organisation, details={"standing": standing or ""})
    announce(organisation, kind="created")
    return organisation


def lock_for_change(organisation: Organisation, *, version: int, fields: Collection[str]) -> Organisation:
    """The organisation, locked until the transaction ends. Raises StaleVersion.

    `version` is the one the actor had before them; a change made since then by somebody else, or in another window,
    to one of `fields` stops the writing. A change elsewhere in the profile does not.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if version != locked.version:
        since = locked.changes.filter(version__gt=version, field__in=fields).select_related("changed_by")
        meanwhile = list(since.order_by("version", "pk"))
        # A version from the future was never shown to anybody.
        if meanwhile or version > locked.version:
            raise StaleVersion(locked, meanwhile)
    return locked


@transaction.atomic
def organisation_update(
    actor: User, *, organisation: Organisation, version: int, changes: Mapping[str, Any]
) -> Organisation:
    """Write the fields in `changes`; each that differs is kept in the history, and the version rises by one.

    Nothing is written, and the version stays, where nothing differs. Returns the organisation as it is now.
    Raises Refused, ValidationError by field, and StaleVersion where one of these fields was changed after `version`.
    """
    if not policies.can_edit(actor, organisation):
        raise Refused(_("Only administrators of this organisation and the Secretariat can change its profile."))
    locked = lock_for_change(organisation, version=version, fields=changes)
    cleaned = clean(changes)
    before = stored(locked, cleaned)
    differing = {field: value for field, value in cleaned.items() if value != before[field]}
    if not MEMBERSHIP_FIELDS.isdisjoint(differing) and not policies.can_edit_membership(actor):
        raise Refused(_("Only the Secretariat can change the region and the year of joining."))
    if not differing:
        return locked
    bump(locked)
    keep_history(actor, locked, [(field, before[field], value) for field, value in differing.items()])
    subjects = differing.pop("subjects", None)
    if subjects is not None:
        locked.subjects.set(Subject.objects.filter(slug__in=subjects))
    _assign(locked, differing)
    locked.save()
    names = sorted([*differing, *(["subjects"] if subjects is not None else [])])
    acting_for = on_behalf(actor, locked)
    details = {"fields": names, "version": locked.version}
    record(actor, verb="organisation.updated", target=locked, acting_for=acting_for, details=details)
    if "at_risk" in differing:
        verb = "organisation.at_risk_set" if locked.at_risk else "organisation.at_risk_lifted"
        record(actor, verb=verb, target=locked, acting_for=acting_for)
    found_by = {"name", "native_name", "acronym", "at_risk"}
    announce(locked, kind="updated", people_too=not found_by.isdisjoint(differing))
    return locked


def at_risk_set(actor: User, *, organisation: Organisation, at_risk: bool) -> Organisation:
    """Turn the at-risk switch: while it is on, the network sees the organisation's name and nothing else.

    Raises Refused. Whoever turns it wins: waiting for others to agree on a version could endanger people.
    """
    with transaction.atomic():
        current = Organisation.objects.select_for_update().get(pk=organisation.pk)
        return organisation_update(actor, organisation=current, version=current.version, changes={"at_risk": at_risk})


@transaction.atomic
def profile_confirm(actor: User, *, organisation: Organisation) -> Organisation:
    """Say that everything in the profile is still right, now. Raises Refused."""
    if not policies.can_confirm(actor, organisation):
        raise Refused(_("Only administrators of this organisation can confirm its profile."))
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    locked.confirmed_at = timezone.now()
    locked.confirmed_by = actor
    locked.save(update_fields=["confirmed_at", "confirmed_by"])
    record(actor, verb="organisation.confirmed", target=locked, acting_for=locked)
    publish(f"organisation:{locked.pk}", kind="organisation.confirmed", payload={"id": locked.pk})
    return locked


def on_behalf(actor: User, organisation: Organisation) -> Organisation | None:
    """For whom `actor` changes the profile: for it, as one of its people; for nobody, as the Secretariat."""
    return organisation if belongs_to(actor, organisation) else None


def bump(locked: Organisation) -> None:
    """Raise the version of a locked organisation; the caller saves it."""
    locked.version += 1
    locked.updated_at = timezone.now()


def keep_history(actor: User, locked: Organisation, changes: Iterable[tuple[str, Any, Any]]) -> None:
    """Write (field, before, after) into the history under the organisation's new version; values are JSON."""
    ProfileChange.objects.bulk_create(
        ProfileChange(
            organisation=locked,
            version=locked.version,
            field=field,
            before=before,
            after=after,
            changed_by=actor,
            at=locked.updated_at,
        )
        for field, before, after in changes
    )


def _assign(organisation: Organisation, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        setattr(organisation, field, value)
    organisation.name_sort = sort_key(organisation.name)
    organisation.native_name_sort = sort_key(organisation.native_name) if organisation.native_name else ""


def _insert(organisation: Organisation) -> None:
    """Save it under a free address. Two at once may choose the same one: the later one chooses again."""
    base = slugify(fold(organisation.name))[:_LONGEST_SLUG].strip("-") or "organisation"
    for attempt in range(5):
        taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | _TAKEN_SLUGS
        free = (slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)
        organisation.slug = base if base not in taken else next(free)
        try:
            with transaction.atomic():
                organisation.save(force_insert=True)
        except IntegrityError as error:
            if attempt == 4 or "slug" not in str(error):
                raise
        else:
            return
