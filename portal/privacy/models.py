"""Leaving: a person asks to be erased, and has some days to change their mind."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone

DAYS_TO_RETURN: Final = 14
"""Between asking to be erased and the erasure: long enough to notice that somebody else asked in one's name."""


class ErasureRequest(models.Model):
    """One wish to be erased. While it is open the account is closed; the link by which its owner takes the wish back
    is kept only as a hash. What is left after the erasure says when it was asked for and done, of nobody by name.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="erasure_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(withdrawn_at__isnull=True, carried_out_at__isnull=True),
                name="one_open_wish_to_be_erased",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(carried_out_at__isnull=True),
                name="a_wish_ends_in_one_way",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the person waits to be erased and may still return."""
        return self.withdrawn_at is None and self.carried_out_at is None
