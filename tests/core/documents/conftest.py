from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.documents import Document
from core.organisation.models import Organisation


@pytest.fixture
def organisation() -> Organisation:
    """A museum that writes letters; nothing here needs the database."""
    return Organisation(
        name="Harbour Museum",
        legal_name="The Harbour Museum Trust",
        registration_number="1100220",
        street="4 Quay Street",
        city="Port Alder",
        postal_code="PA4 1QS",
        country="GB",
        email="giving@harbour.example",
        signatory_name="Maria Ångström",
        signatory_title="Director",
    )


@pytest.fixture
def document(organisation: Organisation) -> Callable[..., Document]:
    """Start a document of the museum."""

    def start(title: str = "A letter", **options: object) -> Document:
        return Document(title, organisation=organisation, **options)

    return start


def read(document: Document) -> PdfReader:
    """Render the document and open it."""
    return PdfReader(BytesIO(document.render()))


def words_of(document: Document) -> str:
    """Return what can be copied from all pages, on one line."""
    return " ".join(" ".join(page.extract_text() for page in read(document).pages).split())
