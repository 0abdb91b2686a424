"""What is done with a Gift Aid declaration: record it, confirm it, mend it, keep its paper, cancel it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from core import clock
from core.staff.asked import record_asked_for
from core.staff.verbs import VerbView
from donations.gift_aid import declaring
from donations.gift_aid.forms import CancelForm, ConfirmForm, DeclarationForm, EvidenceForm, HomeForm
from donations.gift_aid.wording import wording_for
from donations.models import DeclarationMethod, Gift, GiftAidDeclaration

_OFFERED_GIFTS = 20


class RecordDeclarationView(VerbView):
    """A form came by post, or somebody said it on the telephone."""

    verb = staticmethod(declaring.declare)
    permission = "add"
    needs_object = False
    title = _("Record a declaration")
    question = _("What did the donor declare?")
    explanation = _(
        "Without one no Gift Aid can be claimed. Keep the wording they agreed to and the paper it stands on: both may "
        "be asked for up to six years after the last claim."
    )
    icon = "plus"
    form_class = DeclarationForm
    success_message = _("The declaration is on record.")

    @property
    def donor(self) -> Constituent | None:
        """Whom the address says, from that person's page."""
        return record_asked_for(self.request, "donor", Constituent.objects.current().people())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the newest gifts of the donor one came from."""
        gifts = None
        if self.donor:
            newest = Gift.objects.filter(donor=self.donor).order_by("-received_on", "-pk")[:_OFFERED_GIFTS]
            gifts = Gift.objects.filter(pk__in=[gift.pk for gift in newest])
        return super().get_form_kwargs() | {"gifts": gifts}

    def get_initial(self) -> dict[str, Any]:
        """Today, everything covered, our wording, and the home on record."""
        home = declaring.home_on_record(self.donor, clock.today()) if self.donor else {}
        return (
            super().get_initial()
            | home
            | {
                "donor": self.donor,
                "declared_on": clock.today(),
                "covers_past": True,
                "covers_this": True,
                "covers_future": True,
                "method": DeclarationMethod.WRITTEN,
                "wording": wording_for(past=True, this=True, future=True),
            }
        )

    def run(self, form: BaseForm) -> GiftAidDeclaration:
        """Record it, and remember where to go."""
        self.declaration = declaring.declare(by=self.acting, source="on paper", **form.cleaned_data)
        return self.declaration

    def get_success_url(self) -> str:
        """Look at it, unless one came from a page that waits."""
        declaration = getattr(self, "declaration", None)
        if declaration and not self.request.GET.get("next") and not self.request.POST.get("next"):
            return self.viewset.url_of(declaration)
        return super().get_success_url()


class DeclarationVerb(VerbView):
    """What the verbs about one declaration show before one decides."""

    permission = "change"

    @classmethod
    def refusal(cls, declaration: GiftAidDeclaration) -> Any:
        """A cancelled one stays as it is."""
        return _("This declaration is cancelled.") if declaration.is_cancelled else ""

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Whose, what it covers, when."""
        return [
            (_("Donor"), self.object.donor),
            (_("Covers"), self.object.scope),
            (_("Declared on"), self.object.declared_on),
            (_("How"), self.object.get_method_display()),
        ]


class ConfirmView(DeclarationVerb):
    """The written record of what was said went out."""

    verb = staticmethod(declaring.confirm_in_writing)
    title = _("Confirmed in writing")
    question = _("When did the written record go to the donor?")
    explanation = _(
        "What was said by word of mouth counts once we have written it to the donor: their name and address, what it "
        "covers, what it means for their tax, and that they may take it back within 30 days."
    )
    icon = "mail"
    priority = 10
    form_class = ConfirmForm
    success_message = _("It counts now: %(object)s.")

    @classmethod
    def refusal(cls, declaration: GiftAidDeclaration) -> Any:
        """Only of what was said and not confirmed."""
        return super().refusal(declaration) or (
            "" if declaration.waits_for_record else _("There is nothing to confirm.")
        )

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return super().get_initial() | {"sent_on": clock.today()}


class MendView(DeclarationVerb):
    """Complete or correct the donor's home."""

    verb = staticmethod(declaring.mend_address)
    title = _("Mend the address")
    question = _("Where does %(donor)s live?")
    explanation = _(
        "HMRC finds the taxpayer by name, house and postcode. What was claimed already stays as it was sent."
    )
    icon = "edit"
    priority = 20
    form_class = HomeForm
    success_message = _("The address is mended: %(object)s.")

    def words(self) -> dict[str, Any]:
        """Let the question name the donor."""
        return super().words() | {"donor": self.object.donor}

    def get_initial(self) -> dict[str, Any]:
        """What it says, or the home on record where it says nothing."""
        declaration = self.object
        said = {name: getattr(declaration, name) for name in ("house", "postcode", "is_abroad")}
        home = {} if declaration.has_address else declaring.home_on_record(declaration.donor, clock.today())
        return super().get_initial() | said | home


class EvidenceView(DeclarationVerb):
    """Keep the paper with it."""

    verb = staticmethod(declaring.add_evidence)
    title = _("Add evidence")
    question = _("Which file shows that %(object)s was declared?")
    icon = "doc-full"
    priority = 30
    form_class = EvidenceForm
    success_message = _("The file is kept with the declaration.")

    @classmethod
    def refusal(cls, declaration: GiftAidDeclaration) -> Any:
        """One file, and it stays."""
        return _("There is a file with it already.") if declaration.evidence else ""


class CancelDeclarationView(DeclarationVerb):
    """The donor wants no Gift Aid claimed any more, or cannot have it."""

    verb = staticmethod(declaring.cancel_declaration)
    permission = "donations.cancel_giftaiddeclaration"
    title = _("Cancel")
    question = _("Cancel the declaration of %(object)s?")
    explanation = _("It stays on record with the day it ends. Recorded by mistake, it covers nothing at all.")
    icon = "cross"
    danger = True
    priority = 80
    form_class = CancelForm
    success_message = _("The declaration of %(object)s is cancelled.")

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return super().get_initial() | {"cancelled_from": clock.today()}
