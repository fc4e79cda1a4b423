"""Organisations, their standing over time, alliances, and the history of their profiles."""

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from memberships.organisations.vocabulary import REGION_BY_SLUG

LONGEST_TILE: Final = 5
"""A square has room for so many letters."""


def localised(thing: models.Model, field: str) -> str:
    """The text of `field` in the active language, or in English where it is missing."""
    return getattr(thing, f"{field}_{get_language() or 'en'}", "") or getattr(thing, f"{field}_en")


class Region(models.TextChoices):
    """Regions as the network uses them. They come with the organisation, never from its country."""

    AFRICA = "africa", _("Africa")
    AMERICAS = "americas", _("Americas")
    ASIA_PACIFIC = "asia-pacific", _("Asia & Pacific")
    EUROPE_CENTRAL_ASIA = "europe-central-asia", _("Europe & Central Asia")
    INTERNATIONAL = "international", _("International")
    MIDDLE_EAST_NORTH_AFRICA = "middle-east-north-africa", _("Middle East & North Africa")


def hue_of(region: str) -> int:
    """The hue of a region's tiles, 1 to 6; 0, a neutral one, for an unknown region."""
    term = REGION_BY_SLUG.get(region)
    return term.hue if term else 0


class Subject(models.Model):
    """What an organisation works on; a shared vocabulary with labels in four languages."""

    slug = models.SlugField(max_length=80, unique=True)
    name_en = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120, blank=True)
    name_es = models.CharField(max_length=120, blank=True)
    name_ar = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("name_en",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The label in the active language."""
        return localised(self, "name")


class Alliance(models.Model):
    """A regional sub-network of organisations."""

    slug = models.SlugField(max_length=80, unique=True)
    acronym = models.CharField(max_length=30, blank=True)
    name_en = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    name_es = models.CharField(max_length=200, blank=True)
    name_ar = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("name_en",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return localised(self, "name")


class Organisation(models.Model):
    """The member: it attends, votes and signs, and people act for it.

    Facts about it are shown by `selectors`, which leave out what it hides; nothing else reads them for a page.
    """

    LANGUAGES: ClassVar = ("en", "fr", "es", "ar")  # in which the network speaks and a description can be given

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(_("name in English"), max_length=200)
    native_name = models.CharField(_("name in its own language"), max_length=200, blank=True)
    native_language = models.CharField(_("language of that name"), max_length=8, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    logo = models.ForeignKey("files.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+")

    region = models.CharField(_("region"), max_length=30, choices=Region)
    country = models.CharField(_("country"), max_length=2, blank=True)  # ISO 3166-1 alpha-2
    country_hidden = models.BooleanField(_("hide the country"), default=False)
    city = models.CharField(_("city"), max_length=120, blank=True)
    city_hidden = models.BooleanField(_("hide the city"), default=False)
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("working languages"), default=list, blank=True
    )
    subjects = models.ManyToManyField(Subject, verbose_name=_("works on"), blank=True, related_name="organisations")
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    joined_year = models.PositiveSmallIntegerField(_("member since"), null=True, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)

    description_en = models.TextField(_("description in English"), blank=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_es = models.TextField(_("description in Spanish"), blank=True)
    description_ar = models.TextField(_("description in Arabic"), blank=True)

    at_risk = models.BooleanField(_("at risk: show the name only"), default=False)

    # Ordering that does not depend on the database's locale: folded in Python (portal.search.folding.sort_key).
    name_sort = models.CharField(max_length=220, editable=False, db_index=True, db_collation="C")
    native_name_sort = models.CharField(max_length=220, editable=False, blank=True, db_collation="C")

    version = models.PositiveIntegerField(default=1, editable=False)  # rises with each saved change of the profile
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ("name_sort", "pk")
        indexes = (
            GinIndex(fields=["languages"], name="organisation_languages"),
            models.Index(fields=["region", "name_sort"], name="organisation_region"),
            models.Index(fields=["country", "name_sort"], name="organisation_country"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="an_organisation_has_a_name"),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"), name="country_is_an_iso_code"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisations:profile", args=[self.slug])

    # What follows any reader may see who may see the organisation: names are never hidden, and nothing of it tells
    # more about one at risk. `selectors.shown` adds what the reader may see beyond.

    @property
    def _native_first(self) -> bool:
        return bool(self.native_name) and self.native_language == "ar" == get_language()

    @property
    def display_name(self) -> str:
        """The name to put first: in English, to readers of Arabic the Arabic one where there is one."""
        return self.native_name if self._native_first else self.name

    @property
    def display_language(self) -> str:
        """The language of `display_name`."""
        return self.native_language if self._native_first else "en"

    @property
    def second_name(self) -> str:
        """The other name, empty where there is none."""
        other = self.name if self._native_first else self.native_name
        return "" if other == self.display_name else other

    @property
    def second_language(self) -> str:
        """The language of `second_name`, empty where it is not known."""
        if not self.second_name:
            return ""
        return "en" if self._native_first else self.native_language

    @property
    def tile_text(self) -> str:
        """Two to five letters for the square: a short acronym, else the initials of the name's capital words."""
        if 2 <= len(self.acronym) <= LONGEST_TILE and " " not in self.acronym:
            return self.acronym
        words = [word.strip("()[]'\"«»“”‘’") for word in self.name.replace("-", " ").split()]
        initials = "".join(word[0] for word in words if word[:1].isupper())[:LONGEST_TILE]
        return initials if len(initials) > 1 else "".join(filter(str.isalnum, self.name))[:2].upper()

    @property
    def tile_hue(self) -> int:
        """The square's hue, 1 to 6 by region; 0, a neutral one, for an organisation at risk."""
        return 0 if self.at_risk else hue_of(self.region)

    @property
    def logo_url(self) -> str | None:
        """Where the logo is; None without one and for an organisation at risk. Select `logo` along."""
        return self.logo.get_absolute_url() if self.logo and not self.at_risk else None


class Standing(models.Model):
    """A term in the network, with dates and a reason. Never overwritten: the next term follows.

    `since` None = from a time nobody recorded; `until` (exclusive) None = still running. Dates are UTC calendar days.
    """

    class Kind(models.TextChoices):
        CANDIDATE = "candidate", _("Candidate")
        INTERIM = "interim", _("Interim member")
        FULL = "full", _("Full member")
        SUSPENDED = "suspended", _("Suspended")
        FORMER = "former", _("Former member")
        PARTNER = "partner", _("Partner")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="standings")
    kind = models.CharField(_("standing"), max_length=12, choices=Kind)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = (F("since").asc(nulls_first=True), "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")),
                name="a_standing_ends_after_it_starts",
            ),
            # As int8range, for the plain form needs the btree_gist extension.
            ExclusionConstraint(
                name="one_standing_at_a_time",
                expressions=[
                    (Func(F("organisation_id"), F("organisation_id"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("since"), F("until"), function="daterange"), "&&"),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.kind}"


class AllianceMembership(models.Model):
    """An organisation's time in an alliance; dates as in `Standing`."""

    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="alliance_memberships")
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["alliance", "organisation"], condition=Q(until__isnull=True), name="one_running_membership"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.alliance_id}"


class Audience(models.TextChoices):
    """Who may read one contact."""

    NETWORK = "network", _("Everyone in the network")
    SECRETARIAT = "secretariat", _("Secretariat only")


class Contact(models.Model):
    """One way to reach an organisation, or one of its social pages, with its own audience."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")
        ADDRESS = "address", _("Postal address")
        SIGNAL = "signal", _("Signal")
        PGP = "pgp", _("PGP key fingerprint")
        BLUESKY = "bluesky", _("Bluesky")
        FACEBOOK = "facebook", _("Facebook")
        INSTAGRAM = "instagram", _("Instagram")
        LINKEDIN = "linkedin", _("LinkedIn")
        MASTODON = "mastodon", _("Mastodon")
        TELEGRAM = "telegram", _("Telegram")
        X = "x", _("X")
        YOUTUBE = "youtube", _("YouTube")

    SOCIAL: ClassVar = (
        Kind.BLUESKY, Kind.FACEBOOK, Kind.INSTAGRAM, Kind.LINKEDIN, Kind.MASTODON, Kind.TELEGRAM, Kind.X, Kind.YOUTUBE,
    )  # fmt: skip

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    value = models.CharField(_("address or number"), max_length=500)
    audience = models.CharField(_("who may read it"), max_length=12, choices=Audience, default=Audience.SECRETARIAT)

    class Meta:
        ordering = ("kind", "pk")

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}"


class ProfileChange(models.Model):
    """One field of a profile changed: what it was, what it became, by whom, when."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()  # the organisation's version that this change led to
    field = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-version", "pk")
        indexes = (models.Index(fields=["organisation", "-version"], name="profile_history"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} v{self.version} {self.field}"
