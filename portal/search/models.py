"""The index: one row a thing that can be found."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Document(models.Model):
    """What is known to the search of one thing of one announced source.

    `vector` holds folded words (no accents, no case, Arabic letter variants united) weighted A for names,
    B for keywords, D for text. Who may find it is asked of the source inside each query, never stored here.
    """

    source = models.CharField(max_length=50)
    object_id = models.BigIntegerField()
    vector = SearchVectorField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "object_id"], name="one_document_per_thing"),)
        indexes = (GinIndex(fields=["vector"], name="search_vector"),)

    def __str__(self) -> str:
        return f"{self.source} {self.object_id}"
