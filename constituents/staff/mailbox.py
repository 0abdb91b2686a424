"""Mail that waits: whose is it? Decided once for an address, and then never asked again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.models import formfield_for_dbfield

from constituents.models import AddressDecision, Constituent, FollowUp, IncomingMail, MailState, WaitingFor
from constituents.work.mailbox.deciding import add_person_from, discard, file_on
from constituents.work.mailbox.matching import constituents_at
from core.staff.asked import record_asked_for
from core.staff.columns import FieldColumn, MomentColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet

FILE = "constituents.file_incomingmail"
TONES = {MailState.FILED: "good", MailState.WAITING: "waiting"}


class WhoseForm(forms.Form):
    """Whose mail it is."""

    remember = forms.BooleanField(
        label=_("Always file mail from this address on them"),
        required=False,
        initial=True,
        help_text=_("What else waits from the same address is filed along with it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = FollowUp._meta.get_field("constituent")
        self.fields["constituent"] = formfield_for_dbfield(field, label=_("Whose mail is it?"))
        self.order_fields(["constituent", "remember"])


class PersonForm(forms.Form):
    """The name of whoever wrote it."""

    given_name = forms.CharField(label=_("Given name"), required=False, max_length=255)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=255)


class DiscardForm(forms.Form):
    """Once, or for good."""

    remember = forms.BooleanField(
        label=_("Throw away all mail from this address, now and later"),
        required=False,
        help_text=_("For newsletters and the like. A decision about an address is taken back under “Mail addresses”."),
    )


class WaitingOnly(VerbView):
    """A verb of mail that waits."""

    permission = FILE

    @classmethod
    def refusal(cls, mail: IncomingMail) -> Any:
        """What is decided is decided."""
        return "" if mail.state == MailState.WAITING else _("This mail does not wait any more.")

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """From whom, and what about."""
        return [(_("From"), self.object.sender), (_("Subject"), self.object.subject)]

    def get_success_url(self) -> str:
        """On to the next that waits."""
        return reverse("mail:index") + f"?state={MailState.WAITING}"


class FileView(WaitingOnly):
    """File it on somebody."""

    title = _("File on somebody")
    question = _("Whose mail is “%(object)s”?")
    submit_label = _("File")
    icon = "user"
    priority = 5
    form_class = WhoseForm

    def get_initial(self) -> dict[str, Any]:
        """Begin with the candidate that was clicked."""
        known = record_asked_for(self.request, "constituent", Constituent.objects.current())
        return super().get_initial() | {"constituent": known}

    def run(self, form: WhoseForm) -> int:  # type: ignore[override]
        """File it, and what waits beside it."""
        cleaned = form.cleaned_data
        return file_on(self.object, constituent=cleaned["constituent"], by=self.acting, remember=cleaned["remember"])

    def get_success_message(self, outcome: int) -> str:
        """Say how many."""
        return ngettext("%(n)d mail filed.", "%(n)d mails filed.", outcome) % {"n": outcome}


class AddPersonView(WaitingOnly):
    """Add whoever wrote it."""

    title = _("Add this person")
    question = _("Add whoever wrote “%(object)s”?")
    explanation = _("They come on record with the address, and the mail is filed on them.")
    submit_label = _("Add and file")
    icon = "plus"
    priority = 10
    form_class = PersonForm
    success_message = _("Added, and the mail is filed.")

    @classmethod
    def refusal(cls, mail: IncomingMail) -> Any:
        """There must be an address."""
        if mail.waiting_for == WaitingFor.UNREADABLE or not mail.address:
            return _("It is not known who wrote this.")
        return super().refusal(mail)

    @classmethod
    def is_permitted(cls, user: Any, model: Any) -> bool:
        """Only those who may add people."""
        return super().is_permitted(user, model) and user.has_perm("constituents.add_constituent")

    def get_initial(self) -> dict[str, Any]:
        """Propose the name as the mail has it; the last word is the family's, until somebody says otherwise."""
        given, _space, family = self.object.sender_name.rpartition(" ")
        return super().get_initial() | {"given_name": given, "family_name": family}

    def run(self, form: PersonForm) -> Constituent:  # type: ignore[override]
        """Add and file."""
        return add_person_from(self.object, by=self.acting, **form.cleaned_data)


class DiscardView(WaitingOnly):
    """Throw it away."""

    verb = staticmethod(discard)
    title = _("Throw away")
    question = _("Throw “%(object)s” away?")
    explanation = _("Its text is not kept. That it came, and who threw it away, is.")
    icon = "bin"
    danger = True
    priority = 20
    form_class = DiscardForm

    def get_success_message(self, outcome: int) -> str:
        """Say how many."""
        return ngettext("%(n)d mail thrown away.", "%(n)d mails thrown away.", outcome) % {"n": outcome}


class MailRecordView(RecordView):
    """One mail: what it says, and whose it may be."""

    def subtitle(self) -> str:
        """From whom."""
        return self.object.sender

    def chips(self) -> Iterable[Chip]:
        """Where it stands, and why it waits."""
        yield Chip(self.object.get_state_display(), TONES.get(MailState(self.object.state), "quiet"))
        if self.object.waiting_for:
            yield Chip(self.object.get_waiting_for_display(), "waiting")
        if self.object.is_forwarded:
            yield Chip(_("Forwarded"))

    def panels(self) -> Iterable[Panel]:
        """Whose it may be, and what it says."""
        if self.object.waiting_for == WaitingFor.SEVERAL:
            yield Panel("candidates", _("Whose is it?"), "wagtailadmin/work/mail_candidates.html", self._candidates)
        yield Panel("mail", _("What it says"), "wagtailadmin/work/mail.html", lambda mail: {})

    def _candidates(self, mail: IncomingMail) -> dict[str, Any]:
        return {"candidates": constituents_at([mail.address]).get(mail.address, [])}


class IncomingMailViewSet(StaffViewSet):
    """Mail that came in."""

    model = IncomingMail
    icon = "mail"
    menu_label = _("Incoming mail")
    menu_area = Area.PEOPLE
    menu_order = 65
    form_fields = ["subject"]
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = MailRecordView
    list_display = [
        "subject",
        FieldColumn("sender", label=_("From")),
        MomentColumn("sent_at"),
        StatusChipColumn("state", tones=TONES),
        FieldColumn("get_waiting_for_display", label=_("Why it waits")),
    ]
    list_filter = ["state", "waiting_for"]
    search_fields = ["subject", "sender", "address"]
    ordering = ["-sent_at", "-pk"]
    verb_views = {"file": FileView, "person": AddPersonView, "discard": DiscardView}
    empty_message = _(
        "No mail came in yet. Send, copy or forward mail to your filing address; the handbook says how to set one up."
    )


class AddressDecisionViewSet(StaffViewSet):
    """What was decided about addresses; deleting a decision takes it back."""

    model = AddressDecision
    icon = "mail"
    menu_label = _("Mail addresses")
    menu_area = Area.SETTINGS
    menu_order = 230
    form_fields = ["address"]
    add_view_enabled = edit_view_enabled = False
    select_related = ["constituent", "decided_by"]
    list_display = [
        "address",
        FieldColumn("what_becomes_of_it", label=_("Its mail")),
        FieldColumn("decided_by", label=_("Decided by")),
        MomentColumn("decided_at", label=_("Decided")),
    ]
    search_fields = ["address", "constituent__display_name"]
    empty_message = _(
        "Nothing yet. What you decide about mail that waits is remembered here, and taken back by deleting it."
    )
