"""Documents and photos: known by their content, kept privately, served to those who may, each copy on record."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from constituents.models import Document
from constituents.services.contacting import log_interaction, remove_interaction
from constituents.services.documents import add_document, remove_document, remove_photo, set_photo
from core.audit.models import AuditEntry
from core.files import FileRefusedError, check_content, private_storage
from core.files.pictures import PictureRefusedError
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


def upload(content, name="letter.pdf", content_type="application/pdf"):
    return SimpleUploadedFile(name, content, content_type)


def picture(fmt="PNG", size=(40, 30), **details):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, fmt, **details)
    return out.getvalue()


def archive(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in entries:
            file.writestr(name, content)
    return out.getvalue()


DOCX = archive(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>"))
MACROS = archive(("[Content_Types].xml", ""), ("word/document.xml", ""), ("word/vbaProject.bin", "x"))
ODT = archive(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<x/>"))


@pytest.mark.parametrize(
    ("name", "content", "extension"),
    [
        ("a.pdf", PDF, ".pdf"),
        ("wrongly-named.exe", PDF, ".pdf"),
        ("a.png", picture(), ".png"),
        ("a.jpg", picture("JPEG"), ".jpg"),
        ("a.docx", DOCX, ".docx"),
        ("a.odt", ODT, ".odt"),
        ("a.txt", "Grüße, x < y".encode(), ".txt"),
        ("a.csv", b"name,amount\nAnn,5\n", ".csv"),
    ],
)
def test_what_an_office_passes_around_is_known_by_its_content(name, content, extension) -> None:
    assert check_content(upload(content, name)).extension == extension


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("page.html", b"<html><script>alert(1)</script></html>", "carry programs"),
        ("letter.txt", b"  <!DOCTYPE html><p>hello", "carry programs"),
        ("letter.pdf", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "carry programs"),
        ("logo.svg", b"<?xml version='1.0'?><svg/>", "carry programs"),
        ("notes.txt", b"%!PS hello <script src=x>", "carry programs"),
        ("letter.docx", MACROS, "do not keep"),
        ("files.zip", archive(("a.txt", "hello")), "do not keep"),
        ("program.pdf", b"MZ\x90\x00", "do not keep"),
        ("empty.pdf", b"", "is empty"),
    ],
)  # fmt: skip
def test_what_a_browser_or_an_office_would_run_is_refused(name, content, why) -> None:
    with pytest.raises(FileRefusedError, match=why):
        check_content(upload(content, name))


def test_a_file_that_is_too_large_says_how_large_it_may_be() -> None:
    with pytest.raises(FileRefusedError, match="larger than 1 MB"):
        check_content(upload(PDF + b" " * 1_100_000), most_bytes=1024 * 1024)


def test_a_picture_that_would_unpack_to_gigabytes_is_refused_unopened() -> None:
    bomb = bytearray(picture(size=(1, 1)))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2  # the header says 60,000 by 60,000
    with pytest.raises(PictureRefusedError, match="no photo we can show"):
        set_photo(make_person(), photo=upload(bytes(bomb), "bomb.png"), by=None)


def test_a_photo_is_drawn_anew_without_what_it_carried() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at 12 Wharf Street"
    ann = set_photo(make_person(), photo=upload(picture("JPEG", (3000, 2000), exif=exif), "ann.jpg"), by=None)
    with private_storage().open(ann.photo.name) as file:
        kept = file.read()
    assert b"Wharf" not in kept
    assert max(Image.open(io.BytesIO(kept)).size) <= 640


def test_the_photo_before_is_gone_once_there_is_another(django_capture_on_commit_callbacks) -> None:
    ann = set_photo(make_person(), photo=upload(picture(), "a.png"), by=None)
    before = ann.photo.name
    with django_capture_on_commit_callbacks(execute=True):
        ann = set_photo(ann, photo=upload(picture(), "b.png"), by=None)
    assert not private_storage().exists(before)
    with django_capture_on_commit_callbacks(execute=True):
        after = remove_photo(ann, by=None)
    assert not after.photo
    assert not private_storage().exists(ann.photo.name)


def test_a_document_comes_as_a_download_to_those_who_may_and_is_on_record(staff_client) -> None:
    client, ann = staff_client("Fundraiser"), make_person()
    client.post(f"/admin/people/document/{ann.pk}/", {"file": upload(PDF, "Agreement 2026.pdf"), "kind": "agreement"})
    document = Document.objects.get()
    assert (document.name, document.content_type, document.uploaded_by) == (
        "Agreement 2026.pdf",
        "application/pdf",
        client.user,
    )
    answer = client.get(f"/admin/people/documents/{document.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="Agreement 2026.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert AuditEntry.objects.filter(action="document.opened", user_id=client.user.pk).count() == 1
    assert "Agreement 2026.pdf" in client.get(f"/admin/people/inspect/{ann.pk}/?tab=documents").text


@pytest.mark.parametrize("role", ["Board reader", "Read-only", "Communications"])
def test_who_may_not_see_documents_learns_nothing_from_the_answer(staff_client, role) -> None:
    document = add_document(make_person(), file=upload(PDF), by=None)
    client = staff_client(role)
    there, nowhere = (client.get(f"/admin/people/documents/{pk}/") for pk in (document.pk, document.pk + 999))
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert there.status_code in (302, 403)


def test_a_photo_is_seen_only_by_those_who_see_people(staff_client) -> None:
    ann = set_photo(make_person(), photo=upload(picture(), "a.png"), by=None)
    seen = staff_client("Read-only").get(f"/admin/people/photos/{ann.pk}/")
    assert b"".join(seen.streaming_content).startswith(b"\xff\xd8")
    assert staff_client("Board reader").get(f"/admin/people/photos/{ann.pk}/").status_code in (302, 403)


def test_a_refused_file_says_why_on_the_form_and_leaves_nothing(staff_client) -> None:
    ann = make_person()
    answer = staff_client().post(
        f"/admin/people/document/{ann.pk}/", {"file": upload(b"<html>", "a.pdf"), "kind": "other"}
    )
    assert "Save it as PDF" in answer.text
    assert not Document.objects.exists()


def test_a_removed_document_leaves_its_name_and_no_file(django_capture_on_commit_callbacks) -> None:
    ann = make_person()
    document = add_document(ann, file=upload(PDF), by=None)
    path = document.file.name
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(document, by=None, reason="Of somebody else")
    assert not private_storage().exists(path)
    entry = AuditEntry.objects.for_instance(ann).get(action="document.removed")
    assert (entry.old["name"], entry.reason) == ("letter.pdf", "Of somebody else")


def test_what_came_with_a_contact_stays_when_the_contact_is_taken_back() -> None:
    ann, bo = make_person("Ann"), make_person("Bo")
    contact = log_interaction(ann, subject="Met", kind="meeting", others=[bo], documents=[upload(PDF)], by=None)
    assert set(contact.participants.all()) == {ann, bo}
    remove_interaction(contact, by=None, reason="Twice")
    assert Document.objects.get().constituent == ann
