"""The mail record in the workspace: what was sent to whom, read as it was sent. Nobody edits or deletes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_denied
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from core.mail.models import Message
from core.mail.outbox import send_again
from core.mail.views import page_in_frame
from core.staff.columns import MomentColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Panel, Text
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet

State = Message.State
TONES: dict[str, str] = {
    State.QUEUED: "waiting",
    State.SENDING: "waiting",
    State.SENT: "good",
    State.FAILED: "wrong",
    State.UNKNOWN: "wrong",
}


class ReadOnlyPolicy(ModelPermissionPolicy):
    """A record of what happened: to be looked at, by superusers too."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow nothing but looking."""
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Allow nothing but looking."""
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Message, ReadOnlyPolicy(Message))


class SendAgainView(VerbView):
    """Sends a mail again that was not, or perhaps not, sent."""

    verb = staticmethod(send_again)
    permission = "core.send_message"
    title = _("Send again")
    question = _("Send “%(object)s” again?")
    explanation = _("If the first one did arrive after all, most mail programs show the two as one.")
    icon = "mail"
    success_message = _("“%(object)s” is on its way.")

    @classmethod
    def refusal(cls, message: Message) -> Text:
        """Only what failed can be sent again, and never an old sign-in code."""
        if message.secret:
            return _("It carried a sign-in code, which is no longer good.")
        if message.state not in {State.FAILED, State.UNKNOWN}:
            return _("Only a mail that was not sent can be sent again.")
        return ""

    def facts(self) -> Sequence[tuple[Text, object]]:
        """Show whom it goes to and why it did not."""
        message: Message = self.object
        return [(_("To"), message.to), (_("What went wrong"), message.error)]


class MessageRecordView(RecordView):
    """One mail, as its reader saw it."""

    def chips(self) -> list[Chip]:
        """Say how far it got."""
        return [Chip(self.object.get_state_display(), TONES[self.object.state])]

    def panels(self) -> list[Panel]:
        """Show the mail itself."""
        return [Panel("mail", "", "wagtailadmin/mail/message.html", lambda _message: {})]

    def side_panels(self) -> list[Panel]:
        """Show the envelope."""
        return [Panel("envelope", _("Sent"), "wagtailadmin/steward/panels/facts.html", envelope_of)]


def envelope_of(message: Message) -> dict[str, Any]:
    """Return what stands around the mail."""
    facts = [
        (_("To"), message.to),
        (_("Written"), message.created_at),
        (_("Sent"), message.sent_at),
        (_("Sent by"), message.sent_by),
        (_("About"), message.about),
        (_("Files"), ", ".join(file.name for file in message.attachments.all())),
        (_("What went wrong"), message.error),
    ]
    return {"facts": [(label, value) for label, value in facts if value]}


class MessageViewSet(StaffViewSet):
    """Every mail that left, is waiting to leave, or could not."""

    model = Message
    icon = "mail"
    menu_area = Area.COMMUNICATION
    menu_label = _("Sent e-mail")
    menu_order = 900
    list_display = [
        "subject",
        "to",
        StatusChipColumn("state", label=_("State"), tones=TONES),
        MomentColumn("created_at", label=_("Written")),
    ]
    list_filter = ["state", "transactional"]
    search_fields = ["subject", "to"]
    ordering = "-created_at"
    form_fields: Sequence[str] = []
    inspect_view_enabled = True
    inspect_view_class = MessageRecordView
    verb_views = {"send-again": SendAgainView}
    empty_message = _("Nothing has been sent yet. Thank-you letters, receipts and reminders will stand here.")

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add where the frame gets the mail's HTML from."""
        return [*super().get_urlpatterns(), path("html/<int:pk>/", self.html, name="html")]

    def html(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Serve a mail's HTML to the frame on its page, for those who may look."""
        if not self.may_see(request.user):
            return permission_denied(request)
        return page_in_frame(get_object_or_404(self.base_queryset(request), pk=pk))
