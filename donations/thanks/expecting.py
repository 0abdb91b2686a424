"""A gift that is posted waits for thanks from then on, unless nobody would want them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import clock
from donations.models import Acknowledgement, Gift, GiftKind, ThanksSettings, ThanksState


def expect_thanks(gift_ids: Sequence[int], *, news: bool = True) -> None:
    """Make the acknowledgement of gifts that were just posted, in two queries however many they are.

    Waiting for thanks are gifts that have just come. History that an import brings in (`news=False`), dues unless we
    thank for them, and gifts of donors who asked not to be contacted are noted as wanting none, and say why. An
    anonymous gift is hidden from the public, not from us: it is thanked for.
    """
    facts = list(
        Gift.objects.filter(pk__in=gift_ids).order_by().values_list("pk", "posted_at", "kind", "donor__do_not_contact")
    )
    has_dues = any(kind == GiftKind.DUES for _pk, _posted_at, kind, _do_not_contact in facts)
    thanks_for_dues = has_dues and ThanksSettings.load().thanks_for_dues
    made = []
    for pk, posted_at, kind, do_not_contact in facts:
        note = ""
        if not news:
            note = _("It came with the records of earlier years.")
        elif kind == GiftKind.DUES and not thanks_for_dues:
            note = _("Membership dues.")
        elif do_not_contact:
            note = _("The donor asked not to be contacted.")
        state = ThanksState.NOT_WANTED if note else ThanksState.TO_DO
        made.append(
            Acknowledgement(gift_id=pk, state=state, since=posted_at or clock.now(), note=note, is_automatic=bool(note))
        )
    Acknowledgement.objects.bulk_create(made, batch_size=2_000)
