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

    # Set and taken by `portal.accounts.services.lockdown` alone. Whoever is locked is inactive too, so that all that
    # asks whether an account is active (rights, sign-in, mails) refuses without knowing of lock-downs.
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)

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
            models.CheckConstraint(
                condition=models.Q(locked_at__isnull=True) | models.Q(is_active=False),
                name="who_is_locked_has_no_way_in",
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


class KnownDevice(models.Model):
    """A browser in which a person has signed in: it may still try when strangers were too many tries.

    The browser keeps a token in a cookie, the database its hash; each sign-in there gives it another one.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="known_devices")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"#{self.pk}"


class Guesses(models.Model):
    """How full one allowance of tries is (see `portal.accounts.services.guesses`); the key is a keyed hash."""

    key = models.CharField(max_length=64, primary_key=True)
    level = models.FloatField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class AccountRecovery(models.Model):
    """Somebody lost all second factors: two of the Secretariat let them set a new one, after a time to object."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recoveries")
    reason = models.CharField(_("reason"), max_length=500)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recoveries_started")
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()  # of the step that is next
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="recoveries_confirmed"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)  # the end of the time to object
    link_hash = models.CharField(max_length=64, blank=True)
    cancel_hash = models.CharField(max_length=64, unique=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="recoveries_cancelled"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("started_by")),
                name="a_recovery_takes_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(started_by=models.F("person"))
                & (models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("person"))),
                name="nobody_recovers_themselves",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by__isnull=True, opens_at__isnull=True)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False, opens_at__isnull=False),
                name="a_confirmed_recovery_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True) | models.Q(confirmed_at__isnull=False),
                name="a_finished_recovery_was_confirmed",
            ),
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(cancelled_at__isnull=True, finished_at__isnull=True),
                name="one_recovery_at_a_time",
            ),
            models.UniqueConstraint(
                fields=("link_hash",), condition=~models.Q(link_hash=""), name="one_recovery_for_each_link"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def state(self) -> str:
        """Where it stands: "cancelled", "finished", "expired", "started", "confirmed" (objection runs) or "open"."""
        if self.cancelled_at is not None:
            return "cancelled"
        if self.finished_at is not None:
            return "finished"
        if self.expires_at <= timezone.now():
            return "expired"
        if self.opens_at is None:
            return "started"
        return "open" if self.opens_at <= timezone.now() else "confirmed"


class LockdownCode(models.Model):
    """What a person has saved to lock their account with, if it is seized. Only hashes of it are kept.

    The address is kept as a hash too, as it was when the code was made: whoever seized the account may change it.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lockdown_code")
    code_hash = models.CharField(max_length=64, unique=True)
    address_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"#{self.pk}"


class Lockdown(models.Model):
    """One lock-down of an account, from its beginning to its undoing by two people, neither of them its owner."""

    class Way(models.TextChoices):
        CODE = "code", _("with the lock-down code")
        COLLEAGUE = "colleague", _("by an administrator of their organisation")
        SECRETARIAT = "secretariat", _("by the Secretariat")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lockdowns")
    way = models.CharField(max_length=20, choices=Way)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="lockdowns_begun"
    )  # None: whoever has the code
    why = models.TextField(max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    was_active = models.BooleanField(default=True)  # False: closed before it was locked, and closed again after it
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="unlockings_proposed"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_why = models.TextField(max_length=1000, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="unlockings_confirmed"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_why = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(undone_at__isnull=True), name="one_open_lockdown_per_person"
            ),
            models.CheckConstraint(
                condition=models.Q(proposed_by__isnull=True, proposed_at__isnull=True)
                | models.Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="a_proposal_to_unlock_names_who_proposed",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | (
                    models.Q(undone_at__isnull=False, undone_by__isnull=False, proposed_by__isnull=False)
                    & ~models.Q(undone_by=models.F("proposed_by"))
                ),
                name="unlocking_takes_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("proposed_by")) & ~models.Q(person=models.F("undone_by")),
                name="nobody_unlocks_themselves",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the account is still locked by it."""
        return self.undone_at is None
