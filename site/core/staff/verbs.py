"""VerbView: the page behind a button that does something. One small class for each verb of an app.

Looking at the page changes nothing; sending its form runs the service function once, in its own transaction, and a
form that is sent twice is done once (`core.once`). When a rule says no, the sentence stands on the form and everything
the user typed is still there.

    class VoidGiftView(VerbView[Gift]):
        verb = staticmethod(void_gift)              # void_gift(gift, *, by, reason)
        permission = "donations.void_gift"          # or "change": the model's own
        title = _("Void")                           # the button, the page and the way back say it in one word
        question = _("Void the gift of %(object)s?")
        explanation = _("It stays on record, struck out, and counts in no total. A receipt for it is voided too.")
        icon = "cross"
        danger = True
        form_class = ReasonForm                     # its cleaned data become the verb's keyword arguments
        success_message = _("The gift of %(object)s is void.")

        @classmethod
        def refusal(cls, gift):                     # "" when the verb applies; must not ask the database
            return "" if gift.is_posted else _("Only a posted gift can be voided. Delete the draft instead.")

        def facts(self):                            # what the user should see before deciding
            return [(_("Donor"), self.object.donor), (_("Amount"), self.object.money)]

In the viewset: `verb_views = {"void": VoidGiftView}`. That gives the address `.../void/<pk>/` named `gifts:void`, a
button on each row, one on the record's page, each only for those who may and only while the verb applies.

A verb that needs no record (`needs_object = False`: open a batch, issue the year's receipts) has the address
`.../open/`, a button above the list, and is called without the first argument.

Where it goes afterwards: `?next=` when it is an address of ours, else `get_success_url()`: the record's page, its form
or the list. `get_success_message(outcome)` may use what the verb returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.contrib.admin.utils import quote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.staff.asked import acting
from core.staff.once import SentOnce
from core.staff.refusals import REFUSALS, add_to_form

if TYPE_CHECKING:
    from core.staff.viewsets import StaffViewSet

Text = str | Promise
#: What a verb is about: `VerbView[Gift]` knows its record.
Record = TypeVar("Record", bound=Model)


class ReasonForm(forms.Form):
    """Why: kept in the history for ever."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the history, for whoever asks later."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VerbView(SentOnce, WagtailAdminTemplateMixin, FormView, Generic[Record]):
    """Ask, then run one service function; see the module."""

    #: The record; none for a verb that needs none.
    object: Record

    #: The service: `verb(obj, *, by, **form.cleaned_data)`, or `verb(*, by, **...)` without an object.
    verb: Callable[..., Any]
    #: "app.codename", or "add", "change", "delete", "view" of the model.
    permission: str = "change"
    needs_object = True
    title: Text = ""
    question: Text = ""
    explanation: Text = ""
    submit_label: Text = ""
    success_message: Text = ""
    icon = "check"
    danger = False
    #: Off for a verb that a part of the page offers by itself: it has its address, and no button in header and list.
    offered = True
    #: The order of the button among its neighbours.
    priority = 50

    form_class: type[forms.BaseForm] = forms.Form
    template_name = "wagtailadmin/steward/verb.html"
    # The viewset puts itself and its model here.
    viewset: StaffViewSet = None  # type: ignore[assignment]
    model: type[Model] = None  # type: ignore[assignment]

    # Whether the button is there

    @classmethod
    def permission_name(cls, model: type[Model]) -> str:
        """Return the full name of the permission the verb asks for."""
        if "." in cls.permission:
            return cls.permission
        return f"{model._meta.app_label}.{get_permission_codename(cls.permission, model._meta)}"

    @classmethod
    def is_permitted(cls, user: Any, model: type[Model]) -> bool:
        """Return whether the user may run the verb."""
        return user.has_perm(cls.permission_name(model))

    @classmethod
    def refusal(cls, obj: Record) -> Text:
        """Return why the verb does not apply to the record now; empty when it does. Must not ask the database."""
        return ""

    @classmethod
    def url(cls, viewset: StaffViewSet, slug: str, obj: Model | None = None) -> str:
        """Return the address of the verb's page."""
        return reverse(viewset.get_url_name(slug), args=[quote(obj.pk)] if obj is not None else [])

    @property
    def acting(self) -> Any:
        """Who runs the verb: somebody signed in, or the page would not have opened."""
        return acting(self.request)

    # Asking

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the record the verb is about, within what the user may see."""
        super().setup(request, *args, **kwargs)
        if self.model is None:
            raise ImproperlyConfigured(f"{type(self).__name__} belongs into the verb_views of a StaffViewSet.")
        self.object = None  # type: ignore[assignment]  # until it is found, and for a verb that needs none

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who may run the verb, then find the record: a stranger learns nothing from the difference."""
        if not self.is_permitted(request.user, self.model):
            raise PermissionDenied
        # Before the record is looked for: the verb may have been the end of it.
        if request.method == "POST" and (answer := self.sending.answer()) is not None:
            return answer
        if self.needs_object:
            self.object = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Record]:
        """Return the records the verb may be asked for."""
        return self.viewset.base_queryset(self.request)

    def facts(self) -> Iterable[tuple[Text, Any]]:
        """Return what the user should see before deciding, as (label, value)."""
        return []

    def words(self) -> dict[str, Any]:
        """Return what `question`, `explanation` and `success_message` may name; `%(object)s` is the record."""
        return {"object": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the template its sentences."""
        words = self.words()
        form = kwargs.setdefault("form", self.get_form())
        return super().get_context_data(**kwargs) | {
            "object": self.object,
            "refusal": self.refusal(self.object) if self.object is not None else "",
            "question": str(self.question) % words if self.question else self.title,
            "explanation": str(self.explanation) % words if self.explanation else "",
            "facts": list(self.facts()),
            "submit_label": self.submit_label or self.title,
            "danger": self.danger,
            "cancel_url": self.get_success_url(),
            "next": get_valid_next_url_from_request(self.request),
            "media": form.media,
        }

    # Doing

    def run(self, form: forms.BaseForm) -> Any:
        """Call the service; override when the form's fields are not the service's arguments."""
        verb = type(self).verb
        arguments = [self.object] if self.needs_object else []
        return verb(*arguments, by=self.acting, **form.cleaned_data)

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        """Run the verb and go on, or stay and say why not."""
        try:
            with transaction.atomic():
                self.sending.claim()
                outcome = self.run(form)
                message, goes_to = self.get_success_message(outcome), self.get_success_url()
                self.sending.done(goes_to)
        except REFUSALS as error:
            add_to_form(form, error)
            return self.form_invalid(form)
        if message:
            messages.success(self.request, message)
        return HttpResponseRedirect(goes_to)

    def get_success_message(self, outcome: Any) -> str:
        """Return what was done, in a sentence."""
        return str(self.success_message) % self.words() if self.success_message else ""

    def get_success_url(self) -> str:
        """Return where to go afterwards, and when the user changes their mind."""
        if next_url := get_valid_next_url_from_request(self.request):
            return next_url
        if self.object is not None:
            return self.viewset.url_of(self.object)
        return reverse(self.viewset.get_url_name("index"))

    # Wagtail's furniture

    def get_page_title(self) -> Text:
        """The verb."""
        return self.title

    def get_page_subtitle(self) -> str:
        """The record."""
        return str(self.object) if self.object is not None else ""

    def get_header_icon(self) -> str:
        """The verb's own."""
        return self.icon

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the list, the record, the verb."""
        index = {
            "url": reverse(self.viewset.get_url_name("index")),
            "label": capfirst(self.model._meta.verbose_name_plural),
        }
        here = {"url": "", "label": self.title}
        if self.object is None:
            return [*self.breadcrumbs_items, index, here]
        record = {"url": self.viewset.url_of(self.object), "label": str(self.object)}
        return [*self.breadcrumbs_items, index, record, here]
