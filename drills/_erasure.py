"""The part of the erasure drill that knows the models: `tell <number>`, then `erase <person> …`."""

from __future__ import annotations

import json
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from memberships.organisations.models import ProfileChange, Standing  # noqa: E402
from memberships.people.models import Affiliation, RoleTerm  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.audit.models import Entry  # noqa: E402
from portal.privacy.services import erase  # noqa: E402
from tests.portal.privacy.canary import Story  # noqa: E402

THREADS = (Affiliation, RoleTerm, ProfileChange, Standing, Entry, User)


def rows() -> dict[str, int]:
    """How many rows the threads have."""
    return {model._meta.label: model._default_manager.count() for model in THREADS}


def tell(number: int) -> dict[str, object]:
    """Migrate, then let `number` people leave traces everywhere."""
    call_command("migrate", verbosity=0)
    stories = [Story(suffix=f" {at}") for at in range(number)]
    words = [word for story in stories for word in story.words]
    present = [word for story in stories for word in story.words[:-1]]  # the last is another way to write a number
    return {"words": words, "present": present, "people": [story.person.pk for story in stories], "rows": rows()}


def erase_all(people: list[int]) -> dict[str, object]:
    """Erase them one by one."""
    slowest = 0.0
    for pk in people:
        began = time.perf_counter()
        erase(None, person=User.objects.get(pk=pk))
        slowest = max(slowest, time.perf_counter() - began)
    erased = User.objects.filter(pk__in=people, erased_at__isnull=False).count()
    return {"erased": erased, "slowest": round(slowest, 2), "rows": rows()}


if __name__ == "__main__":
    verb, *arguments = sys.argv[1:]
    told = tell(int(arguments[0])) if verb == "tell" else erase_all([int(pk) for pk in arguments])
    sys.stdout.write(json.dumps(told) + "\n")
