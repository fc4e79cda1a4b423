"""What the directory announces."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from memberships.directory.filters.told import narrowed_by
from memberships.directory.imports.selectors import ROWS_KEPT_DAYS, import_rows_due
from memberships.directory.policies import can_open
from memberships.directory.selectors.home import figures
from portal.access.policies import is_secretariat
from portal.audit import telling
from portal.registry import (
    AuditVerb,
    Card,
    DemonstrationGenerator,
    Detail,
    Erasure,
    LargeBody,
    NavigationEntry,
    NotPersonal,
    RecordedThing,
    RetentionRule,
    announced,
)

announced.navigation.add(
    NavigationEntry(
        name="members",
        label=_("Members"),
        icon="members",
        url=lambda _reader: reverse("directory:organisations"),
        group="look",
        order=10,
        visible_to=can_open,
        primary_on_phone=True,
    )
)
announced.cards.add(Card(name="directory", order=30, figures=figures))

LISTS = {"organisations": _("Organisations"), "people": _("People")}
FORMS = {"csv": "CSV", "xlsx": "XLSX", "vcf": "vCard"}
announced.audit_verbs.add(
    AuditVerb(
        name="export.made",
        label=_("List exported"),
        details=(
            Detail(name="list", label=_("List"), told=telling.words(LISTS)),
            Detail(name="format", label=_("Form of the file"), told=telling.words(FORMS)),
            Detail(name="count", label=_("Lines")),
            Detail(name="filters", label=_("Narrowed by"), told=telling.parts(*narrowed_by())),
        ),
    )
)

announced.navigation.add(
    NavigationEntry(
        name="import",
        label=_("Import"),
        icon="upload",
        url=lambda _reader: reverse("directory:imports"),
        group="run",
        order=20,
        visible_to=is_secretariat,
    )
)
announced.large_bodies.add(LargeBody(name="directory:imports", most_bytes=12_000_000))
announced.recorded_things.add(RecordedThing(name="directory.import", label=_("Import")))
announced.audit_verbs.add(
    AuditVerb(
        name="import.uploaded",
        label=_("Table of organisations uploaded"),
        details=(
            Detail(name="rows", label=_("Rows")),
            Detail(name="sha256", label=_("Fingerprint of the file")),
        ),
    ),
    AuditVerb(
        name="import.confirmed",
        label=_("Table of organisations imported"),
        details=(
            Detail(name="created", label=_("Organisations added")),
            Detail(name="updated", label=_("Organisations changed")),
            Detail(name="left_out", label=_("Rows left out")),
        ),
    ),
    AuditVerb(name="import.discarded", label=_("Import of organisations discarded")),
)
announced.retention_rules.add(
    RetentionRule(
        name="directory.import",
        model="directory.Import",
        fields=("uploaded_by", "uploaded_at", "decided_by", "decided_at", "file_name", "state"),
        label=_("What you did for others"),
        purpose=_("To know who brought organisations into the network, and when."),
        audience=_("The Secretariat."),
        rule=_("As long as the network, as the report of what was imported."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name."),
        order=72,
    ),
    RetentionRule(
        name="directory.import_texts",
        model="directory.Import",
        fields=("file_name",),
        label=_("Texts of others"),
        purpose=_("To recognise which table was imported."),
        audience=_("The Secretariat."),
        rule=_("As long as the network, as the report of what was imported."),
        of=("uploaded_by",),
        erasure=Erasure.SCRUB,
        order=73,
    ),
    RetentionRule(
        name="directory.import_row",
        model="directory.ImportRow",
        fields=("values", "changes", "problems"),
        label=_("Texts of others"),
        purpose=_("To show what an imported table held. It may name who can be reached at an organisation."),
        audience=_("The Secretariat."),
        rule=_("A year after the table was uploaded; that there was such a row stays."),
        due=import_rows_due,
        days=ROWS_KEPT_DAYS,
        when_due=Erasure.BLANK,
        erasure=Erasure.SCRUB,
        order=74,
    ),
)
announced.not_personal.add(
    NotPersonal(
        model="directory.Import",
        fields=("sha256", "read_as", "ignored_columns", "unknown_columns", "standing"),
        because="how the table was read",
    ),
    NotPersonal(
        model="directory.ImportRow",
        fields=("run", "number", "outcome", "organisation", "decision", "written"),
        because="what became of a row about an organisation",
    ),
)

if settings.DEMONSTRATION:
    from memberships.directory.demonstration import real_organisations

    announced.generators.add(DemonstrationGenerator(name="real organisations", generate=real_organisations, order=10))
