"""Zuwendungsbestätigungen in Germany: the binding models for bodies under § 5 Abs. 1 Nr. 9 KStG.

Source: Bundesministerium der Finanzen, letter of 7 November 2013 (IV C 4 - S 2223/07/0018 :005, BStBl I S. 1333),
models 3 (money and membership dues), 4 (goods) and 14 (collective, with annex), which are binding under § 50 Abs. 1
EStDV: their words and their order may not be changed, and neither thanks nor advertising may stand on them. What does
not apply in a case is left out. Further: § 63 Abs. 5 AO (how long a notice counts), § 10b EStG, R 10b.1 Abs. 4 EStR
(made by machine, without a signature by hand).

The words are German whatever language the screens have, and are not for translating.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.clock import calendar_year_bounds
from core.money import Money
from donations.models.gift import AdvantageKind, GoodsOrigin, Method
from donations.models.receipt_settings import NoticeKind, ReceiptSettings
from donations.receipts.regimes.base import BESIDE, Facts, Issuer, Line, Occasion, Wording, said_goods
from donations.receipts.saying import said_date
from donations.receipts.words import german_euros


class NoticeYears(NamedTuple):
    """For how many years after its date a notice of the tax office lets receipts be issued."""

    assessed: int  # an exemption notice, or the annex to a corporation tax notice
    statutes: int  # a finding that the statutes comply (§ 60a AO)


# By the first day on which they hold: § 63 Abs. 5 AO came with the Ehrenamtsstärkungsgesetz of 21 March 2013.
NOTICE_YEARS: dict[dt.date, NoticeYears] = {dt.date(2013, 3, 29): NoticeYears(assessed=5, statutes=3)}

ISSUER = "Aussteller (Bezeichnung und Anschrift der steuerbegünstigten Einrichtung)"
MONEY = "Bestätigung über Geldzuwendungen/Mitgliedsbeitrag"
GOODS = "Bestätigung über Sachzuwendungen"
COLLECTIVE = "Sammelbestätigung über Geldzuwendungen/Mitgliedsbeiträge"
WITHIN = (
    "im Sinne des § 10b des Einkommensteuergesetzes an eine der in § 5 Abs. 1 Nr. 9 des Körperschaftsteuergesetzes "
    "bezeichneten Körperschaften, Personenvereinigungen oder Vermögensmassen"
)
DONOR = "Name und Anschrift des Zuwendenden:"
AMOUNT = {MONEY: "Betrag der Zuwendung", GOODS: "Wert der Zuwendung", COLLECTIVE: "Gesamtbetrag der Zuwendung"}
IN_DIGITS, IN_WORDS = "- in Ziffern -", "- in Buchstaben -"
DAY = "Tag der Zuwendung:"
PERIOD = "Zeitraum der Sammelbestätigung:"
WAIVER = "Es handelt sich um den Verzicht auf Erstattung von Aufwendungen"
WHAT = "Genaue Bezeichnung der Sachzuwendung mit Alter, Zustand, Kaufpreis usw."
ORIGIN = {
    GoodsOrigin.BUSINESS: (
        "Die Sachzuwendung stammt nach den Angaben des Zuwendenden aus dem Betriebsvermögen. Die Zuwendung wurde nach "
        "dem Wert der Entnahme (ggf. mit dem niedrigeren gemeinen Wert) und nach der Umsatzsteuer, die auf die "
        "Entnahme entfällt, bewertet."
    ),
    GoodsOrigin.PRIVATE: "Die Sachzuwendung stammt nach den Angaben des Zuwendenden aus dem Privatvermögen.",
    GoodsOrigin.UNSTATED: (
        "Der Zuwendende hat trotz Aufforderung keine Angaben zur Herkunft der Sachzuwendung gemacht."
    ),
}
PAPERS = "Geeignete Unterlagen, die zur Wertermittlung gedient haben, z. B. Rechnung, Gutachten, liegen vor."
EXEMPT = (
    "Wir sind wegen Förderung %(purposes)s nach %(notice)s des Finanzamtes %(office)s, StNr. %(number)s, vom %(date)s "
    "für den letzten Veranlagungszeitraum %(period)s nach § 5 Abs. 1 Nr. 9 des Körperschaftsteuergesetzes von der "
    "Körperschaftsteuer und nach § 3 Nr. 6 des Gewerbesteuergesetzes von der Gewerbesteuer befreit."
)
NOTICES: dict[str, str] = {
    NoticeKind.EXEMPTION: "dem Freistellungsbescheid",
    NoticeKind.ANNEX: "der Anlage zum Körperschaftsteuerbescheid",
}
STATUTES = (
    "Die Einhaltung der satzungsmäßigen Voraussetzungen nach den §§ 51, 59, 60 und 61 AO wurde vom Finanzamt "
    "%(office)s, StNr. %(number)s, mit Bescheid vom %(date)s nach § 60a AO gesondert festgestellt. Wir fördern nach "
    "unserer Satzung %(aims)s."
)
USE = "Es wird bestätigt, dass die Zuwendung nur zur Förderung %(purposes)s verwendet wird."
NO_DUES_HEAD = (
    "Nur für steuerbegünstigte Einrichtungen, bei denen die Mitgliedsbeiträge steuerlich nicht abziehbar sind:"
)
NO_DUES = (
    "Es wird bestätigt, dass es sich nicht um einen Mitgliedsbeitrag handelt, dessen Abzug nach § 10b Abs. 1 des "
    "Einkommensteuergesetzes ausgeschlossen ist."
)
NO_OTHER = (
    "Es wird bestätigt, dass über die in der Gesamtsumme enthaltenen Zuwendungen keine weiteren Bestätigungen, weder "
    "formelle Zuwendungsbestätigungen noch Beitragsquittungen oder Ähnliches ausgestellt wurden und werden."
)
WAIVER_IN_ANNEX = (
    "Ob es sich um den Verzicht auf Erstattung von Aufwendungen handelt, ist der Anlage zur Sammelbestätigung zu "
    "entnehmen."
)
SIGNED = "(Ort, Datum und Unterschrift des Zuwendungsempfängers)"
NOTE_HEAD = "Hinweis:"
LIABILITY = (
    "Wer vorsätzlich oder grob fahrlässig eine unrichtige Zuwendungsbestätigung erstellt oder veranlasst, dass "
    "Zuwendungen nicht zu den in der Zuwendungsbestätigung angegebenen steuerbegünstigten Zwecken verwendet werden, "
    "haftet für die entgangene Steuer (§ 10b Abs. 4 EStG, § 9 Abs. 3 KStG, § 9 Nr. 5 GewStG)."
)
VALIDITY = (
    "Diese Bestätigung wird nicht als Nachweis für die steuerliche Berücksichtigung der Zuwendung anerkannt, wenn das "
    "Datum des Freistellungsbescheides länger als 5 Jahre bzw. das Datum der Feststellung der Einhaltung der "
    "satzungsmäßigen Voraussetzungen nach § 60a Abs. 1 AO länger als 3 Jahre seit Ausstellung des Bescheides "
    "zurückliegt (§ 63 Abs. 5 AO)."
)
BY_MACHINE = (
    "Diese Zuwendungsbestätigung wurde maschinell erstellt und ist ohne eigenhändige Unterschrift gültig. Die "
    "Anwendung des maschinellen Verfahrens wurde dem Finanzamt %(office)s am %(date)s angezeigt."
)
_MARKS = {"void": "UNGÜLTIG", "copy": "DOPPEL", "specimen": "MUSTER"}
_ANNEX = {
    "annex": "Anlage zur Sammelbestätigung vom %(date)s, Nr. %(serial)s",
    "date": "Datum der Zuwendung",
    "gift": "Art der Zuwendung (Geldzuwendung/Mitgliedsbeitrag)",
    "waiver_column": "Verzicht auf die Erstattung von Aufwendungen (ja/nein)",
    "amount": "Betrag",
    "total": "Gesamtsumme",
}


def years_of(kind: str, on: dt.date) -> int:
    """Return for how many years a notice of that kind counts, as the law stands on a day; none before it said so."""
    known = [first for first in NOTICE_YEARS if first <= on]
    if not known:
        return 0
    years = NOTICE_YEARS[max(known)]
    return years.statutes if kind == NoticeKind.STATUTES else years.assessed


def counts_until(settings: ReceiptSettings, on: dt.date) -> dt.date | None:
    """Return the last day on which receipts may be issued under the notice on file, to the day; None without one."""
    date = settings.notice_date
    if not date:
        return None
    year = date.year + years_of(settings.notice_kind, on)
    try:
        return date.replace(year=year)
    except ValueError:  # 29 February
        return dt.date(year, 2, 28)


class Germany:
    """A Zuwendungsbestätigung of a body that a tax office has recognised."""

    code = "de"
    layout = "germany"
    languages = ("de",)
    asks = (
        "place_of_issue",
        "tax_office",
        "tax_number",
        "notice_kind",
        "notice_date",
        "assessment_period",
        "purposes",
        "statute_purposes",
        "dues_are_deductible",
        "machine_notified_on",
    )
    needs_address = True

    def year_bounds(self, year: int) -> tuple[dt.date, dt.date]:
        """Return the calendar year: the tax year of people."""
        return calendar_year_bounds(year)

    def lacking(self, issuer: Issuer, on: dt.date) -> list[str]:
        """Name what the models leave open for the issuer, and a notice that no longer counts."""
        settings, lacking = issuer.settings, []
        if not issuer.address_lines or not issuer.place:
            lacking.append(_("Your address or the place of issue is missing."))
        if not (settings.tax_office and settings.tax_number):
            lacking.append(_("The tax office or your tax number is missing."))
        if not settings.purposes:
            lacking.append(_("The charitable purposes are missing."))
        if not (settings.notice_kind and settings.notice_date):
            lacking.append(_("The notice of the tax office or its date is missing."))
        elif settings.notice_kind != NoticeKind.STATUTES and not settings.assessment_period:
            lacking.append(_("It is not said which years the notice assesses."))
        until = counts_until(settings, on)
        if settings.notice_date and until and until < on:
            lacking.append(
                _("The notice of %(date)s counted until %(until)s; ask the tax office for a new one.")
                % {"date": said_date(settings.notice_date), "until": said_date(until)}
            )
        if settings.machine_notified_on and not issuer.has_signature:
            lacking.append(_("Receipts made by machine carry a picture of the signature; there is none."))
        return lacking

    def shelf(self, facts: Facts) -> str:
        """Money and dues may share a collective confirmation; each thing gets its own."""
        return f"gift {facts.gift_id}" if facts.is_goods else ""

    def refusal(self, facts: Facts) -> str:
        """Return why the gift cannot be confirmed, or an empty string."""
        if facts.left.currency != "EUR":
            return _("A Zuwendungsbestätigung is in euros; this gift is not.")
        if facts.method == Method.DONOR_ADVISED_FUND and facts.donor_is_person:
            return _("It came from a donor-advised fund: the fund has receipted its adviser already.")
        if facts.advantage and facts.advantage_kind != AdvantageKind.TOKEN:
            return _("The donor got something for it: German law confirms no part of such a payment.")
        if facts.is_goods and not facts.description:
            return _("The goods given are not described, with age, condition and price.")
        if facts.is_goods and not facts.goods_origin:
            return _("It is not said whether the goods were private or of a business.")
        return ""

    def assess(self, facts: Facts) -> Line:
        """Return the line: all of it is eligible, or nothing of it can be confirmed."""
        return Line(
            gift_id=facts.gift_id,
            received_on=facts.received_on,
            amount=facts.left,
            advantage=Money.zero(facts.left.currency),
            eligible=facts.left,
            description=said_goods(facts, BESIDE) if facts.is_goods else "",
            purpose=facts.purpose,
            is_dues=facts.is_dues,
            is_goods=facts.is_goods,
            goods_origin=facts.goods_origin,
            value_is_documented=facts.value_is_documented,
            waives_expenses=facts.waives_expenses,
        )

    def wording(self, lines: Sequence[Line], occasion: Occasion) -> Wording:
        """Return the words of the model that fits: goods, money, or a collective one over several."""
        settings, one = occasion.issuer.settings, lines[0]
        title = GOODS if one.is_goods else MONEY if len(lines) == 1 else COLLECTIVE
        total = sum((line.amount for line in lines), Money.zero("EUR"))
        words = {
            "issuer": ISSUER,
            "within": WITHIN,
            "donor": DONOR,
            "digits_label": f"{AMOUNT[title]} {IN_DIGITS}",
            "digits": str(total),
            "words_label": IN_WORDS,
            # Blank room before and behind is filled, so that nothing can be added.
            "in_words": f"XXX {german_euros(total)} XXX",
            "when_label": PERIOD if title == COLLECTIVE else DAY,
            "when": _period(lines, occasion) if title == COLLECTIVE else said_date(one.received_on, "medium"),
            "notice": notice_sentence(settings),
            "use": USE % {"purposes": settings.purposes},
            "signed": SIGNED,
            "signed_at": f"{occasion.issuer.place}, {said_date(occasion.issued_on, 'medium')}",
            "note_head": NOTE_HEAD,
            # A running number is allowed beside the model; it names the one it takes the place of.
            "number": "Nr.",
            "supersedes": f"ersetzt {occasion.replaces}" if occasion.replaces else "",
            "yes": "Ja",
            "no": "Nein",
            "pages": "Seite %(page)s von %(pages)s",
            "mail_subject": "Vielen Dank von %(organisation)s",
            "mail_greeting": "Guten Tag %(name)s,",
            "mail_attached": "Ihre Zuwendungsbestätigung %(serial)s hängt an. Bitte heben Sie sie gut auf.",
        }
        if title == GOODS:
            words |= {"what_label": WHAT, "what": one.description, "origin": ORIGIN[GoodsOrigin(one.goods_origin)]}
            words |= {"papers": PAPERS} if one.value_is_documented else {}
        elif title == MONEY:
            words["waiver"] = WAIVER
        else:
            words |= {"no_other": NO_OTHER, "waiver_in_annex": WAIVER_IN_ANNEX, "issuer_name": occasion.issuer.name}
            words |= _ANNEX | {
                "annex": _ANNEX["annex"] % {"date": said_date(occasion.issued_on), "serial": occasion.serial}
            }
        if title != GOODS and not settings.dues_are_deductible:
            words |= {"no_dues_head": NO_DUES_HEAD, "no_dues": NO_DUES}
        notified = settings.machine_notified_on
        if notified and not one.is_goods and not any(line.waives_expenses for line in lines):
            words["by_machine"] = BY_MACHINE % {"office": settings.tax_office, "date": said_date(notified, "medium")}
        return Wording(
            title=title,
            opening=_opening(lines, occasion, total),
            statements=(LIABILITY, VALIDITY),
            items=tuple(_item(line) for line in lines),
            words=words,
            marks=_MARKS,
        )


def notice_sentence(settings: ReceiptSettings) -> str:
    """Return the sentence on the notice that the settings name."""
    named = {
        "office": settings.tax_office,
        "number": settings.tax_number,
        "date": said_date(settings.notice_date, "medium") if settings.notice_date else "",
        "period": settings.assessment_period,
        "purposes": settings.purposes,
    }
    if settings.notice_kind == NoticeKind.STATUTES:
        return STATUTES % (named | {"aims": settings.statute_purposes or settings.purposes})
    return EXEMPT % (named | {"notice": NOTICES.get(settings.notice_kind, "")})


def _period(lines: Sequence[Line], occasion: Occasion) -> str:
    if occasion.year:
        first, last = calendar_year_bounds(occasion.year)
    else:
        first, last = min(line.received_on for line in lines), max(line.received_on for line in lines)
    return f"{said_date(first, 'medium')} bis {said_date(last, 'medium')}"


def _item(line: Line) -> str:
    if line.is_goods:
        return line.description
    return "Mitgliedsbeitrag" if line.is_dues else "Geldzuwendung"


def _opening(lines: Sequence[Line], occasion: Occasion, total: Money) -> str:
    """Return what the e-mail says; on the confirmation itself nobody may thank."""
    if len(lines) > 1:
        return f"Vielen Dank für Ihre Zuwendungen von zusammen {total}."
    return f"Vielen Dank für Ihre Zuwendung vom {said_date(lines[0].received_on)}: {lines[0].description or total}."
