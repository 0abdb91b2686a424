"""The page of a batch: what it came to, what is next, its rows, and the slip for the bank."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.auth import permission_required

from core import audit, clock
from core.money import Money
from core.staff.asked import acting
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.theme.figures import day_in_words
from donations.batches.checking import allocations_of, problems_of
from donations.batches.rows import rows_in_order
from donations.batches.slip import slip_of
from donations.documents.deposit_slip import draw_deposit_slip
from donations.models import Acknowledgement, Batch, BatchState, Receipt, ReceiptLine
from donations.staff.links import gifts_url, page_of

TONES = {BatchState.OPEN: "waiting", BatchState.POSTED: "good", BatchState.DISCARDED: "quiet"}


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
