"""Batches: the list, the page of one, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Model, Q, QuerySet, Sum
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.models import User
from core import audit, clock
from core.money import Money
from core.staff.asked import acting
from core.staff.columns import AmountColumn, DateColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from core.theme.figures import day_in_words
from donations.batches.checking import Tally, allocations_of, problems_of
from donations.batches.forms import BatchForm, PostForm
from donations.batches.opening import change_batch, discard_batch, open_batch
from donations.batches.posting import OVERRIDE, post_batch
from donations.batches.rows import rows_in_order
from donations.batches.slip import slip_of
from donations.batches.templates import beginning_of
from donations.documents.deposit_slip import draw_deposit_slip
from donations.models import Acknowledgement, Batch, BatchState, BatchTemplate, Fund, Method, Receipt, ReceiptLine
from donations.staff.batch_sheet import difference_in_words
from donations.staff.batch_templates import KeepTemplateView
from donations.staff.links import gifts_url, page_of

TONES = {BatchState.OPEN: "waiting", BatchState.POSTED: "good", BatchState.DISCARDED: "quiet"}


class BatchFilterSet(WagtailFilterSet):
    """What one asks of a list of batches."""

    state = django_filters.MultipleChoiceFilter(choices=BatchState, label=_("State"))
    opened_at = django_filters.DateFromToRangeFilter(label=_("Opened"), widget=DateRangePickerWidget)
    received_on = django_filters.DateFromToRangeFilter(label=_("Gift date"), widget=DateRangePickerWidget)
    method = django_filters.MultipleChoiceFilter(choices=Method, label=_("Method"))
    opened_by = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(pk__in=Batch.objects.order_by().values("opened_by")), label=_("Opened by")
    )

    class Meta:
        model = Batch
        fields = ["state", "opened_at", "received_on", "method", "opened_by"]


class OpenBatchView(VerbView):
    """Count the pile, say what it comes to, and start typing."""

    verb = staticmethod(open_batch)
    permission = "donations.add_batch"
    needs_object = False
    title = _("Open a batch")
    explanation = _(
        "Count the pile and add it up before you type anything: the batch posts only when what was typed comes to the "
        "same. What its gifts share is typed once, here."
    )
    submit_label = _("Open it and type")
    icon = "plus"
    form_class = BatchForm
    template_name = "wagtailadmin/giving/batch_form.html"

    @cached_property
    def template(self) -> BatchTemplate | None:
        """The template that the address names."""
        asked = self.request.GET.get("template", "")
        return BatchTemplate.objects.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None

    def get_initial(self) -> dict[str, Any]:
        """Begin as the chosen template says."""
        return super().get_initial() | (beginning_of(self.template) if self.template else {})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the templates; without a fund there is nothing to give to yet."""
        if not Fund.objects.exists():
            return super().get_context_data(**kwargs, form=PostForm()) | {"no_fund_yet": True}
        templates = BatchTemplate.objects.values_list("pk", "name")
        return super().get_context_data(**kwargs) | {"templates": templates, "chosen_template": self.template}

    def run(self, form: BaseForm) -> Batch:
        """Open it, and remember which."""
        self.batch = open_batch(by=self.acting, **form.cleaned_data)
        return self.batch

    def get_success_url(self) -> str:
        """Start typing."""
        batch = getattr(self, "batch", None)
        return reverse("batch_entry", args=[batch.pk]) if batch else super().get_success_url()


class BatchVerb(VerbView):
    """What the verbs about one batch show before one decides."""

    permission = "donations.change_batch"

    @classmethod
    def refusal(cls, batch: Batch) -> Any:
        """Only an open batch can be changed."""
        return "" if batch.is_open else _("This batch is not open any more.")


class ChangeBatchView(BatchVerb):
    """What was counted was counted wrong, or the next gifts share something else."""

    verb = staticmethod(change_batch)
    title = _("Change")
    question = _("What should %(object)s come to?")
    explanation = _("Rows that stand already keep their own date, method, fund and appeal.")
    submit_label = _("Save")
    icon = "edit"
    priority = 20
    form_class = BatchForm
    template_name = "wagtailadmin/giving/batch_form.html"
    success_message = _("%(object)s is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form begins with what stands."""
        return super().get_form_kwargs() | {"batch": self.object}

    def get_success_url(self) -> str:
        """Go on typing."""
        return reverse("batch_entry", args=[self.object.pk])


class PostBatchView(BatchVerb):
    """The pile is typed: into the books with it."""

    permission = "donations.post_batch"
    title = _("Post")
    question = _("Post %(object)s?")
    explanation = _("Every row becomes a gift in the books; amounts, dates and funds stay from then on.")
    submit_label = _("Post the batch")
    icon = "check"
    priority = 10
    form_class = PostForm
    template_name = "wagtailadmin/giving/batch_post.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Nothing is added up before the batch is known."""
        super().setup(request, *args, **kwargs)
        self._standing: tuple[Tally, list[tuple[Any, Any]]] | None = None

    @property
    def standing(self) -> tuple[Tally, list[tuple[Any, Any]]]:
        """How the pile adds up, and each row that is at fault with what is wrong with it."""
        if self._standing is None:
            rows = rows_in_order(self.object)
            problems = problems_of(self.object, rows)
            self._standing = (
                Tally.of(self.object, rows),
                [(row, problems[row.pk]) for row in rows if row.pk in problems],
            )
        return self._standing

    @property
    def may_override(self) -> bool:
        """Whether this user may post what does not agree."""
        return self.acting.has_perm(OVERRIDE)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask why only when it does not agree."""
        tally, _faults = self.standing
        return super().get_form_kwargs() | {"asks_why": not tally.agrees and self.may_override}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what is expected beside what is there, and what is still in the way."""
        tally, faults = self.standing
        return super().get_context_data(**kwargs) | {
            "tally": tally,
            "difference": difference_in_words(tally),
            "faults": faults,
            "may_override": self.may_override,
            "entry_url": reverse("batch_entry", args=[self.object.pk]) if self.object.is_open else "",
        }

    def run(self, form: BaseForm) -> Batch:
        """Post it; posted already, it stays as it is."""
        return post_batch(self.object, by=self.acting, override_reason=form.cleaned_data.get("override_reason", ""))

    def get_success_message(self, outcome: Batch) -> str:
        """Say how many and how much."""
        count = outcome.posted_count or 0
        said = ngettext(
            "%(count)d gift over %(total)s is in the books.", "%(count)d gifts over %(total)s are in the books.", count
        )
        return said % {"count": count, "total": outcome.posted_money}


class DiscardBatchView(BatchVerb):
    """Opened by mistake, or typed by somebody else already."""

    verb = staticmethod(discard_batch)
    title = _("Discard")
    question = _("Discard %(object)s?")
    explanation = _("Its rows stay to be looked at and never become gifts. A discarded batch is not opened again.")
    icon = "bin"
    danger = True
    priority = 80
    form_class = ReasonForm
    success_message = _("%(object)s is discarded.")

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """What is given up."""
        rows = rows_in_order(self.object)
        tally = Tally.of(self.object, rows)
        return [(_("Gifts typed"), tally.count), (_("Over"), tally.total)]


class BatchIndexView(StaffIndexView):
    """The list of batches."""


class BatchRecordView(RecordView):
    """One batch: what it came to, what became of it, its rows, and the paper that goes with it."""

    def subtitle(self) -> Any:
        """Who opened it, when."""
        opened = day_in_words(clock.local_date(self.object.opened_at), "medium")
        if not self.object.opened_by:
            return _("Opened on %(day)s") % {"day": opened}
        return _("Opened on %(day)s by %(user)s") % {"day": opened, "user": self.object.opened_by}

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_state_display(), TONES[BatchState(self.object.state)])
        if self.object.is_posted and self.object.reason:
            yield Chip(_("Does not agree"), "waiting")

    def figures(self) -> Iterable[Figure]:
        """What was expected, what is there."""
        batch = self.object
        expected = ngettext("%(count)d gift", "%(count)d gifts", batch.expected_count) % {"count": batch.expected_count}
        yield Figure(_("Expected"), f"{batch.expected_money} · {expected}")
        there = batch.posted_money if batch.is_posted else Money(batch.entered_total, batch.currency)
        count = batch.posted_count if batch.is_posted else batch.entered_count
        entered = ngettext("%(count)d gift", "%(count)d gifts", count) % {"count": count}
        url = gifts_url(batch=batch.pk) if batch.is_posted else ""
        yield Figure(_("Posted") if batch.is_posted else _("Entered"), f"{there} · {entered}", url=url)

    def actions(self) -> Iterable[Action]:
        """Go on typing; afterwards the paper."""
        batch, user = self.object, self.request.user
        if batch.is_open and user.has_perm("donations.change_batch"):
            yield Action(_("Enter gifts"), reverse("batch_entry", args=[batch.pk]), icon="edit", primary=True)
        if batch.is_posted:
            yield Action(_("Deposit slip"), reverse("batch_slip", args=[batch.pk]), icon="download", primary=True)

    def panels(self) -> Iterable[Panel]:
        """What to do next, and the rows."""
        return [
            Panel("after", _("What is next"), "wagtailadmin/giving/panels/batch_after.html", self._after),
            Panel("rows", _("Gifts"), "wagtailadmin/giving/panels/batch_rows.html", _rows_of),
        ]

    def _after(self, batch: Batch) -> dict[str, Any] | None:
        if not batch.is_posted:
            return None
        return {"steps": list(next_steps(batch, self.request))}

    def side_panels(self) -> Iterable[Panel]:
        """The facts of the batch."""
        batch = self.object
        facts = [
            (_("Method"), batch.get_method_display(), None),
            (_("Gift date"), batch.received_on, None),
            (_("Fund"), batch.fund, page_of(batch.fund)),
            (_("Appeal"), batch.appeal, page_of(batch.appeal) if batch.appeal else None),
            (_("Bank account"), batch.bank_account, None),
            (_("Closed by"), batch.closed_by, None),
            (_("Closed on"), batch.closed_at and clock.local_date(batch.closed_at), None),
            (_("Why"), batch.reason, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda batch: {"facts": shown})]


def next_steps(batch: Batch, request: HttpRequest) -> Iterable[dict[str, Any]]:
    """Yield what remains to be done about a posted batch: receipts, thank-you letters, the slip for the bank."""
    unwanted = batch.rows.filter(wants_receipt=False, gift__isnull=False).values("gift")
    ready = batch.gifts.counted().exclude(pk__in=unwanted)
    waiting = list(ready.exclude(receipt_lines__is_live=True).values_list("pk", flat=True))
    here = reverse("batches:inspect", args=[batch.pk])
    if waiting and request.user.has_perm("donations.issue_receipt"):
        yield {
            "label": ngettext("Issue %(count)d receipt", "Issue %(count)d receipts", len(waiting))
            % {"count": len(waiting)},
            "url": _bulk_url("gift", "issue_receipts", waiting, here),
        }
    issued = list(Receipt.objects.filter(lines__in=ReceiptLine.objects.filter(gift__in=ready, is_live=True)).order_by())
    if issued and request.user.has_perm("donations.export_receipt"):
        yield {
            "label": ngettext("Print %(count)d receipt", "Print %(count)d receipts", len(issued))
            % {"count": len(issued)},
            "url": _bulk_url("receipt", "print", {receipt.pk for receipt in issued}, here),
        }
    unthanked = list(Acknowledgement.objects.waiting().filter(gift__batch=batch).values_list("pk", flat=True))
    if unthanked and request.user.has_perm("donations.thank_donor"):
        yield {
            "label": ngettext("Thank for %(count)d gift", "Thank for %(count)d gifts", len(unthanked))
            % {"count": len(unthanked)},
            "url": _bulk_url("acknowledgement", "print", unthanked, here),
        }
    yield {"label": _("Deposit slip"), "url": reverse("batch_slip", args=[batch.pk])}


def _bulk_url(model: str, action: str, keys: Iterable[int], next_url: str) -> str:
    chosen = "&".join(f"id={key}" for key in keys)
    return f"{reverse('wagtail_bulk_action', args=['donations', model, action])}?{chosen}&next={next_url}"


def _rows_of(batch: Batch) -> dict[str, Any]:
    rows = rows_in_order(batch)
    problems = problems_of(batch, rows) if batch.is_open else {}
    shown = [
        {
            "row": row,
            "gift": row.gift.current if row.gift else None,
            "url": page_of(row.gift.current) if row.gift else "",
            "donor_url": page_of(row.donor) if row.donor else "",
            "funds": ", ".join(fund.name for fund, _amount in allocations_of(row)) or row.fund.name,
            "problems": problems.get(row.pk, ()),
        }
        for row in rows
        if not row.is_blank
    ]
    return {"rows": shown}


class NeverDeleted:
    """Batches are posted or discarded: no button offers to delete one."""

    def get_delete_url(self, instance: Model | None = None) -> None:
        """There is none."""
        return


class BatchViewSet(StaffViewSet):
    """Every pile there was."""

    model = Batch
    icon = "table"
    menu_label = _("Batches")
    menu_area = Area.GIVING
    menu_order = 15
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    index_view_class = BatchIndexView
    inspect_view_enabled = True
    inspect_view_class = BatchRecordView
    filterset_class = BatchFilterSet
    select_related = ["opened_by", "closed_by", "fund", "appeal__campaign"]
    list_display = [
        TitleColumn("__str__", label=_("Batch"), sort_key="pk", get_url=page_of),
        StatusChipColumn("state", tones=TONES),
        DateColumn("received_on", label=_("Gift date")),
        Column("get_method_display", label=_("Method"), sort_key="method"),
        NumberColumn("entered_count", label=_("Gifts")),
        NumberColumn("expected_count", label=_("Expected gifts")),
        AmountColumn("entered_total", label=_("Total")),
        AmountColumn("expected_total", label=_("Expected total")),
        Column("opened_by", label=_("Opened by"), sort_key="opened_by__email"),
    ]
    list_export = [
        "pk",
        "title",
        "state",
        "received_on",
        "method",
        "currency",
        "expected_count",
        "expected_total",
        "posted_count",
        "posted_total",
        "opened_at",
        "opened_by",
        "closed_at",
        "closed_by",
        "reason",
    ]
    ordering = ["-opened_at", "-pk"]
    form_fields = []
    verb_views = {
        "open": OpenBatchView,
        "post": PostBatchView,
        "change": ChangeBatchView,
        "template": KeepTemplateView,
        "discard": DiscardBatchView,
    }
    empty_message = _(
        "A batch is a pile of cheques or cash: counted by hand, typed by keyboard alone, posted when both agree. Open "
        "your first one."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        """Every batch, with how far it has been typed."""
        return Batch.objects.with_entered()

    def search(self, queryset: QuerySet[Batch], query: str) -> QuerySet[Batch]:
        """Find by number, title, or a donor or reference among its rows."""
        by_number = Q(pk=int(query)) if query.isdecimal() and len(query) < 19 else Q(pk__in=[])
        rows = Q(rows__reference__icontains=query) | Q(rows__donor__sort_name__icontains=query)
        return queryset.filter(
            Q(pk__in=Batch.objects.filter(by_number | Q(title__icontains=query) | rows).values("pk"))
        )

    def totals(self, queryset: QuerySet[Batch]) -> list[tuple[Any, Any]]:
        """How many batches, and what the posted ones brought, each currency by itself."""
        once = Batch.objects.filter(pk__in=queryset.order_by().values("pk")).order_by()
        figures: list[tuple[Any, Any]] = [(_("Batches"), once.count())]
        sums = (
            once.filter(state=BatchState.POSTED)
            .values("currency")
            .annotate(number=Sum("posted_count"), total=Sum("posted_total"))
        )
        for row in sums.order_by("currency"):
            figures.append((_("Gifts posted"), row["number"]))
            figures.append((_("Posted"), Money(row["total"] or Decimal(0), row["currency"])))
        return figures


@permission_required("donations.view_batch")
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the deposit slip of a posted batch."""
    batch = get_object_or_404(Batch.objects.filter(state=BatchState.POSTED), pk=pk)
    content = draw_deposit_slip(slip_of(batch))
    audit.record("batch.slip_printed", batch, by=acting(request))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="deposit-slip-{batch.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
