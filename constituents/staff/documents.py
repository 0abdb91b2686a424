"""Documents and photos: put on the record, looked at by those who may, taken away."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required

from constituents.contact_forms import DocumentForm, PhotoForm
from constituents.models import Constituent, Document
from constituents.services import documents
from constituents.staff.one_part import OnePartView
from core.files import private_file_response, private_storage
from core.staff.asked import acting
from core.staff.verbs import ReasonForm, VerbView

_SHOWN = 50


def documents_of(constituent: Constituent) -> dict[str, Any]:
    """Return the newest documents of the record, with who added them."""
    rows = Document.objects.filter(constituent=constituent).select_related("uploaded_by", "interaction")
    return {"documents": rows[:_SHOWN]}


@permission_required("constituents.view_document")
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Answer with a document, for those who may see documents; each copy taken is on record.

    Without the permission the answer is the same whether there is such a document or not.
    """
    document = get_object_or_404(Document.objects.select_related("constituent"), pk=pk)
    kept = str(document.file.name)
    extension = kept[kept.rfind(".") :]
    name = document.name if document.name.lower().endswith(extension) else f"{document.name}{extension}"
    answer = private_file_response(private_storage(), kept, content_type=document.content_type, filename=name)
    documents.note_opened(document, by=acting(request))
    return answer


@permission_required("constituents.view_constituent")
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """Answer with the photo of a constituent, for those who may see people."""
    constituent = get_object_or_404(Constituent.objects.only("photo"), pk=pk)
    if not constituent.photo:
        raise Http404
    return private_file_response(
        private_storage(), str(constituent.photo.name), content_type="image/jpeg", filename="photo.jpg", show=True
    )


class AddDocumentView(VerbView):
    """Keep a file about somebody."""

    offered = False
    verb = staticmethod(documents.add_document)
    permission = "constituents.add_document"
    title = _("Add document")
    question = _("Which file belongs to %(object)s?")
    icon = "doc-full"
    form_class = DocumentForm
    success_message = _("The document is on the record of %(object)s.")


class RemoveDocumentView(OnePartView):
    """Take a document away."""

    verb = staticmethod(documents.remove_document)
    permission = "constituents.delete_document"
    title = _("Remove document")
    question = _("Take “%(part)s” off the record of %(object)s?")
    explanation = _("The file is deleted. The history keeps its name, and why.")
    danger = True
    form_class = ReasonForm
    success_message = _("The document is gone.")

    def parts(self) -> QuerySet[Any]:
        """Return this constituent's documents."""
        return Document.objects.filter(constituent=self.constituent)


class SetPhotoView(VerbView):
    """Show a photo with the record."""

    offered = False
    verb = staticmethod(documents.set_photo)
    title = _("Photo")
    question = _("Which photo shows %(object)s?")
    icon = "image"
    submit_label = _("Use this photo")
    form_class = PhotoForm
    success_message = _("The photo is on the page of %(object)s.")


class RemovePhotoView(VerbView):
    """Show no photo any more."""

    offered = False
    verb = staticmethod(documents.remove_photo)
    title = _("Remove photo")
    question = _("Take the photo off the record of %(object)s?")
    explanation = _("The file is deleted.")
    danger = True
    success_message = _("The photo is gone.")


VERBS = {
    "document": AddDocumentView,
    "remove-document": RemoveDocumentView,
    "photo": SetPhotoView,
    "remove-photo": RemovePhotoView,
}
