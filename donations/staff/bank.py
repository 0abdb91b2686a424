"""The bank: its accounts, reading its statements, and saying what each credit was for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from core.jobs import Job, enqueue
from core.staff.columns import AmountColumn, DateColumn, MomentColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.bank.applying import apply_credit, put_aside, take_back
from donations.bank.forms import ApplyForm, StatementForm
from donations.bank.jobs import apply_sure_job
from donations.bank.matching import Suggestion, suggestions_for
from donations.bank.newcomers import apply_to_newcomer, proposed
from donations.bank.reading import read_statement
from donations.models import BankAccount, BankCredit, BankStatement, CreditState
from donations.staff.links import page_of

TONES = {
    CreditState.WAITING: "waiting",
    CreditState.APPLIED: "good",
    CreditState.PAYOUT: "good",
    CreditState.ASIDE: "quiet",
}
_MAY = "donations.apply_bankcredit"


class BankAccountViewSet(StaffViewSet):
    """The accounts statements come from."""

    model = BankAccount
    icon = "list-ul"
    list_display = ["name", "number", "currency", BooleanColumn("is_active", label=_("In use"), sort_key="is_active")]
    panels = [FieldPanel("name"), FieldPanel("number"), FieldPanel("currency"), FieldPanel("is_active")]
    empty_message = _("No account yet. Add the one gifts come into.")


class ReadStatementView(VerbView):
    """Read a file from the bank."""

    permission = _MAY
    needs_object = False
    title = _("Read a statement")
    question = _("Read a statement from the bank")
    explanation = _(
        "Credits that name what they are for, by a reference and the very amount, are applied at once, and payouts of "
        "Stripe are found; the others wait for you with suggestions. Reading a file twice changes nothing."
    )
    submit_label = _("Read it")
    icon = "upload"
    form_class = StatementForm
    template_name = "wagtailadmin/giving/read_statement.html"

    def run(self, form: Any) -> Job:
        """Keep what is new, and queue the applying."""
        upload = form.cleaned_data["file"]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "statement"
            with path.open("wb") as file:
                for chunk in upload.chunks():
                    file.write(chunk)
            self.statement = read_statement(
                path,
                name=upload.name,
                account=form.cleaned_data["account"],
                by=self.acting,
                columns=form.columns,
            )
        self.queued = enqueue(
            apply_sure_job,
            key=f"bank-{self.statement.pk}",
            label=str(_("Applying %(statement)s") % {"statement": self.statement}),
            by=self.acting,
            statement=self.statement.pk,
        )
        return self.queued

    def get_success_message(self, outcome: Any) -> str:
        """How much was new."""
        words = {"credits": self.statement.credits, "known": self.statement.known, "debits": self.statement.debits}
        return str(_("%(credits)d credits, %(known)d of them known before; %(debits)d debits left out.") % words)

    def get_success_url(self) -> str:
        """Watch the sure ones being applied."""
        return self.queued.get_absolute_url() if hasattr(self, "queued") else super().get_success_url()


class BankStatementViewSet(StaffViewSet):
    """What was read, newest first."""

    model = BankStatement
    icon = "doc-full-inverse"
    list_display = [
        TitleColumn("file_name", label=_("File"), get_url=lambda row: credits_of(row)),
        Column("account", label=_("Account")),
        DateColumn("begins_on", label=_("From")),
        DateColumn("ends_on", label=_("To")),
        NumberColumn("credits", label=_("Credits")),
        NumberColumn("known", label=_("Known before")),
        MomentColumn("read_at", label=_("Read at")),
    ]
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    form_fields = []
    verb_views = {"read": ReadStatementView}
    empty_message = _("No statement has been read yet. Download one from your bank and read it here.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[BankStatement]:
        """With the account."""
        return BankStatement.objects.select_related("account")


def credits_of(statement: BankStatement) -> str:
    """Return where the credits of a statement are listed."""
    return f"{reverse('bank_credits:index')}?statement={statement.pk}"


class CreditFilterSet(WagtailFilterSet):
    """What one asks of a list of credits."""

    booked_on = django_filters.DateFromToRangeFilter(label=_("Booked on"), widget=DateRangePickerWidget)
    state = django_filters.MultipleChoiceFilter(choices=CreditState, label=_("State"))
    statement = django_filters.ModelChoiceFilter(
        queryset=BankStatement.objects.select_related("account"), label=_("Statement")
    )

    class Meta:
        model = BankCredit
        fields = ["state", "booked_on", "statement"]


class ApplyCreditView(VerbView):
    """Say what a credit was for; then the next one is asked about."""

    permission = _MAY
    title = _("Apply")
    question = _("What is %(object)s?")
    submit_label = _("Apply it")
    success_message = _("%(object)s is applied.")
    icon = "tick-inverse"
    priority = 10
    form_class = ApplyForm
    template_name = "wagtailadmin/giving/apply_credit.html"

    @classmethod
    def refusal(cls, credit: BankCredit) -> Any:
        """Only one that waits."""
        return "" if credit.state == CreditState.WAITING else _("Somebody has decided about this credit already.")

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """What it may be."""
        return suggestions_for(self.object)

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """What the bank said."""
        return facts_of(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the suggestions."""
        may_add = self.request.user.has_perm("constituents.add_constituent")
        newcomer = proposed(self.object) if may_add else None
        return super().get_form_kwargs() | {"suggestions": self.suggestions, "newcomer": newcomer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how many wait behind this one."""
        return super().get_context_data(**kwargs) | {"left": BankCredit.objects.waiting().count() - 1}

    def run(self, form: Any) -> BankCredit:
        """Apply it as was chosen; somebody new is added first."""
        if form.is_newcomer:
            return apply_to_newcomer(self.object, by=self.acting, **form.newcomer.values())
        return apply_credit(self.object, key=form.key, by=self.acting)

    def get_success_url(self) -> str:
        """The next one that waits, else the list."""
        return next_waiting(self.viewset, self.object)


def next_waiting(viewset: StaffViewSet, credit: BankCredit) -> str:
    """Return where to go on: the next older credit that waits, then from the newest again, then the list."""
    waiting = BankCredit.objects.waiting().exclude(pk=credit.pk).order_by("-booked_on", "-pk")
    following = waiting.filter(booked_on__lte=credit.booked_on).first() or waiting.first()
    if following is None:
        return reverse(viewset.get_url_name("index"))
    return reverse(viewset.get_url_name("apply"), args=[following.pk])


class PutAsideView(VerbView):
    """It is no gift."""

    verb = staticmethod(put_aside)
    permission = _MAY
    title = _("Put aside")
    question = _("Put %(object)s aside?")
    explanation = _("For what is no gift: rent, a refund, a payout that is booked elsewhere. It can be taken back.")
    success_message = _("%(object)s is put aside.")
    icon = "cross"
    priority = 20
    form_class = ReasonForm

    @classmethod
    def refusal(cls, credit: BankCredit) -> Any:
        """Only one that waits."""
        return "" if credit.state == CreditState.WAITING else _("Somebody has decided about this credit already.")

    def get_success_url(self) -> str:
        """The next one that waits, else the list."""
        return next_waiting(self.viewset, self.object)


class TakeBackView(VerbView):
    """It was something else after all."""

    verb = staticmethod(take_back)
    permission = "donations.void_gift"
    title = _("Take back")
    question = _("Let %(object)s wait again?")
    explanation = _("The gift it was applied to is voided, and what it kept is open again.")
    success_message = _("%(object)s waits again.")
    icon = "rotate"
    danger = True
    priority = 80
    form_class = ReasonForm

    @classmethod
    def refusal(cls, credit: BankCredit) -> Any:
        """One that waits has nothing to take back."""
        return "" if credit.state != CreditState.WAITING else _("Nothing has been said of this credit yet.")


class BankCreditRecordView(RecordView):
    """One credit: what the bank said, and what was made of it."""

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_state_display(), TONES.get(self.object.state, "quiet"))
        if self.object.was_sure:
            yield Chip(_("Applied by itself"))

    def figures(self) -> Iterable[Figure]:
        """What came."""
        yield Figure(_("Amount"), str(self.object.money))

    def panels(self) -> Iterable[Panel]:
        """What the bank said, and what it became."""
        credit = self.object
        rows: list[tuple[Any, Any, str | None]] = [(label, value, None) for label, value in facts_of(credit)]
        if credit.gift is not None:
            rows.append((_("Gift"), credit.gift, page_of(credit.gift)))
            rows.append((_("Donor"), credit.gift.donor, page_of(credit.gift.donor)))
        if credit.payout is not None:
            rows.append((_("Stripe payout"), credit.payout, page_of(credit.payout)))
        rows += [(_("Why"), credit.why, None), (_("Decided by"), credit.decided_by, None)]
        shown = [row for row in rows if row[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


def facts_of(credit: BankCredit) -> list[tuple[Any, Any]]:
    """Return what the bank said of a credit."""
    facts = [
        (_("Booked on"), credit.booked_on),
        (_("Payer"), credit.payer),
        (_("Payer’s account"), credit.payer_account),
        (_("Payer’s address"), ", ".join(credit.payer_address.splitlines())),
        (_("Reference"), credit.reference),
        (_("Text"), credit.text),
        (_("Statement"), credit.statement),
    ]
    return [fact for fact in facts if fact[1]]


class BankCreditIndexView(StaffIndexView):
    """The list of credits, with the way to statements and accounts."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Beside reading a statement."""
        return [
            *super().header_buttons,
            HeaderButton(_("Statements"), url=reverse("bank_statements:index"), icon_name="doc-full", priority=60),
            HeaderButton(_("Accounts"), url=reverse("bank_accounts:index"), icon_name="cogs", priority=70),
        ]


class BankCreditViewSet(StaffViewSet):
    """Every credit, what waits first."""

    model = BankCredit
    icon = "download"
    menu_label = _("Bank")
    menu_area = Area.GIVING
    menu_order = 35
    index_view_class = BankCreditIndexView
    inspect_view_enabled = True
    inspect_view_class = BankCreditRecordView
    filterset_class = CreditFilterSet
    list_display = [
        TitleColumn("payer", label=_("Payer"), get_url=page_of, accessor=lambda row: row.payer or row.text[:60]),
        DateColumn("booked_on", label=_("Booked on"), sort_key="booked_on"),
        AmountColumn("amount", label=_("Amount"), sort_key="amount"),
        Column("reference", label=_("Reference"), accessor=lambda row: row.reference or row.text[:80]),
        StatusChipColumn("state", label=_("State"), tones=TONES),
        TitleColumn("gift", label=_("Donor"), accessor=lambda row: row.gift.donor if row.gift else row.payout or "—",
                    get_url=lambda row: page_of(row.gift or row.payout) if row.gift or row.payout else None),
    ]  # fmt: skip
    list_export = ["booked_on", "amount", "currency", "payer", "payer_account", "reference", "text", "state", "why"]
    ordering = ["-booked_on", "-pk"]
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    form_fields = []
    verb_views = {
        "read": ReadStatementView,
        "apply": ApplyCreditView,
        "aside": PutAsideView,
        "back": TakeBackView,
    }
    empty_message = _("No credit yet. Read a statement from your bank, and what came in stands here.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[BankCredit]:
        """With what the list shows beside it."""
        return BankCredit.objects.for_list().select_related("decided_by")
