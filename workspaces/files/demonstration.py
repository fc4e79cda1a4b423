"""Small real files in the groups of the demonstration network, made here: every reader opens them.

They come in through the same door as those of members, then are set to the days on which they are to have come.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from typing import Final
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from portal.files.services import document_store
from portal.search.services import reindex
from workspaces.files.models import KIND, Folder, GroupFile, Version
from workspaces.files.services.adding import free_name, most_bytes
from workspaces.files.services.effects import SOURCE
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.participation import current_participations
from workspaces.groups.services import next_number

IN_EACH: Final = 5
PICTURED: Final = "Safety of journalists"
"""The group of the design's pictures: it has all of them."""
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:"


def pdf(*lines: str, padding: int = 0) -> bytes:
    """A PDF document of one page with these lines (ASCII), and so many bytes that nothing shows."""
    shown = "BT /F1 14 Tf 60 760 Td 22 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown.encode("ascii")),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    if padding:
        unseen = random.Random(padding).randbytes(padding).hex().encode()[:padding]
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(unseen), unseen))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def _open_document(kind: str, body: str) -> bytes:
    says = f"application/vnd.oasis.opendocument.{kind}"
    names = " ".join(f'xmlns:{name}="{_OFFICE}{name}:1.0"' for name in ("office", "text", "table"))
    members: Mapping[str, str] = {
        "mimetype": says,
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.3">'
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        "META-INF/manifest.xml": '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="{_OFFICE}manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{says}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            packing = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2027, 6, 1, 12, 0, 0)), content, packing)
    return file.getvalue()


def letter(*paragraphs: str) -> bytes:
    """An OpenDocument text."""
    return _open_document("text", "".join(f"<text:p>{escape(one)}</text:p>" for one in paragraphs))


def sheet(*rows: tuple[str, ...]) -> bytes:
    """An OpenDocument spreadsheet."""
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(one)}</text:p></table:table-cell>" for one in row)
        + "</table:table-row>"
        for row in rows
    )
    return _open_document("spreadsheet", f'<table:table table:name="1">{cells}</table:table>')


def poster() -> bytes:
    """A picture."""
    picture = Image.new("RGB", (1200, 800), "#0B5559")
    pen = ImageDraw.Draw(picture)
    for step in range(12):
        pen.arc((100 + 40 * step, 150 + 30 * step, 1100 - 40 * step, 1250 - 30 * step), 180, 360, "#DFECE9", 6)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True)
class Sample:
    """A file; `age` in days, `by` one of the participants by position; `notes` of the versions after the first."""

    name: str
    content: Callable[[], bytes]
    age: int
    by: int
    description: str = ""
    language: str = ""
    folder: str = ""
    notes: tuple[str, ...] = ()


ROTA: Final = (("Week", "Duty line"), ("5 July", "Kinshasa"), ("12 July", "Tunis"), ("19 July", "Bogotá"))
SAMPLES: Final = (
    Sample("Referral-form-v4.odt", lambda: letter("Referral form", "Phone: optional, gone when the case closes."), 1, 0,
           "The form with the fields that were decided on.", "en", notes=("Changes of 3 June", "City, not address")),
    Sample("Duty-line-rota-July.ods", lambda: sheet(*ROTA), 3, 1, "Who answers the duty line in July."),
    Sample("Insurance-comparison.pdf", lambda: pdf("Insurance for freelancers", "Four offers compared"), 9, 2,
           "What insurers cover in conflict zones.", "en"),
    Sample("Case-handling-guide.pdf", lambda: pdf("Case handling guide", "Second edition", padding=3_100_000), 16, 3,
           "The whole guide, with the forms.", "en"),
    Sample("Protocole-urgences.odt", lambda: letter("Protocole pour les urgences", "Qui appelle qui, dans quel ordre."),
           20, 1, "Qui appelle qui, dans quel ordre.", "fr", "Protocols"),
    Sample("أسئلة-النموذج.odt", lambda: letter("أسئلة النموذج", "ترجمة أولى"), 25, 4, "ترجمة أولى لأسئلة النموذج.",
           "ar", "Protocols"),
    Sample("Cartel-seguridad.png", poster, 31, 3, "Cartel para las redacciones.", "es", "Protocols"),
    Sample("Minutes-May.txt", lambda: b"Minutes of the call of 12 May\n\nPresent: seven organisations.\n", 34, 0,
           "Minutes of the call in May.", "en", "Minutes"),
)  # fmt: skip


def files() -> None:
    """Some for each active group in which several people take part."""
    supply = cycle([sample for sample in SAMPLES if sample.name != "Case-handling-guide.pdf"])
    for workspace in Workspace.objects.filter(state=Workspace.State.ACTIVE).order_by("pk"):
        places = current_participations().filter(workspace=workspace, is_guest=False).order_by("number")
        people = list(places.select_related("person", "organisation"))
        if len(people) > 1:
            samples = SAMPLES if workspace.name_en == PICTURED else tuple(islice(supply, IN_EACH))
            for sample in sorted(samples, key=lambda one: -one.age):
                _make(workspace, people, sample)
    reindex(SOURCE)


def _make(workspace: Workspace, people: list[Participation], sample: Sample) -> None:
    author = people[sample.by % len(people)]
    came = timezone.now() - timedelta(days=sample.age + len(sample.notes), hours=sample.by)
    folder = _folder(workspace, sample.folder, author) if sample.folder else None
    file = GroupFile.objects.create(
        workspace=workspace,
        folder=folder,
        number=next_number(workspace, "file"),
        name=free_name(workspace, folder, sample.name),
        description=sample.description,
        language=sample.language,
        created_at=came,
        created_by=author.person,
        created_for=author.organisation,
    )
    for number, note in enumerate(("", *sample.notes), 1):
        place = people[(sample.by + number - 1) % len(people)]
        upload = SimpleUploadedFile(sample.name, sample.content())
        stored = document_store(place.person, kind=KIND, upload=upload, most_bytes=most_bytes())
        file.newest = Version.objects.create(
            file=file,
            number=number,
            stored=stored,
            size=stored.size,
            note=note,
            at=came + timedelta(days=number - 1),
            by=place.person,
            by_for=place.organisation,
        )
        file.name = stored.name if number == 1 else file.name
    file.save(update_fields=["newest", "name"])


def _folder(workspace: Workspace, name: str, author: Participation) -> Folder:
    found = Folder.objects.filter(workspace=workspace, name=name).first()
    return found or Folder.objects.create(
        workspace=workspace, number=next_number(workspace, "folder"), name=name, created_by=author.person
    )
