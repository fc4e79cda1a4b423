"""Who signs in: a person known by e-mail, their preferences, and invitations."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext


class UserManager(BaseUserManager["User"]):
    """Creates people; addresses are kept in lower case, for two spellings of one address are one person."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")

    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """A person without any right; without `password` none works until one is set by reset."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """A person who runs the installation. Rights in the network are still granted by role, not by this flag."""
        return self.create_user(email, name, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from roles and affiliations elsewhere, never from this row."""

    class Appearance(models.TextChoices):
        AUTO = "auto", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Set once, by `portal.privacy`: what is left is a row without a name that threads and the record lean on.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Preferences. Presence is hidden until its owner decides otherwise: being seen online can endanger people.
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    appearance = models.CharField(_("appearance"), max_length=5, choices=Appearance, default=Appearance.AUTO)
    low_bandwidth = models.BooleanField(_("low bandwidth"), default=False)
    western_digits = models.BooleanField(_("Western digits in Arabic"), default=False)
    presence_visible = models.BooleanField(_("show when I am online"), default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="one_person_per_address"),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False, name=""),
                name="who_is_erased_has_no_name_and_no_way_in",
            ),
        )

    def __str__(self) -> str:
        """The name, and of an erased person what the reader's language calls them. Pages show this, not `name`."""
        return self.name if self.erased_at is None else pgettext("a person", "Former member")

    def get_full_name(self) -> str:
        return str(self)

    @property
    def initials(self) -> str:
        """One or two letters for the face: first letters of the first and the last word of the name."""
        words = [word for word in self.name.split() if word[:1].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


class Invitation(models.Model):
    """A way in for one address. The link's token is kept only as a hash; opening the link consumes nothing."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language of the mail"), max_length=5, choices=settings.LANGUAGES, default="en")
    purpose = models.CharField(max_length=50)  # a name among the announced invitation purposes
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="an_accepted_invitation_names_who_accepted",
            ),
        )

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"  # never the address: the record keeps this text

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted at this moment."""
        return self.state == "open"

    @property
    def state(self) -> str:
        """What became of it: "accepted", "revoked", "expired", or "open"."""
        if self.accepted_at is not None:
            return "accepted"
        if self.revoked_at is not None:
            return "revoked"
        return "open" if self.expires_at > timezone.now() else "expired"
