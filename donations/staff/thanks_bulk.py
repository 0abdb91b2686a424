"""Thanking many at once: letters in one file, e-mails, a call that was made, and taking each of it back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from core.jobs import enqueue
from core.staff.bulk_all import ActsOnAll, Done
from core.staff.refusals import REFUSALS, add_to_form
from donations.models import Acknowledgement, ReceiptWith, ThanksSettings, ThankYouTemplate, Together
from donations.staff.thanks import thanks_viewset
from donations.staff.thanks_verbs import THANK, NotWantedForm, SpokenForm, moment_on
from donations.thanks.jobs import draw_run_job
from donations.thanks.letters import Writer, plan_letters, waiting_gifts
from donations.thanks.looks import paper
from donations.thanks.mailing import mail_thanks
from donations.thanks.printing import draw_run, open_run
from donations.thanks.thanking import thank, wait_again, want_no_thanks

#: More letters than this are drawn as a job.
AT_ONCE = 25
#: How many letters are shown before they are made.
SHOWN = 3


class PrintForm(forms.Form):
    """What the letters are to be like."""

    together = forms.ChoiceField(
        label=_("Letters"),
        choices=Together,
        help_text=_("An anonymous gift never shares a letter with the household: they may not know of it."),
    )
    template = forms.ModelChoiceField(
        ThankYouTemplate.objects.filter(is_active=True),
        label=_("Words"),
        required=False,
        empty_label=_("For each gift the template that fits"),
    )
    receipt = forms.ChoiceField(
        label=_("Receipt"), required=False, choices=[("", _("As the template says")), *ReceiptWith.choices]
    )
    issues_receipts = forms.BooleanField(
        label=_("Issue the receipts that are missing"), required=False, help_text=_("Where letters enclose one.")
    )

    def __init__(self, *args: Any, may_issue: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["together"].initial = ThanksSettings.load().together
        if not may_issue:
            del self.fields["issues_receipts"]


class OnThanks(ActsOnAll):
    """Something done about thanks for many gifts."""

    viewset = thanks_viewset
    permission = THANK

    @classmethod
    def rows(cls, keys: Sequence[int]) -> QuerySet[Acknowledgement]:
        """With the gift."""
        return Acknowledgement.objects.select_related("gift").filter(pk__in=keys).order_by("pk")


class PrintLetters(OnThanks):
    """Letters to all of them, as one file in postal order."""

    action_type, display_name = "print", _("Print letters")
    action_priority = 10
    template_name = "wagtailadmin/giving/thanks/print.html"
    form_class = PrintForm
    most = 20_000

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only who may issue receipts is asked whether to."""
        may_issue = self.request.user.has_perm("donations.issue_receipt")
        return super().get_form_kwargs() | {"may_issue": may_issue}

    @cached_property
    def gifts(self) -> list[int]:
        """The gifts that wait, of those that were chosen."""
        return waiting_gifts(self.chosen)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what would be printed: how many letters, which gifts get none, and the first letters."""
        context = super().get_context_data(**kwargs)
        if context["too_many"]:
            return context
        form = context["form"]
        cleaned = form.cleaned_data if form.is_bound and form.is_valid() else {}
        together = cleaned.get("together") or form.fields["together"].initial
        plan = plan_letters(self.gifts, together=together, on=clock.today())
        writer = Writer(template=cleaned.get("template"))
        letters = writer.letters(plan.letters[:SHOWN], together=together, on=clock.today())
        return context | {
            "plan": plan,
            "not_waiting": self.count - len(self.gifts),
            "reasons": sorted(Counter(why for _gift, why in plan.left_out).items()),
            "papers": [paper(letter, receipt=cleaned.get("receipt", "")) for letter in letters],
        }

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Make the letters, at once or as a job, and go where they are; a preview makes none."""
        if "preview" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if self.request.POST.get("count") != str(self.count) or self.count > self.most:
            form.add_error(None, _now("The list has changed since you saw it. Please look again."))
            return self.form_invalid(form)
        try:
            run = open_run(self.gifts, by=self.request.user, **form.cleaned_data)
        except REFUSALS as error:
            add_to_form(form, error)
            return self.form_invalid(form)
        if run.letters > AT_ONCE:
            label = _now("%(count)d letters of thanks") % {"count": run.letters}
            enqueue(draw_run_job, key=f"thanks-{run.uuid}", label=label, by=self.request.user, run=run.pk)
        else:
            draw_run(run)
        return HttpResponseRedirect(reverse("thank_you_runs:inspect", args=[run.pk]))


class MailForm(forms.Form):
    """With which words."""

    template = PrintForm.base_fields["template"]


class MailThanks(OnThanks):
    """Thanks by e-mail, one message a donor."""

    action_type, display_name = "mail", _("E-mail thanks")
    action_priority = 20
    question = _("Thank all of them by e-mail?")
    explanation = _(
        "One e-mail a donor, each once. Thanks belong to the gift: whether somebody wants newsletters does not matter. "
        "Left out and named are those without an address, the deceased, and who asked not to be contacted at all."
    )
    form_class = MailForm
    at_once = 50

    @classmethod
    def act(cls, rows: Sequence[Any], *, by: Any, template: ThankYouTemplate | None) -> Done:  # type: ignore[override]
        """Send to those who wait."""
        sent = mail_thanks([row.gift_id for row in rows], by=by, template=template)
        thanked = set(sent.gifts)
        return Done([row.pk for row in rows if row.gift_id in thanked], sent.refused)


class MarkThanked(OnThanks):
    """Somebody has thanked them already."""

    action_type, display_name = "spoken", _("Mark as thanked")
    action_priority = 30
    question = _("How were they thanked?")
    explanation = _("Those who have been thanked already stay as they are. This can be undone.")
    form_class = SpokenForm
    can_undo = True

    @classmethod
    def act(cls, rows: Sequence[Any], *, by: Any, how: str, on: dt.date, note: str) -> Done:  # type: ignore[override]
        """Note it."""
        done = thank([row.gift_id for row in rows], how=how, by=by, at=moment_on(on), note=note)
        return Done([row.pk for row in done])

    @classmethod
    def undo(cls, keys: Sequence[int], *, by: Any, **_cleaned: Any) -> None:
        """Let them wait again."""
        wait_again(Acknowledgement.objects.filter(pk__in=keys).values_list("gift_id", flat=True), by=by)


class MarkNotWanted(OnThanks):
    """Nobody is to be thanked for these."""

    action_type, display_name = "not_wanted", _("No thanks wanted")
    action_priority = 40
    question = _("Shall nobody be thanked for these gifts?")
    explanation = _("Only gifts that wait are changed. This can be undone.")
    form_class = NotWantedForm
    can_undo = True

    @classmethod
    def act(cls, rows: Sequence[Any], *, by: Any, reason: str) -> Done:  # type: ignore[override]
        """Note why."""
        return Done([row.pk for row in want_no_thanks([row.gift_id for row in rows], by=by, reason=reason)])

    @classmethod
    def undo(cls, keys: Sequence[int], *, by: Any, **_cleaned: Any) -> None:
        """Let them wait again."""
        wait_again(Acknowledgement.objects.filter(pk__in=keys).values_list("gift_id", flat=True), by=by)


class LetWaitAgain(OnThanks):
    """Thank after all."""

    action_type, display_name = "again", _("Thank after all")
    action_priority = 50
    question = _("Put these gifts back into the queue?")
    explanation = _("Whether they were thanked for or not: they wait from now on, since the day they were posted.")

    @classmethod
    def act(cls, rows: Sequence[Any], *, by: Any) -> Done:  # type: ignore[override]
        """Put them back."""
        return Done([row.pk for row in wait_again([row.gift_id for row in rows], by=by)])


BULK_ACTIONS = (PrintLetters, MailThanks, MarkThanked, MarkNotWanted, LetWaitAgain)
