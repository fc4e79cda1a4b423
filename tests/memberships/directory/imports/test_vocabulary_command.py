from io import StringIO

import pytest
from django.core.management import call_command

from memberships.organisations.models import Subject
from memberships.organisations.vocabulary import SUBJECTS


@pytest.mark.django_db
def test_subjects_are_added_once_and_those_there_stay():
    Subject.objects.create(slug=SUBJECTS[0].slug, name_en="As the Secretariat renamed it")

    for _ in range(2):
        call_command("vocabulary", stdout=StringIO())

    assert set(Subject.objects.values_list("slug", flat=True)) == {subject.slug for subject in SUBJECTS}
    assert Subject.objects.get(slug=SUBJECTS[0].slug).name_en == "As the Secretariat renamed it"
