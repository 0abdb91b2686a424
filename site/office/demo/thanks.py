"""Thanks: the words Harbour Light thanks with, donors who were thanked for years, and a desk with some to thank."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Mod

from accounts.models import User
from core import clock
from core.demo import DemoPlan
from donations.models import (
    Acknowledgement,
    Fund,
    GiftKind,
    GiftNumber,
    Method,
    ReceiptWith,
    ThankedBy,
    ThanksState,
    ThankYouTemplate,
    TributeKind,
)
from donations.models.gift import COUNTED_STATUSES
from donations.thanks.printing import confirm_printed, draw_run, open_run
from donations.thanks.thanking import thank

_EVERY = (
    "Dear {salutation},\n\n"
    "Thank you for {gift} of **{amount}** for “{fund}”, which reached us on {date}. {purpose}\n\n"
    "On winter evenings forty people sit down in our kitchen, and somebody always asks who pays for the soup. We say: "
    "our neighbours do. That is you.\n\n"
    "Come by when you are near the wharf. The kettle is on, and the boat shed smells of larch.\n\n"
    "With warm thanks,"
)
_FIRST = (
    "Dear {salutation},\n\n"
    "Welcome. This gift of **{amount}** is your first to Harbour Light, and it made our day when it arrived on "
    "{date}.\n\n"
    "It goes to “{fund}”. {purpose} In a few weeks we will write and tell you what has become of it.\n\n"
    "Thank you for beginning this with us.\n\n"
    "Yours,"
)
_LARGE = (
    "Dear {formal_salutation},\n\n"
    "I sat down to write this myself. Your generosity, **{amount}** for “{fund}” on {date}, changes what we can do "
    "this year.\n\n"
    "{purpose} May I show you? I would gladly walk you through the boat shed on a morning that suits you.\n\n"
    "With deep gratitude,"
)
_MEMORY = (
    "Dear {salutation},\n\n"
    "Thank you for {gift} of **{amount}**. {tribute}: it is good to be remembered by kindness to others.\n\n"
    "It helps “{fund}”. {purpose}\n\n"
    "With our sympathy and our thanks,"
)
_ONLINE = (
    "Dear {salutation},\n\n"
    "Your gift of **{amount}** for “{fund}” has just arrived. Thank you!\n\n"
    "{purpose} You have made this evening a little warmer for someone along the bay.\n\n"
    "With warm thanks,"
)
_GERMAN = (
    "Guten Tag {salutation},\n\n"
    "herzlichen Dank für {gift} von **{amount}** für „{fund}“ am {date}.\n\n"
    "Im Winter sitzen abends vierzig Menschen an unserem Tisch. Dass sie satt nach Hause gehen, verdanken sie "
    "Nachbarn wie Ihnen.\n\n"
    "Mit herzlichem Dank"
)
_FRENCH = (
    "Bonjour {salutation},\n\n"
    "Merci de tout cœur pour {gift} de **{amount}** en faveur de « {fund} », reçu le {date}.\n\n"
    "L’hiver, quarante personnes se retrouvent chaque soir à notre table. C’est grâce à des voisins comme vous.\n\n"
    "Avec toute notre reconnaissance,"
)
#: What was on the desk lately, in days before today: some of it a little long.
_ON_THE_DESK = 25


def add_thanks(plan: DemoPlan) -> dict[str, int]:
    """Write the templates, thank everybody up to last week, print some letters, and leave some on the desk."""
    templates = _templates()
    _thank_the_past(plan, templates)
    by = User.objects.filter(email="gifts@example.org").first()
    recent = clock.start_of_day(plan.today - dt.timedelta(days=_ON_THE_DESK))
    wanted = Q(gift__kind=GiftKind.GIFT, gift__status__in=COUNTED_STATUSES, gift__donor__do_not_contact=False)
    fresh = Acknowledgement.objects.filter(wanted, since__gte=recent)
    fresh.update(state=ThanksState.TO_DO, note="", is_automatic=False)
    waiting = list(fresh.order_by("since", "pk").values_list("gift_id", flat=True))
    # Some letters are out, some lie beside the printer, and one donor was called.
    heaps = [waiting[start::4] for start in range(4)]
    if len(waiting) > 5:
        confirm_printed(draw_run(open_run(heaps[0][:30], by=by)), by=by)
        draw_run(open_run(heaps[1][:6], by=by))
        thank(heaps[2][:1], how=ThankedBy.TELEPHONE, by=by, note="Delighted; asked after the dory.")
    return {"thank-you templates": len(templates), "waiting for thanks": Acknowledgement.objects.waiting().count()}


def _templates() -> dict[str, ThankYouTemplate]:
    rows = {**_for_some_gifts(), **_in_other_languages()}
    rows["every"] = ThankYouTemplate(name="Every gift", position=90, words=_EVERY, receipt=ReceiptWith.SENTENCE)
    for row in rows.values():
        row.full_clean()
        row.save()
    kitchen = Fund.objects.filter(code="kitchen").first()
    if kitchen is not None:
        rows["kitchen"] = ThankYouTemplate.objects.create(
            name="The Kitchen, before summer", position=70, is_active=False, words=_EVERY
        )
        rows["kitchen"].funds.add(kitchen)
    return rows


def _for_some_gifts() -> dict[str, ThankYouTemplate]:
    online: dict[str, Any] = {
        "words": _ONLINE,
        "subject": "Your gift has arrived",
        "email_at_once": True,
        "receipt": ReceiptWith.ENCLOSED,
    }
    return {
        "memory": ThankYouTemplate(
            name="In memory or honour",
            position=10,
            tribute=TributeKind.WITH,
            words=_MEMORY,
            email_at_once=True,
            receipt=ReceiptWith.ENCLOSED,
        ),
        "large": ThankYouTemplate(
            name="From 1,000 on, by the director",
            position=20,
            amount_from=Decimal(1_000),
            words=_LARGE,
            receipt=ReceiptWith.ENCLOSED,
            signatory_name="Rosalind Tidewell",
            signatory_title="Executive Director",
        ),
        "online": ThankYouTemplate(name="Online gifts", position=30, method=Method.CARD, **online),
        "debit": ThankYouTemplate(
            name="Online gifts from a bank account", position=31, method=Method.BANK_DEBIT, **online
        ),
        "first": ThankYouTemplate(
            name="First gift", position=40, number=GiftNumber.FIRST, words=_FIRST, receipt=ReceiptWith.SENTENCE
        ),
    }


def _in_other_languages() -> dict[str, ThankYouTemplate]:
    at_once: dict[str, Any] = {"other_languages": False, "email_at_once": True, "receipt": ReceiptWith.ENCLOSED}
    return {
        "de": ThankYouTemplate(name="Auf Deutsch", position=50, language="de", words=_GERMAN, **at_once),
        "fr": ThankYouTemplate(name="En français", position=60, language="fr", words=_FRENCH, **at_once),
    }


def _thank_the_past(plan: DemoPlan, templates: dict[str, ThankYouTemplate]) -> None:
    """Note the thanks of the last three years in a few statements: e-mail at once for cards, letters within days."""
    first = clock.start_of_day(plan.today - dt.timedelta(days=3 * 365))
    last = clock.start_of_day(plan.today - dt.timedelta(days=_ON_THE_DESK))
    past = Acknowledgement.objects.filter(
        since__gte=first, since__lt=last, gift__kind=GiftKind.GIFT, gift__status__in=COUNTED_STATUSES
    )
    said = {"state": ThanksState.DONE, "note": "", "is_automatic": False}
    by_card = past.filter(gift__method=Method.CARD).values("pk")
    Acknowledgement.objects.filter(pk__in=by_card).update(
        **said, how=ThankedBy.EMAIL, at=F("since") + dt.timedelta(minutes=2), template=templates["online"]
    )
    for number, days in enumerate((1, 1, 2, 1, 4)):
        some = past.exclude(gift__method=Method.CARD).annotate(turn=Mod("pk", 5)).filter(turn=number).values("pk")
        how = ThankedBy.TELEPHONE if number == 3 else ThankedBy.LETTER
        words = None if number == 3 else templates["every"]
        Acknowledgement.objects.filter(pk__in=some).update(
            **said, how=how, at=F("since") + dt.timedelta(days=days, hours=3 * number), template=words
        )
