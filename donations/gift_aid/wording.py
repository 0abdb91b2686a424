"""The words a donor agrees to. HMRC's model declarations with the organisation's name put in.

Source: gov.uk, Gift Aid declaration forms for a single donation and for multiple donations (October 2015 wording). The
explanation that the donor answers for the tax is a condition of a valid declaration (SI 2000/2074, regulation 4).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.organisation import current_organisation
from donations.models import GiftAidSettings

PLACE = "{organisation}"


def tax_sentence() -> str:
    """Return the explanation that every declaration needs."""
    return _(
        "I am a UK taxpayer and understand that if I pay less Income Tax and/or Capital Gains Tax in the current tax "
        "year than the amount of Gift Aid claimed on all my donations it is my responsibility to pay any difference."
    )


def wording_for(*, past: bool, this: bool, future: bool) -> str:
    """Return the words for a declaration of that scope, with the name of the organisation."""
    what = {
        (True, True, True): _(
            "I want to Gift Aid this donation and any donations I make in the future or have made in the past 4 years "
            "to %(organisation)s."
        ),
        (False, True, True): _(
            "I want to Gift Aid this donation and any donations I make in the future to %(organisation)s."
        ),
        (True, False, True): _(
            "I want to Gift Aid any donations I make in the future or have made in the past 4 years to "
            "%(organisation)s."
        ),
        (False, False, True): _("I want to Gift Aid any donations I make in the future to %(organisation)s."),
        (True, True, False): _(
            "I want to Gift Aid this donation and any donations I have made in the past 4 years to %(organisation)s."
        ),
        (True, False, False): _(
            "I want to Gift Aid any donations I have made in the past 4 years to %(organisation)s."
        ),
        (False, True, False): _("I want to Gift Aid this donation to %(organisation)s."),
    }[past, this, future]
    # The sentence ends with a full stop of its own, and “Trust, Inc.” brings one.
    name = current_organisation().printed_name.removesuffix(".")
    return f"{what % {'organisation': name}}\n\n{tax_sentence()}"


def public_wording(*, this: bool = True) -> str:
    """Return the words of the giving page, or (`this=False`) of the portal: the organisation's own, or ours."""
    own = GiftAidSettings.load().wording.strip()
    if own:
        return own.replace(PLACE, current_organisation().printed_name)
    return wording_for(past=True, this=this, future=True)
