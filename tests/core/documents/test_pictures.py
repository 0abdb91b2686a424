"""Logo and signature: on the page, described for those who hear it, and the same bytes each time."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from PIL import Image as Pixels
from wagtail.images.models import Image

from core.documents import DocumentError

from .conftest import read

pytestmark = pytest.mark.django_db


def png(width: int = 300, height: int = 90, mode: str = "RGBA") -> bytes:
    out = BytesIO()
    Pixels.new(mode, (width, height), "#1f5f4a").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def logo():
    return Image.objects.create(title="Our logo", file=ImageFile(BytesIO(png()), name="logo.png"))


def signed(document):
    letter = document()
    letter.letterhead()
    letter.paragraph("Yours sincerely,")
    letter.signature(image=png(mode="RGB"))
    return letter


def test_logo_and_signature_are_drawn_and_described(document, organisation, logo) -> None:
    organisation.logo = logo
    file = read(signed(document))
    assert len(file.pages[0].images) == 2
    top = file.trailer["/Root"]["/StructTreeRoot"]["/K"][0]
    described = [kid.get_object().get("/Alt") for kid in top["/K"] if kid.get_object()["/S"] == "/Figure"]
    assert described == ["Harbour Museum", "Signature"]


def test_pictures_keep_the_bytes_the_same(document, organisation, logo) -> None:
    organisation.logo = logo
    assert signed(document).render() == signed(document).render()


def test_a_huge_picture_is_cut_down_to_print_size(document) -> None:
    letter = document()
    letter.paragraph("Yours sincerely,")
    letter.signature(image=png(3000, 2000))
    assert max(read(letter).pages[0].images[0].image.size) == 1200


def test_a_logo_whose_file_is_gone_is_named(document, organisation, logo) -> None:
    organisation.logo = logo
    logo.file.storage.delete(logo.file.name)
    with pytest.raises(DocumentError, match="Our logo"):
        document().letterhead()
