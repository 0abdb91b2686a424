"""What is done with a batch: open it, change it, post it when it agrees, discard it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.staff.verbs import ReasonForm, VerbView
from donations.batches.checking import Tally, problems_of
from donations.batches.forms import BatchForm, PostForm
from donations.batches.opening import change_batch, discard_batch, open_batch
from donations.batches.posting import OVERRIDE, post_batch
from donations.batches.rows import rows_in_order
from donations.batches.templates import beginning_of
from donations.models import Batch, BatchTemplate, Fund
from donations.staff.batch_sheet import difference_in_words


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
