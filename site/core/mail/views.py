"""The demo mailbox: every mail of the demo, as its reader would see it. Exists only in demo mode, on loopback."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView

from core.mail.models import Message, MessageAttachment

# The message is shown in a frame that may run nothing, load nothing and submit nothing; its links open outside it.
FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


class OnlyInDemo:
    """Answers 404 outside the demo, whatever the address map says."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before anything is looked up."""
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class MailboxView(OnlyInDemo, ListView):
    """All mails of the demo, newest first."""

    model = Message
    paginate_by = 50
    template_name = "demo/mailbox.html"

    def get_queryset(self) -> QuerySet[Message]:
        """Narrow to one reader when `?to=` names one."""
        messages = super().get_queryset().defer("text", "html")
        to = self.request.GET.get("to", "").strip()
        return messages.filter(to__iexact=to) if to else messages

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Keep the reader in the search field."""
        return super().get_context_data(to=self.request.GET.get("to", ""), **kwargs)


class MessageView(OnlyInDemo, DetailView):
    """One mail: its headers, its text, and its HTML in a frame."""

    model = Message
    slug_field = slug_url_kwarg = "uuid"
    template_name = "demo/message.html"


def page_in_frame(message: Message) -> HttpResponse:
    """Return a mail's HTML under a policy that lets it do nothing but be looked at and have its links opened."""
    response = HttpResponse(message.html.replace("<head>", '<head><base target="_blank">', 1))
    response["Content-Security-Policy"] = FRAME_POLICY  # django-csp leaves a policy alone that is already there
    return response


def message_html(request: HttpRequest, uuid: str) -> HttpResponse:
    """Serve a mail's HTML to the frame on its page."""
    return page_in_frame(_message(uuid))


def message_attachment(request: HttpRequest, uuid: str, pk: int) -> FileResponse:
    """Hand out one attachment of a mail."""
    attachment = get_object_or_404(MessageAttachment, message=_message(uuid), pk=pk)
    return FileResponse(attachment.file.open("rb"), as_attachment=True, filename=attachment.name)


def _message(uuid: str) -> Message:
    if not settings.DEMO:
        raise Http404
    return get_object_or_404(Message, uuid=uuid)
