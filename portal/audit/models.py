"""The record of acts. Written by services in the transaction of the act, never changed afterwards.

Four tables, all guarded by triggers that hold for everybody, the tables' owner included (migration 0002):

* `Entry`: what is kept for good. It holds no name and no address of a person, so nothing of it ever has to go.
* `Circumstance`: what may have to be forgotten (where an act came from, the reason somebody typed). The entry holds a
  salted hash of it, so that it cannot be changed, and the chain stays whole when it is gone.
* `Link`: the chain, a number without gaps and a hash for each entry.
* `audit_turn`, known to the database alone: the entries of a transaction that is about to commit (see migration 0002).
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act: who, acting for whom, did what to what, and when.

    People are kept by their number and named when the entry is read: who is erased loses their name here too, and the
    record is not touched. `acting_for` and other targets are kept with their names of that moment and without foreign
    keys: the floor knows no organisation, and the record outlives what it speaks of. `details` are codes, numbers and
    dates, never anything that somebody typed.
    """

    at = models.DateTimeField(db_default=Now(), db_index=True, editable=False)  # the database's clock, by a trigger
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_for_id = models.BigIntegerField(null=True)
    acting_for_name = models.CharField(max_length=300, blank=True)
    verb = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60, blank=True)  # "app_label.model"
    target_id = models.BigIntegerField(null=True)
    target_name = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    origin_hash = models.CharField(max_length=64, blank=True)
    why_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("entry of the record")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["verb", "-id"], name="audit_by_verb"),
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_by_target"),
            models.Index(fields=["acting_for_id", "-id"], name="audit_by_acting_for"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_name or self.target_id or ''}"


class Circumstance(models.Model):
    """What belongs to an entry and may be forgotten before it: where the act came from, or why it was done.

    It is never changed. It goes when its time is over, or when a person is erased, which is itself an act in the
    record; everything else is refused by the database and noticed by `manage.py audit_verify`.
    """

    class Kind(models.TextChoices):
        ORIGIN = "origin", _("Where from")
        WHY = "why", _("Why")

    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="circumstances", db_constraint=False)
    kind = models.CharField(max_length=10, choices=Kind)
    salt = models.CharField(max_length=32)  # without it the few possible networks could be tried out against the hash
    content = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "kind"], name="an_entry_has_one_circumstance_of_a_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.entry_id}"


class Link(models.Model):
    """An entry's place in the chain, given by the database when its transaction commits. See `portal.audit.chain`."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="link", db_constraint=False)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number}: {self.hash}"
