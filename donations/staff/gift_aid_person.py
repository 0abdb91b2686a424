"""Gift Aid on the page of a person and on the page of a gift: how it stands, and what may be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from core import clock
from core.money import Money
from core.staff.asked import record_asked_for
from core.staff.parts import Chip
from core.staff.verbs import VerbView
from core.theme.figures import day_in_words
from donations.errors import GiftAidError
from donations.gift_aid import declaring, joint
from donations.gift_aid.eligibility import gift_aid_is_on, portions_of
from donations.gift_aid.forms import EnoughTaxForm, JointForm, NotEnoughTaxForm, SplitForm
from donations.gift_aid.standing import TONES, donor_chip
from donations.gift_aid.tax import tax_on
from donations.gift_aid.years import tax_year_bounds
from donations.models import (
    ClaimLine,
    Gift,
    GiftAidDeclaration,
    JointShare,
    Method,
    NotEnoughTax,
    SmallClaimLine,
    SmallCollection,
)
from donations.models.hmrc_claim import CURRENCY
from donations.staff.links import page_of

_SEEN = "gift_aid_seen"


def _known(person: Constituent) -> tuple[list[GiftAidDeclaration], list[NotEnoughTax]]:
    """Return what the person declared and told; asked once a page."""
    if not hasattr(person, _SEEN):
        declared = list(GiftAidDeclaration.objects.of(person))
        setattr(person, _SEEN, (declared, list(NotEnoughTax.objects.filter(donor=person))))
    found: tuple[list[GiftAidDeclaration], list[NotEnoughTax]] = getattr(person, _SEEN)
    return found


def chips(person: Constituent) -> Iterator[Chip]:
    """Say how the person stands with Gift Aid, where it is claimed."""
    if gift_aid_is_on() and person.is_person:
        label, tone = donor_chip(*_known(person))
        yield Chip(label, tone)


def person_panel(person: Constituent) -> dict[str, Any] | None:
    """Return declarations and what could be claimed; nothing where Gift Aid is not claimed, or for organisations."""
    if not gift_aid_is_on() or not person.is_person:
        return None
    declared, told = _known(person)
    here = urlencode([("donor", person.pk), ("next", reverse("constituents:inspect", args=[person.pk]))])
    return {
        "declarations": [(each, page_of(each), TONES[each.standing]) for each in declared],
        "told": told,
        "record_url": f"{reverse('gift_aid_declarations:record')}?{here}",
        "tax_url": f"{reverse('gift_aid_declarations:too-little-tax')}?{here}",
        "enough_url": f"{reverse('gift_aid_declarations:enough-tax')}?{here}",
    }


class NotEnoughTaxView(VerbView):
    """The donor pays too little tax."""

    permission = "add"
    needs_object = False
    offered = False
    title = _("Too little tax")
    question = _("For which time does the donor pay too little tax?")
    explanation = _("Nothing is claimed on gifts of that time, whatever was declared.")
    icon = "cross"
    form_class = NotEnoughTaxForm
    success_message = _("Nothing is claimed on their gifts of that time.")

    @property
    def donor(self) -> Constituent | None:
        """Whom the address says."""
        asked = self.request.GET.get("donor", "")
        return Constituent.objects.current().people().filter(pk=asked).first() if asked.isdecimal() else None

    def facts(self) -> list[tuple[Any, Any]]:
        """Who."""
        return [(_("Donor"), self.donor)]

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return super().get_initial() | {"since": clock.today()}

    def run(self, form: BaseForm) -> NotEnoughTax:
        """Keep what they told us."""
        from_address = self.donor
        if from_address is None:
            raise GiftAidError(gettext("Choose the donor on their own page first."))
        return declaring.note_not_enough_tax(from_address, by=self.acting, **form.cleaned_data)


class EnoughTaxView(VerbView):
    """The donor pays enough tax again."""

    permission = "add"
    needs_object = False
    offered = False
    title = _("Enough tax again")
    question = _("Until when did the donor pay too little tax?")
    explanation = _("Gifts after that day are claimed on again, as far as they are declared.")
    icon = "check"
    form_class = EnoughTaxForm
    success_message = _("Gifts after that day are claimed on again.")

    @cached_property
    def told(self) -> NotEnoughTax | None:
        """The time that the address names, while it has no end."""
        times = NotEnoughTax.objects.filter(until=None).select_related("donor")
        return record_asked_for(self.request, "told", times)

    def facts(self) -> list[tuple[Any, Any]]:
        """Who, and since when."""
        if self.told is None:
            return []
        return [(_("Donor"), self.told.donor), (_("Too little tax from"), day_in_words(self.told.since, "medium"))]

    def run(self, form: BaseForm) -> NotEnoughTax:
        """Let it end."""
        if self.told is None:
            raise GiftAidError(gettext("That time has an end already. Look again on the donor’s page."))
        return declaring.end_not_enough_tax(self.told, by=self.acting, **form.cleaned_data)


def gift_panel(gift: Gift) -> dict[str, Any] | None:
    """Return what Gift Aid says of a gift: claimed, claimable, or why not; nothing where it is not claimed."""
    if not gift_aid_is_on() or not gift.is_posted:
        return None
    lines = list(ClaimLine.objects.filter(gift=gift).select_related("claim", "gift", "declaration__donor"))
    portions = portions_of([gift])
    small = list(SmallClaimLine.objects.filter(gift=gift, is_final=True).select_related("claim"))
    collection = SmallCollection.objects.filter(gift=gift).first()
    is_free = not (any(line.is_live for line in lines) or any(line.is_live for line in small))
    return {
        "portions": [
            (portion, page_of(portion.person), Money(tax_on(portion.verdict.amount, gift.received_on), CURRENCY))
            for portion in portions
        ],
        "is_joint": len(portions) > 1,
        "lines": [(line, page_of(line.claim), Money(_tax(line), CURRENCY)) for line in lines],
        "joint_url": reverse("gifts:gift-aid-joint", args=[gift.pk]),
        "split_url": reverse("gifts:gift-aid-split", args=[gift.pk]),
        "may_share": is_free,
        "small": [(line, page_of(line.claim), Money(_top_up(line), CURRENCY)) for line in small],
        "collection": collection,
        "collection_url": page_of(collection) if collection else reverse("gifts:small-collection", args=[gift.pk]),
        "may_collect": is_free and not collection and gift.method in (Method.CASH, Method.CARD),
    }


def _tax(line: ClaimLine) -> Decimal:
    return tax_on(line.amount, line.gift.received_on)


def _top_up(line: SmallClaimLine) -> Decimal:
    return tax_on(line.amount - line.went_back, tax_year_bounds(line.claim.tax_year)[1])


class GiftAidGiftVerb(VerbView):
    """What is said about a gift before it can be claimed; offered beside its Gift Aid."""

    permission = "donations.change_giftaiddeclaration"
    offered = False

    def facts(self) -> list[tuple[Any, Any]]:
        """Who, how much, when."""
        gift = self.object
        return [
            (_("Donor"), gift.donor),
            (_("Amount"), gift.money),
            (_("Gift date"), gift.received_on),
            (_("Donor got"), gift.advantage_description),
        ]


class JointGiftView(GiftAidGiftVerb):
    """A couple gave it from their common account."""

    title = _("Given jointly")
    question = _("Who gave %(object)s together?")
    explanation = _(
        "Gift Aid is claimed on each one’s own share, under a declaration of their own. The receipt stays with the "
        "donor on record."
    )
    icon = "group"
    form_class = JointForm
    success_message = _("The gift is shared for Gift Aid.")

    def run(self, form: BaseForm) -> list[JointShare]:
        """Half each, or as said."""
        own = form.cleaned_data["own_share"]
        gift = self.object
        amounts = [own, gift.amount - own] if own else None
        people = [gift.donor, form.cleaned_data["other"]]
        return joint.share_gift(gift, by=self.acting, people=people, amounts=amounts)


class SplitPaymentView(GiftAidGiftVerb):
    """Part of it bought something."""

    verb = staticmethod(joint.split_payment)
    title = _("Split the payment")
    question = _("Did the donor know the price of what they got with %(object)s?")
    explanation = _(
        "Then only what they paid beyond it is a gift, and can be claimed. Without it, a return worth more than the "
        "limit keeps the whole payment from Gift Aid."
    )
    icon = "cut"
    form_class = SplitForm
    success_message = _("Only what is beyond the price counts as a gift now.")


GIFT_VERBS = {"gift-aid-joint": JointGiftView, "gift-aid-split": SplitPaymentView}
