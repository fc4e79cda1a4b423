from typing import Any

from django.core.management.base import BaseCommand

from memberships.directory.imports.vocabulary import ensure
from memberships.organisations.models import Subject
from memberships.organisations.vocabulary import SUBJECTS


class Command(BaseCommand):
    help = "Add the subjects organisations work on, in four languages; those that are there stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure([subject.slug for subject in SUBJECTS], [])
        self.stdout.write(f"{Subject.objects.count()} subjects.")
