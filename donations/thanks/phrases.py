"""What Steward itself says in a letter of thanks, in the languages letters are written in.

A letter is in the donor's language, whatever language the workspace is used in: these stand beside the rules that use
them, as the words of household names do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language."""

    one_gift: str
    many_gifts: str
    goods: str
    everyone_at: str
    joined: str
    from_to: str
    your_gifts: str
    date: str
    purpose: str
    gift: str
    for_taxes: str
    subject: str
    words: str

    def gifts(self, count: int) -> str:
        """Return `your gift`, or `your 3 gifts`."""
        return self.one_gift if count == 1 else self.many_gifts % {"count": count}

    def listed(self, values: list[str]) -> str:
        """Return `a`, `a and b`, or `a, b and c`."""
        if len(values) < 2:
            return "".join(values)
        return f"{', '.join(values[:-1])} {self.joined} {values[-1]}"


_PHRASES = {
    "en": Phrases(
        one_gift="your gift",
        many_gifts="your %(count)d gifts",
        goods="goods",
        everyone_at="everyone at %(organisation)s",
        joined="and",
        from_to="%(first)s to %(last)s",
        your_gifts="Your gifts",
        date="Date",
        purpose="For",
        gift="Gift",
        for_taxes="For your tax records.",
        subject="Thank you from %(organisation)s",
        words=(
            "Dear {salutation},\n\n"
            "Thank you for {gift} of **{amount}** for “{fund}”, which reached us on {date}.\n\n"
            "Because of you we can go on with our work. We are glad to have you with us.\n\n"
            "With warm thanks,"
        ),
    ),
    "fr": Phrases(
        one_gift="votre don",
        many_gifts="vos %(count)d dons",
        goods="biens",
        everyone_at="toute l’équipe de %(organisation)s",
        joined="et",
        from_to="%(first)s au %(last)s",
        your_gifts="Vos dons",
        date="Date",
        purpose="Pour",
        gift="Don",
        for_taxes="Pour vos impôts.",
        subject="Merci de la part de %(organisation)s",
        words=(
            "Bonjour {salutation},\n\n"
            "Merci pour {gift} de **{amount}** en faveur de « {fund} », reçu le {date}.\n\n"
            "Grâce à vous, nous pouvons poursuivre notre travail. Nous sommes heureux de vous savoir à nos côtés.\n\n"
            "Avec toute notre reconnaissance,"
        ),
    ),
    "de": Phrases(
        one_gift="Ihre Spende",
        many_gifts="Ihre %(count)d Spenden",
        goods="Sachspende",
        everyone_at="alle bei %(organisation)s",
        joined="und",
        from_to="%(first)s bis %(last)s",
        your_gifts="Ihre Spenden",
        date="Datum",
        purpose="Für",
        gift="Spende",
        for_taxes="Für Ihre Steuererklärung.",
        subject="Danke von %(organisation)s",
        words=(
            "Guten Tag {salutation},\n\n"
            "herzlichen Dank für {gift} von **{amount}** für „{fund}“, eingegangen am {date}.\n\n"
            "Durch Sie kann unsere Arbeit weitergehen. Wir freuen uns, dass Sie an unserer Seite sind.\n\n"
            "Mit herzlichem Dank"
        ),
    ),
}


def phrases(language: str) -> Phrases:
    """Return the phrases of a language, English where we have none."""
    return _PHRASES.get(language) or _PHRASES.get(language.partition("-")[0]) or _PHRASES["en"]
