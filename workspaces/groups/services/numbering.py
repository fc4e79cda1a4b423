"""Numbers within a workspace: messages, topics, files and the like are 1, 2, 3 there.

A number that runs through the whole portal would tell whoever reads two of them how much was written elsewhere in
between, in secret groups too.
"""

from django.db.models import F

from workspaces.groups.models import Count, Workspace


def next_number(workspace: Workspace, name: str) -> int:
    """The next number of that kind of thing in `workspace`, without gaps; call it in the transaction of the thing.

    Whoever else wants one waits until that transaction has ended, so ask for it late.
    """
    row, _created = Count.objects.get_or_create(workspace=workspace, name=name)
    Count.objects.filter(pk=row.pk).update(head=F("head") + 1)  # takes the row's lock
    row.refresh_from_db(fields=["head"])
    return row.head
