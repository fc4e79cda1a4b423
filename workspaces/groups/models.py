"""Workspaces: who works in one, in which state it is, and who may come in.

The tables keep terms, not states of affairs: whoever left stays in them with a date. Who takes part *now* is a
question of `selectors.participation`, for a right also ends with the affiliation that it came from.
"""

import secrets
from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import LONGEST_TILE
from portal.access.models import UserGrant

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other when read aloud."""

_SHORT_WORD: Final = 3
"""Words of so many letters only join others, in most languages."""

FACILITATE: Final = "facilitate"
"""The role of a facilitator, granted on one workspace."""


def new_key() -> str:
    """A name that says nothing and cannot be guessed: 12 characters of 31, 59 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


class Workspace(models.Model):
    """A group that works together: its purpose, who may come in, and in which state it is.

    `key` is what everything outside the database calls it by (live topics, scopes of notifications): unlike a running
    number it does not tell how many others there are. A secret group has it in its address too.
    """

    class Kind(models.TextChoices):
        WORKING_GROUP = "working-group", _("Working group")
        MONITORING_GROUP = "monitoring-group", _("Monitoring group")
        COMMITTEE = "committee", _("Committee")
        ALLIANCE = "alliance", _("Alliance")
        COMMONS = "commons", _("Commons")
        EVENT_ROOM = "event-room", _("Event room")

    class Visibility(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        SECRET = "secret", _("Secret")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DECLINED = "declined", _("Not taken up")
        ACTIVE = "active", _("Active")
        DISSOLVED = "dissolved", _("Dissolved")

    class Members(models.TextChoices):
        """Who takes part: organisations, who name people, or people for themselves."""

        ORGANISATIONS = "organisations", _("Organisations")
        PEOPLE = "people", _("People")

    LANGUAGES: ClassVar = ("en", "fr", "es", "ar")

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.WORKING_GROUP)
    visibility = models.CharField(_("who may come in"), max_length=6, choices=Visibility, default=Visibility.CLOSED)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED, editable=False)
    members = models.CharField(_("who takes part"), max_length=13, choices=Members, default=Members.ORGANISATIONS)
    alliance = models.ForeignKey("organisations.Alliance", models.SET_NULL, null=True, blank=True, related_name="+")

    # The first is the one that its name and purpose are shown in where a reader's own is missing.
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages of the group"), default=list)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_es = models.CharField(_("name in Spanish"), max_length=120, blank=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=120, blank=True)
    purpose_en = models.TextField(_("purpose in English"), max_length=2000, blank=True)
    purpose_fr = models.TextField(_("purpose in French"), max_length=2000, blank=True)
    purpose_es = models.TextField(_("purpose in Spanish"), max_length=2000, blank=True)
    purpose_ar = models.TextField(_("purpose in Arabic"), max_length=2000, blank=True)

    review_on = models.DateField(_("review date"), null=True, blank=True)
    ends_on = models.DateField(_("end date"), null=True, blank=True)

    proposed_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )  # empty where the Secretariat set it up
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)
    dissolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    active_at = models.DateTimeField(default=timezone.now, editable=False)  # something happened in it, to the hour
    version = models.PositiveIntegerField(default=1, editable=False)  # rises with each saved change of what it says

    class Meta:
        ordering = ("slug",)
        default_permissions = ()
        permissions = ((FACILITATE, _("facilitate")),)
        indexes = (models.Index(fields=["state", "visibility"], name="workspace_state"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(name_en="", name_fr="", name_es="", name_ar=""), name="a_workspace_has_a_name"
            ),
            models.CheckConstraint(
                condition=~Q(visibility="secret") | Q(slug=F("key")), name="a_secret_address_says_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(activated_at__isnull=False), name="an_active_workspace_was_activated"
            ),
            models.CheckConstraint(
                condition=~Q(state="dissolved") | Q(dissolved_at__isnull=False), name="a_dissolved_workspace_has_a_date"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="commons"), name="there_is_one_commons"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:group", args=[self.slug])

    def _shown(self, field: str) -> tuple[str, str]:
        """The text of `field` and its language: the reader's, else the group's own first, else whichever there is."""
        order = (get_language() or "en", *self.languages, *self.LANGUAGES)
        found = ((getattr(self, f"{field}_{code}", ""), code) for code in order)
        return next((pair for pair in found if pair[0]), ("", ""))

    @property
    def name(self) -> str:
        """The name in the active language, or in the first of its own that there is."""
        return self._shown("name")[0]

    @property
    def name_language(self) -> str:
        """The language of `name`."""
        return self._shown("name")[1]

    @property
    def purpose(self) -> str:
        """The purpose in the active language, or in the first of its own that there is."""
        return self._shown("purpose")[0]

    @property
    def purpose_language(self) -> str:
        """The language of `purpose`."""
        return self._shown("purpose")[1]

    @property
    def tile_text(self) -> str:
        """Two or three letters for its square."""
        acronym = self.alliance.acronym if self.alliance is not None else ""
        if 2 <= len(acronym) <= LONGEST_TILE:
            return acronym
        words = [word for word in self.name.replace("-", " ").replace("’", " ").split() if word[:1].isalnum()]
        long = [word for word in words if len(word) > _SHORT_WORD] or words
        return ("".join(word[0] for word in long[:3]) if len(long) > 1 else long[0][:2]).upper()

    @property
    def purpose_line(self) -> str:
        """The first paragraph of the purpose, for lists."""
        return self.purpose.partition("\n")[0]

    @property
    def tile_hue(self) -> int:
        """The square's hue, 1 to 6 by kind."""
        return _HUES[self.Kind(self.kind)]

    @property
    def topic(self) -> str:
        """The live topic of its page."""
        return f"group:{self.key}"

    @property
    def scope(self) -> str:
        """The scope of its notifications."""
        return f"group:{self.key}"

    @property
    def is_active(self) -> bool:
        """Whether anything may be changed in it now."""
        return self.state == self.State.ACTIVE

    @property
    def is_secret(self) -> bool:
        return self.visibility == self.Visibility.SECRET

    @property
    def of_organisations(self) -> bool:
        """Whether organisations take part and name their people."""
        return self.members == self.Members.ORGANISATIONS


_HUES: Final = {
    Workspace.Kind.WORKING_GROUP: 3,
    Workspace.Kind.MONITORING_GROUP: 4,
    Workspace.Kind.COMMITTEE: 2,
    Workspace.Kind.ALLIANCE: 1,
    Workspace.Kind.COMMONS: 5,
    Workspace.Kind.EVENT_ROOM: 5,
}


class WorkspaceGrant(UserGrant):
    """A role that one person holds in a workspace. It counts only while they take part."""

    content_object = models.ForeignKey(Workspace, models.CASCADE)


class StateChange(models.Model):
    """A workspace became another: when, by whom, and why in their words. The last dissolution's is its closing note."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="state_changes")
    state = models.CharField(max_length=10, choices=Workspace.State)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.workspace_id}: {self.state}"


class OrganisationParticipation(models.Model):
    """An organisation's time in a workspace. Moments are timezone-aware; `until` None = now."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="organisations")
    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "organisation"], condition=Q(until__isnull=True), name="an_organisation_is_in_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.workspace_id}"


class Participation(models.Model):
    """A person's time in a workspace: named by an organisation, for themselves, or as a guest from outside.

    `organisation` is the one that named them: the right to be here came from belonging to it, and ends with that.
    Empty for people who take part for themselves, for the Secretariat's staff and for guests. A guest's time ends on
    the day `ends_on` (in UTC, inclusive) at the latest.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="participations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    number = models.PositiveIntegerField()  # within the workspace, for addresses
    is_guest = models.BooleanField(default=False)
    guest_from = models.CharField(_("where the guest comes from"), max_length=120, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    visited_at = models.DateTimeField(null=True, blank=True)  # the visit before the present one, for "what is new"
    seen_at = models.DateTimeField(null=True, blank=True)  # the present visit, to some minutes

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "person"], condition=Q(until__isnull=True), name="a_person_is_in_once"
            ),
            models.UniqueConstraint(fields=["workspace", "number"], name="a_participation_has_its_number"),
            models.CheckConstraint(
                condition=Q(is_guest=False) | Q(ends_on__isnull=False, organisation__isnull=True),
                name="a_guest_has_a_last_day",
            ),
        )
        indexes = (models.Index(fields=["person"], condition=Q(until__isnull=True), name="taking_part_now"),)

    def __str__(self) -> str:
        return f"{self.person_id} in {self.workspace_id}"


class Approach(models.Model):
    """Somebody on the way in: invited by the group, or asking to be let in; an organisation, or one person.

    Answered once, by the other side: an invitation by the invited, a request by a facilitator. Kept afterwards as the
    reason why somebody is in it, or is not.
    """

    class Side(models.TextChoices):
        INVITED = "invited", _("Invited")
        ASKED = "asked", _("Asked")

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="approaches")
    number = models.PositiveIntegerField()  # within the workspace, for addresses
    side = models.CharField(max_length=7, choices=Side)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    words = models.TextField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=9, choices=Answer, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            # An organisation, or a person; a person may ask for a place among an organisation's people.
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(person__isnull=False), name="an_approach_is_somebodys"
            ),
            models.UniqueConstraint(
                fields=["workspace", "organisation"],
                condition=Q(answer="", person__isnull=True),
                name="one_open_approach_of_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["workspace", "person"],
                condition=Q(answer="", person__isnull=False),
                name="one_open_approach_of_a_person",
            ),
            models.UniqueConstraint(fields=["workspace", "number"], name="an_approach_has_its_number"),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.pk} of {self.workspace_id}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answer == ""


class GuestInvitation(models.Model):
    """What an invitation by mail from outside the network leads to: a place in one group, until a day."""

    invitation = models.OneToOneField("accounts.Invitation", models.CASCADE, related_name="guest")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="guest_invitations")
    number = models.PositiveIntegerField()  # within the workspace, for addresses
    guest_from = models.CharField(_("where the guest comes from"), max_length=120)
    ends_on = models.DateField(_("last day"))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["workspace", "number"], name="a_guest_invitation_has_its_number"),
        )

    def __str__(self) -> str:
        return f"{self.invitation_id} to {self.workspace_id}"


class Reminder(models.Model):
    """That somebody was told of a date of a workspace: so that nobody is told twice."""

    class About(models.TextChoices):
        REVIEW = "review", _("Review date")
        END = "end", _("End date")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    about = models.CharField(max_length=6, choices=About)
    day = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workspace", "about", "day"], name="told_once_of_each_date"),)

    def __str__(self) -> str:
        return f"{self.about} of {self.workspace_id}"


class Count(models.Model):
    """The last number given within a workspace to one kind of thing: see `services.numbering`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    head = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workspace", "name"], name="one_count_of_each_kind"),)

    def __str__(self) -> str:
        return f"{self.name} of {self.workspace_id}: {self.head}"


class Rules(models.Model):
    """What the Secretariat has set for all groups; one row."""

    only_one = models.BooleanField(default=True, unique=True, editable=False)
    activate_at_once = models.BooleanField(_("groups start without waiting for the Secretariat"), default=False)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(only_one=True), name="there_is_one_set_of_rules"),)

    def __str__(self) -> str:
        return "rules of groups"
