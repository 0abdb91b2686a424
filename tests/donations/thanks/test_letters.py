"""The words of thanks, which of them a gift gets, who shares a letter, and the letters as one file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from constituents.services.people import add_address
from core import clock
from core.organisation.models import Organisation
from donations.errors import ThanksError
from donations.models import (
    Acknowledgement,
    Gift,
    GiftNumber,
    Method,
    PrintState,
    ReceiptWith,
    ThanksState,
    ThankYouRun,
    ThankYouTemplate,
    Together,
    TributeKind,
)
from donations.services.gifts import void_gift
from donations.thanks import printing
from donations.thanks.choosing import Facts, Templates
from donations.thanks.drawing import letter_document
from donations.thanks.letters import gifts_to_thank, letter_for, plan_letters
from donations.thanks.printing import confirm_printed, discard_run, draw_run, open_run, take_back_printed
from donations.thanks.thanking import wait_again
from donations.thanks.words import check_words, written
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.factories.donations import make_fund, make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def home(postal_code: str, **details: str) -> dict[str, str]:
    return {"street": "2 Mill Lane", "city": "Portbury", "postal_code": postal_code, "country": "US"} | details


def template(name: str, **details: object) -> ThankYouTemplate:
    return ThankYouTemplate.objects.create(name=name, words="Dear {salutation}", **details)


def facts(gift: Gift) -> Facts:
    return Facts.of(gifts_to_thank(Gift.objects.filter(pk=gift.pk)).get())


def text_of(run: ThankYouRun) -> list[str]:
    with run.file.open("rb") as file:
        return [page.extract_text() for page in PdfReader(BytesIO(file.read())).pages]


# Words


@pytest.mark.parametrize("words", ["Dear {nobody}", "Dear {salutation", "{donor.user.password}", "", "  \n\n "])
def test_words_with_a_field_that_there_is_not_are_refused(words: str) -> None:
    with pytest.raises(ValidationError):
        check_words(words)


def test_what_is_put_in_is_never_read_as_a_field_or_as_bold() -> None:
    donor = make_person("{amount} **Sly** {% now %}", "<b>Lee</b>")
    own = ThankYouTemplate(words="Dear **{salutation}**, {name} gave {amount}.")
    (paragraph,) = written(own.words, letter_for(make_gift(donor, "20"), template=own))
    assert paragraph == [
        ("Dear ", False),
        ("{amount} **Sly** {% now %}", True),
        (", {amount} **Sly** {% now %} <b>Lee</b> gave $20.00.", False),
    ]


def test_a_gift_in_kind_is_named_and_never_valued() -> None:
    gift = make_gift(amount="900", method=Method.IN_KIND, description="a piano")
    own = ThankYouTemplate(words="Thank you for {amount}")
    assert written(own.words, letter_for(gift, template=own)) == [[("Thank you for a piano", False)]]


def test_a_letter_speaks_the_language_of_its_donor() -> None:
    gift = make_gift(make_person(language="de"), "1250.50", on=dt.date(2026, 3, 1))
    letter = letter_for(gift)
    drawn = letter_document(letter, date=dt.date(2026, 3, 4)).render()
    page = " ".join(PdfReader(BytesIO(drawn)).pages[0].extract_text().split())
    assert letter.language == "de"
    for words in ("herzlichen Dank für Ihre Spende von 1.250,50", "1. März 2026", "4. März 2026", "Miriam Castellane"):
        assert words in page


def test_tax_sentences_stand_in_the_letter_where_the_law_lets_them(organisation: Organisation) -> None:
    own = template("Taxes", receipt=ReceiptWith.SENTENCE)
    gift = make_gift(amount="250")

    def page() -> str:
        drawn = letter_document(letter_for(gift, template=own), date=clock.today()).render()
        return " ".join(PdfReader(BytesIO(drawn)).pages[0].extract_text().split())

    assert "No goods or services were provided in return" in page()
    assert "04-1234567" in page()
    Organisation.objects.update(regime="de")
    organisation.regime = "de"
    assert "goods or services" not in page()


# Which words


def test_the_first_template_that_fits_is_taken_and_the_others_say_why_not() -> None:
    roof = make_fund("Roof")
    rows = [
        template("Memory", position=1, tribute=TributeKind.WITH),
        template("Roof", position=2),
        template("Large", position=3, amount_from=Decimal(500)),
        template("First", position=4, number=GiftNumber.FIRST),
        template("Cash", position=5, method=Method.CASH),
        template("Off", position=6, is_active=False),
        template("Every", position=7),
    ]
    rows[1].funds.add(roof)
    donor = make_person()
    cases = {
        "First": make_gift(donor, on=dt.date(2026, 1, 1)),
        "Every": make_gift(donor, on=dt.date(2026, 2, 1)),
        "Large": make_gift(donor, "500"),
        "Roof": make_gift(donor, "900", fund=roof),
        "Memory": make_gift(donor, tribute="In memory of Rosa"),
        "Cash": make_gift(donor, method=Method.CASH),
    }
    templates = Templates()
    assert {name: templates.choose(facts(gift)).name for name, gift in cases.items()} == {n: n for n in cases}
    answers = list(templates.explain(facts(cases["Every"])))
    assert [answer.template.name for answer in answers if not answer.misfit] == ["Every"]
    assert "500" in next(answer.misfit for answer in answers if answer.template.name == "Large")


def test_the_donors_own_language_goes_before_the_order_of_the_list() -> None:
    template("English", position=1)
    template("Deutsch", position=9, language="de", other_languages=False)
    german, french = make_gift(make_person(language="de-at")), make_gift(make_person(language="fr"))
    templates = Templates()
    assert [templates.choose(facts(gift)).name for gift in (german, french)] == ["Deutsch", "English"]


# Who shares a letter


def test_gifts_of_a_household_share_a_letter_and_an_anonymous_one_does_not() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    add_address(household=make_household(ann, bo), **home("04101"))
    gifts = [make_gift(ann).pk, make_gift(bo).pk, make_gift(bo, is_anonymous=True).pk]

    def groups(together: str) -> list[int]:
        return sorted(len(group) for group in plan_letters(gifts, together=together, on=clock.today()).letters)

    assert [groups(way) for way in (Together.HOUSEHOLD, Together.DONOR, Together.GIFT)] == [[1, 2], [1, 2], [1, 1, 1]]
    together = letter_for(Gift.objects.get(pk=gifts[0]), together=Together.HOUSEHOLD)
    alone = letter_for(Gift.objects.get(pk=gifts[2]), together=Together.HOUSEHOLD)
    assert (together.salutation, alone.salutation) == ("Ann and Bo", "Bo")


def test_letters_come_in_postal_order_and_who_gets_none_is_named() -> None:
    abroad = make_person(address=home("00100", country="FR"))
    far, near = make_person(address=home("99000")), make_person(address=home("01000"))
    lost, dead = make_person(), make_person(address=home("04000"), is_deceased=True)
    gifts = {who: make_gift(who).pk for who in (abroad, far, near, lost, dead)}
    plan = plan_letters(gifts.values(), together=Together.DONOR, on=clock.today())
    assert plan.letters == [[gifts[near]], [gifts[far]], [gifts[abroad]]]
    assert dict(plan.left_out).keys() == {gifts[lost], gifts[dead]}


def test_an_organisation_is_greeted_as_everyone_in_it() -> None:
    letter = letter_for(make_gift(make_organisation("Bay Hardware")))
    assert (letter.addressee, letter.salutation) == ("Bay Hardware", "everyone at Bay Hardware")


# As one file


def people(count: int) -> list[int]:
    return [make_gift(make_person(f"Donor{n:02}", address=home(f"{90 - n:05}"))).pk for n in range(count)]


def test_letters_are_thanks_only_once_they_are_printed_and_that_can_be_taken_back() -> None:
    gifts = people(3)
    run = draw_run(open_run(gifts, by=None))

    assert (run.state, run.letters, run.pages) == (PrintState.READY, 3, 3)
    assert [f"Donor0{n}" in page for n, page in zip((2, 1, 0), text_of(run), strict=True)] == [True] * 3
    assert Acknowledgement.objects.waiting().count() == 3

    run = confirm_printed(run, by=None)
    assert set(Acknowledgement.objects.values_list("state", "how")) == {("done", "letter")}
    run = take_back_printed(run, by=None)
    assert (run.state, Acknowledgement.objects.waiting().filter(run=run).count()) == (PrintState.READY, 3)
    discard_run(run, by=None)
    assert Acknowledgement.objects.waiting().filter(run=None).count() == 3
    with pytest.raises(ThanksError):
        confirm_printed(run, by=None)


def test_nobody_makes_letters_that_somebody_else_has_on_paper() -> None:
    gifts = people(2)
    open_run(gifts[:1], by=None)
    assert open_run(gifts, by=None).plan == [gifts[1:]]
    with pytest.raises(ThanksError):
        open_run(gifts, by=None)


def test_a_gift_that_was_voided_since_is_not_thanked_for_by_printing() -> None:
    gifts = people(2)
    run = draw_run(open_run(gifts, by=None))
    void_gift(Gift.objects.get(pk=gifts[0]), by=None, reason="Bounced")
    confirm_printed(run, by=None)
    states = dict(Acknowledgement.objects.values_list("gift", "state"))
    assert states == {gifts[0]: ThanksState.NOT_WANTED, gifts[1]: ThanksState.DONE}


def test_a_run_that_was_cut_off_goes_on_with_the_letters_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "STEP", 2)
    run = open_run(people(5), by=None)

    class Progress:
        saved: dict[str, int] = {}
        steps: list[int] = []

        def total(self, steps: int) -> None:
            self.steps.append(steps)

        def checkpoint(self, saved: dict[str, int], *, advance: int) -> None:
            if len(self.steps) == 2:
                self.steps.append(0)
                raise KeyboardInterrupt
            self.saved = saved
            self.steps.append(advance)

    progress = Progress()
    with pytest.raises(KeyboardInterrupt):
        draw_run(run, progress)  # type: ignore[arg-type]
    assert progress.saved["drawn"] == 2
    run = draw_run(run, progress)  # type: ignore[arg-type]
    assert (run.pages, [f"Donor0{4 - n}" in page for n, page in enumerate(text_of(run))]) == (5, [True] * 5)


def test_a_name_that_cannot_be_printed_holds_nobody_up() -> None:
    good, bad = people(1)[0], make_gift(make_person("\U00013000", address=home("00001"))).pk
    run = draw_run(open_run([good, bad], by=None))
    assert (len(text_of(run)), [gift for gift, _why in run.left_out]) == (1, [bad])
    assert Acknowledgement.objects.get(gift=bad).run is None


def test_a_receipt_is_enclosed_behind_its_letter_and_issued_when_it_is_missing() -> None:
    gifts = people(2)
    run = draw_run(open_run(gifts, by=None, receipt=ReceiptWith.ENCLOSED, issues_receipts=True))
    pages = text_of(run)
    assert ["Receipt for your gift" in page for page in pages] == [False, True, False, True]
    # Made once more, they enclose the very receipts that were issued.
    discard_run(run, by=None)
    again = draw_run(open_run(gifts, by=None, receipt=ReceiptWith.ENCLOSED, issues_receipts=True))
    assert [page for page in text_of(again) if "Receipt for" in page] == [
        page for page in pages if "Receipt for" in page
    ]


def test_files_of_printed_letters_go_after_a_month() -> None:
    run = confirm_printed(draw_run(open_run(people(1), by=None)), by=None)
    assert printing.forget_files(now=clock.now()) == 0
    assert printing.forget_files(now=clock.now() + dt.timedelta(days=31)) == 1
    run.refresh_from_db()
    assert not run.file


def test_waiting_again_takes_a_gift_off_its_letters() -> None:
    (gift,) = people(1)
    run = confirm_printed(draw_run(open_run([gift], by=None)), by=None)
    wait_again([gift], by=None)
    assert not run.acknowledgements.exists()
