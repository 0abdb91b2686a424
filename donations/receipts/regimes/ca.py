"""Official receipts in Canada, in English and French.

Sources: Income Tax Regulations, section 3501 (what a receipt has to contain); Income Tax Act, subsections 248(30) to
(33) (eligible amount, advantage, intention to make a gift); the Canada Revenue Agency's checklist "Issuing complete and
accurate donation receipts", its sample receipts, and its pages on split receipting and on replacing receipts, whose
words are used here. The French words follow the Agency's French pages and the French text of section 3501.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.clock import calendar_year_bounds
from core.money import Money
from donations.models.gift import AdvantageKind, Method
from donations.receipts.regimes.base import COMMA, MAIL_WORDS, OF, Facts, Issuer, Line, Occasion, Wording, said_goods
from donations.receipts.saying import said_date, within

# Nine digits, the two letters of a charity's account, and the account's own number.
REGISTRATION_NUMBER = re.compile(r"\d{9} ?RR ?\d{4}", re.IGNORECASE)


class AdvantageRules(NamedTuple):
    """How what the donor got back is counted."""

    share: Decimal  # up to this share of the gift, and
    limit: Decimal  # up to this many dollars, it counts as nothing
    too_much: Decimal  # above this share of the gift there was no intention to give


# By the first day on which they hold. Split receipting began with gifts made after 20 December 2002; before it, whoever
# got anything back had made no gift.
ADVANTAGE_RULES: dict[dt.date, AdvantageRules] = {
    dt.date.min: AdvantageRules(Decimal(0), Decimal(0), Decimal(0)),
    dt.date(2002, 12, 21): AdvantageRules(share=Decimal("0.10"), limit=Decimal("75.00"), too_much=Decimal("0.80")),
}


def advantage_rules(date: dt.date) -> AdvantageRules:
    """Return the rules for a gift of that day."""
    return ADVANTAGE_RULES[max(first for first in ADVANTAGE_RULES if first <= date)]


_ENGLISH: Mapping[str, str] = {
    "title": "Official receipt for income tax purposes",
    "thanks": "Thank you for your gift of %(what)s.",
    "thanks_many": "Thank you for your gifts.",
    "thanks_year": "Thank you for your gifts in %(year)s.",
    "number": "Receipt number",
    "registration_number": "Charity registration number",
    "received": "Date gift received",
    "year_received": "Year gifts received",
    "issued": "Date receipt issued",
    "place": "Place receipt issued",
    "property": "Description of property",
    "goods": OF,
    "appraised_by": "Appraised by",
    "amount": "Amount of gift",
    "value": "Fair market value of property",
    "advantage": "Value of advantage",
    "advantage_what": "Description of advantage",
    "advantage_of": "Advantage for the gift of %(date)s: %(what)s.",
    "eligible": "Eligible amount of gift for tax purposes",
    "eligible_short": "Eligible amount",
    "replaces": "This receipt cancels and replaces receipt #%(serial)s.",
    "date": "Received",
    "gift": "Gift",
    "total": "Total",
    "money": "Gift of money: %(purpose)s",
    "dues": "Membership dues: %(purpose)s",
    "authorized": "Authorized signature",
    "authority": "Canada Revenue Agency: canada.ca/charities-giving",
    "pages": "Page %(page)s of %(pages)s",
    "mail_subject": "Thank you from %(organisation)s",
    "mail_greeting": "Dear %(name)s,",
    "mail_attached": "Your receipt %(serial)s is attached. Please keep it for your tax records.",
}
_FRENCH: Mapping[str, str] = {
    "title": "Reçu officiel aux fins de l’impôt sur le revenu",
    "thanks": "Merci de votre don : %(what)s.",
    "thanks_many": "Merci de vos dons.",
    "thanks_year": "Merci de vos dons en %(year)s.",
    "number": "Numéro du reçu",
    "registration_number": "Numéro d’enregistrement d’organisme de bienfaisance",
    "received": "Date de réception du don",
    "year_received": "Année de réception des dons",
    "issued": "Date de délivrance du reçu",
    "place": "Lieu de délivrance du reçu",
    "property": "Description du bien reçu",
    "goods": COMMA,
    "appraised_by": "Évalué par",
    "amount": "Montant du don",
    "value": "Juste valeur marchande du bien",
    "advantage": "Valeur de l’avantage",
    "advantage_what": "Description de l’avantage",
    "advantage_of": "Avantage au titre du don du %(date)s : %(what)s.",
    "eligible": "Montant admissible du don aux fins de l’impôt",
    "eligible_short": "Montant admissible",
    "replaces": "Ce reçu annule et remplace le reçu nº %(serial)s.",
    "date": "Reçu le",
    "gift": "Don",
    "total": "Total",
    "money": "Don en argent : %(purpose)s",
    "dues": "Cotisation de membre : %(purpose)s",
    "authorized": "Signature autorisée",
    "authority": "Agence du revenu du Canada : canada.ca/organismes-bienfaisance-dons",
    "pages": "Page %(page)s sur %(pages)s",
    "mail_subject": "%(organisation)s vous remercie",
    "mail_greeting": "Bonjour %(name)s,",
    "mail_attached": "Votre reçu %(serial)s est joint à ce courriel. Conservez-le pour vos impôts.",
}
_WORDS = {"en-ca": _ENGLISH, "fr-ca": _FRENCH}
# The Agency wants the copies of a spoiled or replaced receipt kept and marked "cancelled".
_MARKS = {
    "en-ca": {"void": "CANCELLED", "copy": "COPY", "specimen": "SPECIMEN"},
    "fr-ca": {"void": "ANNULÉ", "copy": "COPIE", "specimen": "SPÉCIMEN"},
}


class Canada:
    """An official receipt of a registered charity."""

    code = "ca"
    layout = "canada 2"
    languages = ("en-ca", "fr-ca")
    asks = ("place_of_issue", "language")
    needs_address = True

    def year_bounds(self, year: int) -> tuple[dt.date, dt.date]:
        """Return the calendar year: the tax year of people."""
        return calendar_year_bounds(year)

    def lacking(self, issuer: Issuer, on: dt.date) -> list[str]:
        """Name what section 3501 wants on every receipt and the organisation has not said."""
        lacking = []
        if not REGISTRATION_NUMBER.fullmatch(issuer.registration_number.strip()):
            lacking.append(_("The registration number is one such as 123456789 RR 0001, as the CRA gave it."))
        if not issuer.address_lines:
            lacking.append(_("The address, as on file with the CRA, is missing."))
        if not issuer.place:
            lacking.append(_("The place of issue is missing."))
        if not issuer.signatory:
            lacking.append(_("It is not said who signs."))
        return lacking

    def shelf(self, facts: Facts) -> str:
        """Money may share a receipt, each thing gets its own: with its description, value and appraiser."""
        return f"gift {facts.gift_id}" if facts.is_goods else ""

    def refusal(self, facts: Facts) -> str:
        """Return why the gift cannot be receipted, or an empty string."""
        if facts.left.currency != "CAD":
            return _("An official receipt is in Canadian dollars; this gift is not.")
        if facts.method == Method.DONOR_ADVISED_FUND and facts.donor_is_person:
            return _("It came from a donor-advised fund: the fund has receipted its adviser already.")
        if facts.is_goods and not facts.description:
            return _("The property given is not described.")
        if facts.advantage > facts.left.amount * advantage_rules(facts.received_on).too_much:
            return _("What the donor got back is worth more than 80 % of the gift: there is nothing to receipt.")
        if not is_nominal(facts) and not facts.advantage_description:
            return _("It is not said what the donor got back; the receipt has to describe it.")
        return ""

    def assess(self, facts: Facts) -> Line:
        """Return amount (of property its fair market value), advantage and the eligible part."""
        advantage = Money.zero(facts.left.currency) if is_nominal(facts) else Money(facts.advantage, "CAD")
        return Line(
            gift_id=facts.gift_id,
            received_on=facts.received_on,
            amount=facts.left,
            advantage=advantage,
            eligible=facts.left - advantage,
            description=facts.description if facts.is_goods else "",
            purpose=facts.purpose,
            advantage_description=facts.advantage_description,
            advantage_kind=facts.advantage_kind,
            is_dues=facts.is_dues,
            is_goods=facts.is_goods,
            valued_by=facts.valued_by if facts.is_goods else "",
            quantity=facts.quantity if facts.is_goods else "",
            unit=facts.unit if facts.is_goods else "",
        )

    def wording(self, lines: Sequence[Line], occasion: Occasion) -> Wording:
        """Return every element of the checklist, in the language of the occasion."""
        words = _WORDS[occasion.language]
        statements = [words["replaces"] % {"serial": occasion.replaces}] if occasion.replaces else []
        if len(lines) > 1:
            statements += [
                words["advantage_of"] % {"date": said_date(line.received_on), "what": line.advantage_description}
                for line in lines
                if line.advantage
            ]
        return Wording(
            title=words["title"],
            opening=_thanks(lines, occasion, words),
            statements=tuple(statements),
            registration_label=words["registration_number"],
            closing=words["authority"],
            items=tuple(_item(line, words) for line in lines),
            facts=tuple(_facts(lines, occasion, words)),
            words={name: words[name] for name in _PRINTED}
            | {"amount": words["amount"], "eligible": words["eligible_short"]},
            marks=_MARKS[occasion.language],
        )


# What the layout says by itself, around facts and table, and the e-mail around it.
_PRINTED = ("number", "date", "gift", "total", "authorized", "advantage", "pages", *MAIL_WORDS)


def is_nominal(facts: Facts) -> bool:
    """Return whether what the donor got back is too little to count: both at most the share and at most the limit.

    Cash and what is as good as cash always counts (CRA, split receipting); such a return is goods of any value here,
    and for staff to enter as what it is: less given.
    """
    rules = advantage_rules(facts.received_on)
    if facts.advantage_kind == AdvantageKind.RELIGIOUS:
        return True
    return facts.advantage <= min(facts.left.amount * rules.share, rules.limit)


def _thanks(lines: Sequence[Line], occasion: Occasion, words: Mapping[str, str]) -> str:
    if occasion.year:
        return words["thanks_year"] % {"year": occasion.year}
    if len(lines) > 1:
        return words["thanks_many"]
    return words["thanks"] % {"what": within(_goods(lines[0], words)) or lines[0].amount}


def _goods(line: Line, words: Mapping[str, str]) -> str:
    return said_goods(line, words["goods"])


def _item(line: Line, words: Mapping[str, str]) -> str:
    return _goods(line, words) or words["dues" if line.is_dues else "money"] % {"purpose": line.purpose}


def _facts(lines: Sequence[Line], occasion: Occasion, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return labels and values in the order of the Agency's samples; what is in the table is not said twice."""
    one = lines[0]
    facts = [(words["registration_number"], occasion.issuer.registration_number)]
    if len(lines) == 1:
        facts.append((words["received"], said_date(one.received_on)))
    elif occasion.year:
        facts.append((words["year_received"], str(occasion.year)))
    facts += [(words["issued"], said_date(occasion.issued_on)), (words["place"], occasion.issuer.place)]
    if len(lines) > 1:
        return facts
    if one.is_goods:
        facts.append((words["property"], _goods(one, words)))
        if one.valued_by:
            facts.append((words["appraised_by"], one.valued_by))
    facts.append((words["value" if one.is_goods else "amount"], str(one.amount)))
    if one.advantage:
        facts += [
            (words["advantage"], str(one.advantage)),
            (words["advantage_what"], one.advantage_description),
        ]
    facts.append((words["eligible"], str(one.eligible)))
    return facts
