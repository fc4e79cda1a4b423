"""What was sent with which key, and the answer it got."""

from django.db import models
from django.utils import timezone


class Write(models.Model):
    """One write that did something. Its row is made in the transaction of the act, so either both exist or neither.

    Nothing here can be read without the key, which only the sender has: `owner` and `key` are digests, `fingerprint`
    is a keyed digest of what was sent, and `answer` is closed with a key made of the sender's. `answer` is empty only
    inside the transaction that makes the row.
    """

    owner = models.BinaryField(max_length=32)
    key = models.BinaryField(max_length=32)
    fingerprint = models.BinaryField(max_length=32)
    answer = models.BinaryField(default=b"")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "key"], name="one_write_for_each_key"),)

    def __str__(self) -> str:
        return f"write {self.pk}"
