"""People's affiliations and the roles that go with them, and a person's own page.

The organisation is referred to by name ("organisations.Organisation"): organisations stand above people, since what
a person may do to an organisation is asked here.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does for an organisation. Everyone affiliated is staff."""

    ADMINISTRATOR = "administrator", _("Administrator")
    DELEGATE = "delegate", _("Delegate")
    ALTERNATE = "alternate", _("Alternate")
    SIGNATORY = "signatory", _("Signatory")
    STAFF = "staff", _("Staff")


class Profile(models.Model):
    """What a person tells the network about themselves beside their name."""

    class Audience(models.TextChoices):
        NETWORK = "network", _("Everyone in the network")
        COLLEAGUES = "colleagues", _("Colleagues and the Secretariat")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=list, blank=True)
    about = models.TextField(_("about"), blank=True, max_length=2000)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    # Both reach more people only when their owner decides so.
    email_audience = models.CharField(
        _("who may see my address"), max_length=10, choices=Audience, default=Audience.COLLEAGUES
    )
    phone_audience = models.CharField(
        _("who may see my number"), max_length=10, choices=Audience, default=Audience.COLLEAGUES
    )
    # portal.search.folding.sort_key
    name_sort = models.CharField(max_length=200, editable=False, db_index=True, db_collation="C")

    def __str__(self) -> str:
        return str(self.person)


class Affiliation(models.Model):
    """A person's time with an organisation. Rights derive from a current one and end with it, at once.

    Moments are timezone-aware; `until` None = current.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="affiliations")
    title = models.CharField(_("title"), max_length=120, blank=True)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(until__isnull=True), name="one_current_affiliation"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="affiliation_ends_after_start"
            ),
        )
        indexes = (
            models.Index(fields=["organisation"], condition=Q(until__isnull=True), name="current_of_organisation"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} at {self.organisation_id}"


class RoleTerm(models.Model):
    """The time for which an affiliated person holds one role."""

    affiliation = models.ForeignKey(Affiliation, models.CASCADE, related_name="role_terms")
    role = models.CharField(_("role"), max_length=14, choices=Role)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["affiliation", "role"], condition=Q(until__isnull=True), name="one_current_term_per_role"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} in {self.affiliation_id}"


class AffiliationInvitation(models.Model):
    """What an invitation to join an organisation leads to when it is accepted."""

    invitation = models.OneToOneField("accounts.Invitation", models.CASCADE, related_name="affiliation")
    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="invitations")
    title = models.CharField(_("title"), max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=14, choices=Role), default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.invitation_id} to {self.organisation_id}"

    @property
    def role_labels(self) -> list[str]:
        """The roles offered, in the order of `Role`, in the active language."""
        return [str(role.label) for role in Role if role in self.roles]
