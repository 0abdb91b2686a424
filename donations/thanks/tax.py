"""What a letter of thanks may say for the tax authorities: where the law lets a letter be the receipt."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from core.organisation import current_organisation
from core.organisation.models import Organisation
from donations.errors import UnknownRegimeError
from donations.models import Gift, ReceiptSettings
from donations.receipts.regimes import Facts, Issuer, Occasion, Regime, current_regime, language_for
from donations.thanks.words import amounts_of

#: In the United States any letter with the right sentences is the acknowledgement the law asks for (IRC 170(f)(8)).
#: Canada, Germany and the United Kingdom know only their own forms.
LETTER_IS_ENOUGH = frozenset({"us"})


def tax_sentences(gifts: Sequence[Gift]) -> list[str]:
    """Return the sentences of the receipt over these gifts, in the active language where the rules know it.

    None where they mean nothing.

    They say who received what and when, what the donor got in return, and who we are to the tax authorities.
    """
    try:
        regime = current_regime()
    except UnknownRegimeError:
        return []
    certified = [gift for gift in gifts if gift.left and not regime.refusal(Facts.of(gift))]
    if regime.code not in LETTER_IS_ENOUGH or not certified:
        return []
    organisation = current_organisation()
    language = language_for(regime, get_language() or "")
    occasion = Occasion(Issuer.of(organisation, ReceiptSettings.load()), clock.today(), language)
    with translation.override(language):
        return _sentences(regime, certified, occasion, organisation)


def _sentences(regime: Regime, certified: Sequence[Gift], occasion: Occasion, organisation: Organisation) -> list[str]:
    wording = regime.wording([regime.assess(Facts.of(gift)) for gift in certified], occasion)
    received = _("%(organisation)s received %(what)s from you.") % {
        "organisation": organisation.printed_name,
        "what": amounts_of(certified, occasion.language),
    }
    number = organisation.registration_number and f"{wording.registration_label}: {organisation.registration_number}."
    return [part for part in (received, *wording.statements, wording.registration, number) if part]
