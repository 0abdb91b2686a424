"""What is done about thanks for one gift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.staff.verbs import VerbView
from donations.errors import ThanksError
from donations.models import Acknowledgement, ThankedBy, ThanksSettings, ThanksState, ThankYouRun
from donations.thanks.drawing import letter_document
from donations.thanks.letters import letter_for
from donations.thanks.mailing import Sent, mail_thanks
from donations.thanks.printing import draw_run, open_run
from donations.thanks.thanking import thank, wait_again, want_no_thanks

THANK = "donations.thank_donor"
#: How somebody is thanked by a person rather than by us.
SPOKEN = [choice for choice in ThankedBy.choices if choice[0] != ThankedBy.EMAIL]


def moment_on(day: dt.date | None) -> dt.datetime:
    """Return when on a day somebody was thanked, as far as it is known: now today, else at noon."""
    if day is None or day == clock.today():
        return clock.now()
    return clock.start_of_day(day) + dt.timedelta(hours=12)


class SpokenForm(forms.Form):
    """How and when somebody was thanked."""

    how = forms.ChoiceField(label=_("How"), choices=SPOKEN, initial=ThankedBy.TELEPHONE)
    on = forms.DateField(label=_("When"), widget=AdminDateInput)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, help_text=_("What was said; shown on their page.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()


class NotWantedForm(forms.Form):
    """Why nobody is to be thanked."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Such as: a gift of our own board; they asked us not to.")
    )


class ThanksVerb(VerbView):
    """What the verbs about thanks for one gift show before one decides."""

    permission = THANK

    @classmethod
    def refusal(cls, row: Acknowledgement) -> Any:
        """Only who waits is thanked."""
        if row.run_id and row.is_waiting:
            return _("Its letter is made and waits to be printed.")
        return "" if row.is_waiting else _("This gift does not wait for thanks.")

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Who, how much, what for."""
        gift = self.object.gift
        return [(_("Donor"), gift.donor), (_("Gift"), gift), (_("For"), gift.fund_names)]


class PrintOneView(ThanksVerb):
    """Make the letter."""

    title = _("Print the letter")
    question = _("Make the letter for %(object)s?")
    explanation = _("You look at it, print it, and then say that it is printed.")
    icon = "doc-full"
    priority = 10

    def run(self, form: forms.BaseForm) -> ThankYouRun:
        """Make it at once: it is one."""
        gift = self.object.gift_id
        together = ThanksSettings.load().together
        self.made = draw_run(open_run([gift], by=self.acting, together=together))
        return self.made

    def get_success_url(self) -> str:
        """Go and print it."""
        if hasattr(self, "made"):
            return reverse("thank_you_runs:inspect", args=[self.made.pk])
        return super().get_success_url()


class MailView(ThanksVerb):
    """Thank by e-mail."""

    title = _("E-mail thanks")
    question = _("Thank %(object)s by e-mail?")
    explanation = _(
        "Thanks belong to the gift: whether somebody wants newsletters does not matter. Nobody is written to who asked "
        "not to be contacted at all."
    )
    icon = "mail"
    priority = 20
    success_message = _("The e-mail is on its way.")

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Where it goes, too."""
        return [*super().facts(), (_("To"), self.object.gift.donor.primary_email)]

    def run(self, form: forms.BaseForm) -> Sent:
        """Send it, or say why not."""
        sent = mail_thanks([self.object.gift_id], by=self.acting)
        if sent.refused:
            raise ThanksError(sent.refused[0])
        return sent


class SpokenView(ThanksVerb):
    """Somebody has thanked already."""

    title = _("Mark as thanked")
    question = _("How was %(object)s thanked?")
    icon = "check"
    priority = 30
    form_class = SpokenForm
    success_message = _("Noted. Thank you.")

    def run(self, form: forms.BaseForm) -> list[Acknowledgement]:
        """Note it."""
        cleaned = form.cleaned_data
        gift, when = self.object.gift_id, moment_on(cleaned["on"])
        return thank([gift], how=cleaned["how"], by=self.acting, at=when, note=cleaned["note"])


class NotWantedView(ThanksVerb):
    """Nobody is to be thanked."""

    title = _("No thanks wanted")
    question = _("Shall nobody be thanked for %(object)s?")
    icon = "cross"
    priority = 60
    form_class = NotWantedForm
    success_message = _("Noted: no thanks are wanted.")

    def run(self, form: forms.BaseForm) -> list[Acknowledgement]:
        """Note why."""
        return want_no_thanks([self.object.gift_id], by=self.acting, reason=form.cleaned_data["reason"])


class WaitAgainView(ThanksVerb):
    """Thank after all, or once more."""

    title = _("Thank after all")
    question = _("Put %(object)s back into the queue?")
    explanation = _("What was noted stays in the history.")
    icon = "rotate"
    priority = 70
    success_message = _("It waits for thanks again.")

    @classmethod
    def refusal(cls, row: Acknowledgement) -> Any:
        """What waits, waits."""
        return _("This gift waits for thanks already.") if row.state == ThanksState.TO_DO else ""

    def run(self, form: forms.BaseForm) -> list[Acknowledgement]:
        """Put it back."""
        return wait_again([self.object.gift_id], by=self.acting)


@permission_required("donations.view_acknowledgement")
def letter_file(request: Any, pk: int) -> HttpResponse:
    """Answer with the letter for one gift as it would be printed today, to look at."""
    row = get_object_or_404(Acknowledgement.objects.select_related("gift"), pk=pk)
    letter = letter_for(row.gift, together=ThanksSettings.load().together)
    response = HttpResponse(letter_document(letter, date=clock.today()).render(), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="letter.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
