"""What happens to uploaded pictures: refused with a sentence, or rebuilt so that nothing but the pixels is left."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, PngImagePlugin

from portal.files.models import StoredFile
from portal.files.services import picture_store
from portal.files.services.pictures import MOST_BYTES, rebuilt
from tests.factories.accounts import person
from tests.factories.pictures import picture, upload
from tests.portal.files.conftest import KIND
from tests.portal.files.corpus import CORPUS, EICAR, SCRIPT, webp_saying

CANARY = b"CANARY-4711"
ACTIVE = (b"<script", b"<svg", b"<html", b"<?php", b"%PDF", b"PK\x03\x04", b"EICAR", CANARY)


def take(content, name="logo.png", claimed="image/png", **options):
    return picture_store(None, kind=KIND, upload=upload(content, name, claimed), **options)


def bytes_of(stored):
    with stored.content.open("rb") as file:
        return file.read()


def files_on_disk():
    return {path for path in Path(default_storage.location).rglob("*") if path.is_file()}


@pytest.mark.parametrize("given", [one for one in CORPUS if not one.harmless], ids=lambda given: given.what)
def test_harmful_uploads_are_refused_with_a_sentence(given, readers):
    before = files_on_disk()

    with pytest.raises(ValidationError) as refusal:
        take(given.content, given.name, given.claimed)

    (sentence,) = refusal.value.messages
    assert sentence.endswith(".")
    assert len(sentence) > 15
    assert not StoredFile.objects.exists()
    assert files_on_disk() == before


@pytest.mark.parametrize("given", [one for one in CORPUS if one.harmless], ids=lambda given: given.what)
def test_pictures_are_rebuilt_whatever_they_are_called(given, readers):
    stored = take(given.content, given.name, given.claimed)

    kept = bytes_of(stored)
    assert (stored.media_type, stored.name) in {("image/png", f"{KIND}.png"), ("image/webp", f"{KIND}.webp")}
    assert kept.startswith((b"\x89PNG", b"RIFF"))
    assert stored.sha256 == hashlib.sha256(kept).hexdigest()
    assert stored.size == len(kept)
    assert not [sign for sign in ACTIVE if sign in kept]
    assert Path(stored.content.path).is_relative_to(default_storage.location)
    assert stored.content.name == f"{KIND}/{stored.token.hex[:2]}/{stored.token.hex}"
    with Image.open(io.BytesIO(kept)) as again:
        assert (again.width, again.height) == (stored.width, stored.height)
        assert getattr(again, "n_frames", 1) == 1


def test_the_corpus_is_as_large_as_the_plan_asks():
    assert len(CORPUS) >= 60
    assert len({one.what for one in CORPUS}) == len(CORPUS)


def test_the_check_would_see_an_upload_that_is_only_believed():
    """The control: bytes kept as they came would carry what the corpus looks for."""
    believed = [one.content for one in CORPUS if not one.harmless]

    assert sum(any(sign in content for sign in ACTIVE) for content in believed) >= 15


def test_five_megabytes_are_taken_and_one_byte_more_is_not(readers):
    # Bytes after a GIF's end are allowed to it and are not kept.
    content = picture(form="GIF")

    assert take(content + bytes(MOST_BYTES - len(content))).size < 1_000
    with pytest.raises(ValidationError, match="larger than 5 MB"):
        take(content + bytes(MOST_BYTES + 1 - len(content)))


def with_metadata(form, canary):
    """A picture of `form` with everything a camera or a program could write into it."""
    text = canary.decode()
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = exif[0x8298] = exif[0x0131] = text  # description, author, rights, program
    exif.get_ifd(0x8769).update({0xA431: text, 0x9286: b"ASCII\0\0\0" + canary, 0x927C: canary})  # serial, comment
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0), 29: text})  # where
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + canary
    common = {"exif": exif, "icc_profile": profile, "xmp": b"<x:xmpmeta>" + canary + b"</x:xmpmeta>"}
    if form == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", text)
        notes.add_text("Comment", text, zip=True)
        notes.add_itxt("XML:com.adobe.xmp", text)
        notes.add(b"prVt", canary)
        return picture(form=form, pnginfo=notes, exif=exif, icc_profile=profile) + canary
    if form == "GIF":
        return picture(form=form, comment=canary) + canary
    if form == "JPEG":
        return picture(form=form, comment=canary, **common) + canary
    return picture(form=form, **common) + canary


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_no_metadata_is_kept(form, readers):
    given = with_metadata(form, CANARY)
    assert given.count(CANARY) >= 2  # the control: it is there to be kept

    kept = bytes_of(take(given))

    assert CANARY not in kept
    assert not [sign for sign in (b"Exif", b"eXIf", b"ICCP", b"iCCP", b"XMP", b"xmp", b"tEXt", b"iTXt") if sign in kept]
    with Image.open(io.BytesIO(kept)) as again:
        again.load()
        assert again.info.keys() <= {"loop", "background", "timestamp", "duration"}  # of the container
        assert dict(again.getexif()) == {}


def test_saving_anew_instead_of_rebuilding_would_keep_it():
    """The control of the check above (M13): Pillow's own save carries metadata along."""
    with Image.open(io.BytesIO(with_metadata("PNG", CANARY))) as given:
        given.load()
        file = io.BytesIO()
        given.save(file, "PNG", exif=given.getexif())

    assert CANARY in file.getvalue()


def test_nothing_stays_behind_the_transparency(readers):
    secret = Image.new("RGBA", (20, 20), (200, 30, 40, 0))
    file = io.BytesIO()
    secret.save(file, "PNG")

    with Image.open(io.BytesIO(bytes_of(take(file.getvalue())))) as again:
        assert again.convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(orientation):
    """The same picture, held eight ways (EXIF 2.32, 4.6.4)."""
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste("red", (0, 0, 20, 20))
    turned = {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
    }[orientation]  # fmt: skip
    held = upright
    for turn in turned:
        held = held.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    held.save(file, "PNG", exif=exif)

    again = rebuilt(file.getvalue(), largest_side=100)

    assert again.size == (60, 40)
    assert again.getpixel((5, 5)) == (255, 0, 0, 255)
    assert again.getpixel((55, 35)) == (255, 255, 255, 255)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_broken_note_about_a_picture_says_nothing_against_it(readers):
    assert take(picture(form="JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(40))).width == 40


@pytest.mark.parametrize(
    ("width", "height", "kept"), [(600, 300, (192, 96)), (300, 600, (96, 192)), (40, 30, (40, 30))]
)
def test_pictures_are_scaled_down_and_never_up(width, height, kept, readers):
    stored = take(picture(width, height), largest_side=192)

    assert (stored.width, stored.height) == kept


def test_sixteen_bits_of_grey_are_scaled_and_not_cut(readers):
    with Image.open(io.BytesIO(bytes_of(take(picture(mode="I;16", colour=0x8000))))) as again:
        assert again.convert("L").getpixel((3, 3)) == 128


def test_the_uploader_is_kept_and_the_name_is_not(readers):
    someone = person("Ada")

    stored = picture_store(someone, kind=KIND, upload=upload(picture(), "Ada at home.png"))

    assert stored.created_by == someone
    assert "Ada" not in stored.name + stored.content.name


def test_a_kind_that_nobody_announced_is_not_stored(db):
    with pytest.raises(LookupError):
        picture_store(None, kind="unknown", upload=upload(picture()))


BOMBS = ("PNG of 20,000", "PNG with a text", "PNG with a colour", "PNG whose pixels", "WebP of 16,383", "6 MB")
CHILD = r"""
import re, sys
from pathlib import Path
import django
django.setup()
from django.core.exceptions import ValidationError
from portal.files.services.pictures import rebuilt
for name in sys.argv[1:]:
    try:
        rebuilt(Path(name).read_bytes(), largest_side=192)
    except ValidationError:
        pass
print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's largest size")
def test_no_upload_takes_more_than_300_megabytes(tmp_path):
    """Bombs, and the largest pictures that are taken; measured in a process of its own."""
    contents = [one.content for one in CORPUS if one.what.startswith(BOMBS)]
    contents += [
        picture(6_000, 4_000, mode=mode, form=form, colour=colour)
        for mode, form, colour in [
            ("RGBA", "PNG", (1, 2, 3, 4)),
            ("P", "PNG", 3),
            ("I;16", "PNG", 9),
            ("CMYK", "JPEG", (1, 2, 3, 4)),
            ("RGB", "JPEG", "teal"),
            ("P", "GIF", 3),
        ]
    ]
    contents.append(picture(6_000, 1_333, mode="RGBA", form="WEBP", colour=(1, 2, 3, 4)))
    contents.append(picture(5_000, 4_000, form="JPEG", progressive=True, subsampling=0))
    contents.append(picture(5_000, 3_000, mode="CMYK", form="JPEG", colour=(1, 2, 3, 4), progressive=True))
    names = [str(tmp_path / str(number)) for number in range(len(contents))]
    for name, content in zip(names, contents, strict=True):
        Path(name).write_bytes(content)

    done = subprocess.run(
        [sys.executable, "-c", CHILD, *names], capture_output=True, text=True, check=True, timeout=120
    )

    assert int(done.stdout) < 300


def test_a_picture_whose_decoder_would_hold_too_much_is_refused():
    inks = {"mode": "CMYK", "colour": (1, 2, 3, 4), "progressive": True, "form": "JPEG"}

    assert rebuilt(picture(6_000, 2_500, **inks), largest_side=10).size == (10, 4)
    with pytest.raises(ValidationError, match="15 million"):
        rebuilt(picture(6_000, 2_501, **inks), largest_side=10)


def test_signs_of_other_things_are_looked_for_in_any_case():
    for sign in (SCRIPT.upper(), EICAR, b"<SvG onload=x>", b"<!DocType html>", b"%PDF-2.0"):
        with pytest.raises(ValidationError, match="carries something else"):
            rebuilt(picture(form="GIF") + sign, largest_side=10)


def test_a_webp_whose_header_lies_is_refused_before_it_is_decoded():
    with pytest.raises(ValidationError, match="too many pixels"):
        rebuilt(webp_saying(6_001, 10), largest_side=10)
