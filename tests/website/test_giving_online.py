"""Giving online, from the form to what the page says after the payment; Stripe is played by the double."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from constituents.models import ConsentRecord
from core import clock
from core.money import Money
from core.organisation import current_organisation
from donations.models import (
    Checkout,
    ExchangeRate,
    Fund,
    Gift,
    GiftAidDeclaration,
    OnlineGivingSettings,
    RecurringGift,
    StripeCustomer,
    ThankYouTemplate,
    Tribute,
)
from donations.stripe import gateway
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from tests.factories.constituents import make_person
from tests.factories.donations import make_campaign, make_fund
from tests.factories.promises import make_recurring
from tests.factories.website import form_token
from website.models import AmountsInCurrency, GivingPage

pytestmark = pytest.mark.usefixtures("online")

Give = Callable[..., HttpResponse]

TRIBUTE = {
    "dedicate": "on",
    "tribute_kind": "memory",
    "honouree": "Old Tom",
    "notify": "on",
    "notify_name": "Mary Tom",
    "notify_way": "email",
    "notify_email": "mary@example.org",
    "tribute_message": "He taught me to sail.",
}


def checkout() -> Checkout:
    return Checkout.objects.for_settling().get()


def back(found: Checkout, **asked: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/give/thanks/{found.uuid}/?{query}"


def acts(outcome: Outcome) -> Checkout:
    """Do on the payment page what a donor does. No event arrives: the return page asks by itself."""
    acting.pay(checkout().session_id, outcome)
    return checkout()


def kind_of(response: HttpResponse) -> str:
    return re.search(r'data-state="(\w+)"', response.text)[1]


def test_a_gift_is_paid_and_thanked_for(client: Client, give: Give) -> None:
    response = give()
    assert (response.status_code, checkout().gift.status) == (303, "pending")
    assert response["Location"] == checkout().url
    page = client.get(back(acts(Outcome.PAY)))
    assert (kind_of(page), Gift.objects.get().status) == ("paid", "posted")
    assert "Thank you, Ann" in page.text
    assert page["X-Robots-Tag"] == "noindex"


def test_the_page_speaks_of_the_mail_and_the_receipt_only_where_they_come(client: Client, give: Give) -> None:
    give()
    address = back(acts(Outcome.PAY))
    assert "by e-mail, with the receipt" in client.get(address).text
    ThankYouTemplate.objects.create(name="By letter", words="Thanks!")
    page = client.get(address).text
    assert ("by e-mail" in page, "as soon as it is issued" in page) == (False, True)


def test_no_address_of_a_website_is_passed_on_with_a_dedication(give: Give) -> None:
    assert "leave web addresses out" in give(**TRIBUTE | {"tribute_message": "See www.example.org"}).text
    assert not Gift.objects.exists()


def test_the_fee_is_added_to_the_cent_and_the_page_says_so(client: Client, give: Give) -> None:
    assert "For <span" in client.get("/give/").text
    assert '<span class="amount" data-live="total">$51.81</span>' in client.get("/give/").text
    give(covers_fee="on")
    assert checkout().money == Money(Decimal("51.81"), "USD")
    assert checkout().facts["fee_cover"] == "1.81"
    assert "$1.81" in client.get(back(acts(Outcome.PAY))).text


def test_a_monthly_gift_waits_to_be_set_up(give: Give) -> None:
    give(frequency="month", amount_month="20")
    recurring = RecurringGift.objects.get()
    assert (recurring.amount, str(recurring.frequency), recurring.status) == (Decimal(20), "every month", "starting")
    assert checkout().recurring == recurring
    assert not Gift.objects.exists()


def test_the_first_monthly_gift_is_dedicated_and_anonymous_as_the_form_asked(client: Client, give: Give) -> None:
    give(frequency="month", amount_month="20", is_anonymous="on", **TRIBUTE)
    page = client.get(back(acts(Outcome.PAY)))
    assert kind_of(page) == "paid"
    assert "You give" in page.text
    gift = Gift.objects.get()
    assert (gift.recurring, gift.is_anonymous, gift.tribute) == (
        RecurringGift.objects.get(),
        True,
        "In memory of Old Tom",
    )
    assert Tribute.objects.get().notices.get().recipient_name == "Mary Tom"


def test_the_same_form_sent_twice_is_one_gift_and_one_page(give: Give) -> None:
    token = form_token()
    first, second = give(token=token), give(token=token)
    assert first["Location"] == second["Location"]
    assert Gift.objects.count() == 1


def test_a_form_changed_after_the_back_button_is_a_gift_in_place_of_the_first(client: Client, give: Give) -> None:
    give()
    begun = checkout()
    page = client.get("/give/").text
    assert f'name="instead" value="{begun.uuid}"' in page
    assert 'value="ann@example.org"' in page
    give(amount="100", instead=str(begun.uuid))
    assert sorted(Gift.objects.values_list("amount", "status")) == [(50, "cancelled"), (100, "pending")]


def test_nobody_gives_up_a_gift_that_another_visitor_began(give: Give) -> None:
    give()
    give(sender=Client(), instead=str(checkout().uuid), email="bo@example.org", given_name="Bo")
    assert set(Gift.objects.values_list("status", flat=True)) == {"pending"}


def test_who_turns_back_finds_everything_kept(client: Client, give: Give) -> None:
    give(family_name="Lee-Ross")
    page = client.get(back(checkout(), state="cancelled"))
    assert kind_of(page) == "cancelled"
    again = re.search(r'href="(/give/\?again=[^"]+)"', page.text)[1]
    assert 'value="Lee-Ross"' in client.get(again).text
    assert 'value="Lee-Ross"' not in Client().get(again).text
    assert client.post(f"/give/thanks/{checkout().uuid}/pay/")["Location"] == checkout().url


def test_a_bank_debit_is_called_on_its_way_until_it_is_there(client: Client, give: Give) -> None:
    give()
    found = acts(Outcome.BANK_DEBIT)
    page = client.get(back(found))
    assert kind_of(page) == "processing"
    assert "Download the receipt" not in page.text
    assert Gift.objects.get().status == "pending"


def test_what_the_address_claims_is_not_believed(client: Client, give: Give) -> None:
    give()
    assert kind_of(client.get(back(checkout(), state="paid"))) == "checking"
    assert Gift.objects.get().status == "pending"


def test_after_a_single_gift_one_monthly_gift_is_offered_and_filled_in(client: Client, give: Give) -> None:
    give()
    page = client.get(back(acts(Outcome.PAY)))
    offer = re.search(r'href="(/give/\?again=[^"]+frequency=month[^"]*)"', page.text)[1].replace("&amp;", "&")
    assert parse_qs(urlsplit(offer).query)["amount"] == ["10"]
    form = client.get(offer).text
    assert re.search(r'name="frequency" value="month"[^>]* checked', form)
    assert 'name="other_amount" value="10"' in form
    assert 'value="ann@example.org"' in form
    assert 'value="ann@example.org"' not in client.get("/give/").text  # it was paid: nothing waits


def test_who_gives_regularly_is_offered_no_second_time(client: Client, give: Give) -> None:
    give()
    found = acts(Outcome.PAY)
    make_recurring(Checkout.objects.get(pk=found.pk).gift.donor)
    page = client.get(back(found))
    assert kind_of(page) == "paid"
    assert "frequency=month" not in page.text


def test_when_stripe_does_not_answer_the_gift_is_kept(
    client: Client, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gateway_out_of_seats():
        response = give()
    assert response.status_code == 303
    page = client.get(response["Location"])
    assert kind_of(page) == "unreached"
    assert "Send it by transfer or cheque" in page.text
    assert Gift.objects.get().status == "pending"
    assert client.post(f"/give/thanks/{checkout().uuid}/pay/")["Location"] == checkout().url


class gateway_out_of_seats:  # noqa: N801  reads as a sentence
    """As many wait for Stripe as may."""

    def __enter__(self) -> None:
        self.taken = 0
        while gateway._seats.acquire(blocking=False):
            self.taken += 1

    def __exit__(self, *_error: object) -> None:
        gateway._seats.release(self.taken)


def test_a_dedication_names_whom_to_tell(give: Give) -> None:
    give(**TRIBUTE)
    tribute = Tribute.objects.get()
    assert (tribute.kind, tribute.name, tribute.message) == ("memory", "Old Tom", "He taught me to sail.")
    notice = tribute.notices.get()
    assert (notice.recipient_name, notice.way, notice.email) == ("Mary Tom", "email", "mary@example.org")
    assert Gift.objects.get().tribute == "In memory of Old Tom"


def test_without_the_tick_nothing_is_dedicated(give: Give) -> None:
    give(**TRIBUTE | {"dedicate": ""})
    assert not Tribute.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"honouree": ""}, "Write the name of the person you give for."),
        ({"notify_name": ""}, "Write the name of the person we tell."),
        ({"notify_email": "mary"}, "Write their e-mail address"),
        ({"notify_way": "letter", "notify_city": "Hull"}, "A letter needs a street and a town."),
    ],
)
def test_an_unfinished_dedication_is_named_beside_its_field(give: Give, wrong: dict[str, str], words: str) -> None:
    response = give(**TRIBUTE | wrong)
    assert words in response.text
    assert not Checkout.objects.exists()


def test_consents_are_noted_once_however_often_the_form_is_sent(give: Give) -> None:
    token = form_token()
    for _ in range(2):
        give(token=token, consents=["newsletter"])
    assert ConsentRecord.objects.get().purpose == "newsletter"


def test_what_was_agreed_to_is_noted_of_who_the_form_says_in_the_end(give: Give) -> None:
    token = form_token()
    give(token=token, email="ann@exmaple.org", consents=["newsletter"])
    give(token=token, email="ann@example.org", consents=["newsletter"])
    assert ConsentRecord.objects.filter(constituent=checkout().donor).get().purpose == "newsletter"


def test_the_address_is_asked_only_where_the_receipt_needs_it(client: Client, give: Give) -> None:
    assert "Your address, for the receipt" not in client.get("/give/").text
    organisation = current_organisation()
    organisation.regime = "ca"
    organisation.save()
    assert "Your address, for the receipt" in client.get("/give/").text
    assert "The address lacks the town." in give(street="1 Quay", postal_code="H0H 0H0", country="CA").text
    give(street="1 Quay", postal_code="H0H 0H0", city="Montréal", country="CA")
    assert checkout().donor.addresses.get().city == "Montréal"
    give(email="bo@example.org", given_name="Bo")  # whoever needs no receipt leaves it empty
    assert Checkout.objects.count() == 2


def test_a_signed_in_supporter_gives_as_themselves(client: Client, give: Give, django_user_model: type) -> None:
    user = django_user_model.objects.create_user(email="kim@example.org")
    kim = make_person("Kim", "Moss", email="kim@example.org", user=user)
    client.force_login(user)
    page = client.get("/give/").text
    assert "You give as <strong>Kim Moss</strong>" in page
    assert 'name="email"' not in page
    give()
    assert checkout().donor == kim


def test_who_is_signed_in_as_somebody_else_pays_as_nobody_known_at_stripe(
    client: Client, give: Give, django_user_model: type
) -> None:
    kim = make_person("Kim", "Moss", email="kim@example.org")
    StripeCustomer.objects.create(constituent=kim, customer_id="cus_kim")
    client.force_login(django_user_model.objects.create_user(email="eve@example.org"))
    give(given_name="Kim", family_name="Moss", email="kim@example.org")
    begun = checkout()
    assert begun.donor == kim, "as of any stranger who knows name and address"
    assert (begun.attempt, "customer" in begun.request) == (1, False), "whose cards and details are Kim's"


def test_a_page_for_a_campaign_and_a_fund_credits_both(client: Client, give: Give) -> None:
    home = GivingPage.objects.get(slug="give").get_parent()
    roof, winter = make_fund("Roof"), make_campaign("Winter")
    home.add_child(instance=GivingPage(title="The roof", slug="roof", fund=roof, campaign=winter))
    assert "What it is for" not in client.get("/roof/").text
    give("/roof/")
    gift = Gift.objects.get()
    assert (gift.fund_names, gift.campaign) == ("Roof", winter)
    assert f"/roof/thanks/{checkout().uuid}/" in checkout().request["success_url"]


def test_a_page_offers_what_it_suggests_in_each_currency(client: Client, give: Give) -> None:
    page = GivingPage.objects.get(slug="give")
    page.suggested_quarterly = ""
    page.save()
    AmountsInCurrency.objects.create(page=page, currency="EUR", suggested="15, 35", suggested_monthly="")
    ExchangeRate.objects.create(currency="EUR", valid_from=clock.today(), rate=Decimal("1.1"))
    assert 'value="quarter"' not in client.get("/give/").text
    euros = client.get("/give/?currency=EUR").text
    assert "€35" in euros
    assert 'value="month"' not in euros
    assert "Give in another currency" in client.get("/give/").text


def test_a_regular_gift_is_not_promised_by_cheque(give: Give) -> None:
    assert "A regular gift comes by bank transfer" in give(frequency="month", amount_month="10", method="cheque").text
    assert not Gift.objects.exists()
    assert not RecurringGift.objects.exists()


def test_the_total_is_shown_before_anything_is_sent_without_a_script(client: Client) -> None:
    page = client.post("/give/", {"recount": "1", "frequency": "once", "amount": "100", "given_name": "Ann"}).text
    assert 'data-live="total">$103.30</span>' in page
    assert 'value="Ann"' in page
    assert "Please check your answers" not in page
    assert not Checkout.objects.exists()


def test_a_stranger_with_the_address_of_a_gift_reads_no_name(give: Give) -> None:
    give()
    page = Client().get(back(acts(Outcome.PAY)))
    assert "Ann" not in page.text
    assert "ann@example.org" not in page.text


def test_an_address_of_no_gift_does_not_exist(client: Client) -> None:
    for path in ("", "receipt/"):
        assert client.get(f"/give/thanks/{uuid.uuid4()}/{path}").status_code == 404
    assert client.post(f"/give/thanks/{uuid.uuid4()}/pay/").status_code == 404


def test_the_form_asks_a_constant_few_queries(client: Client, django_assert_max_num_queries) -> None:
    client.get("/give/")
    with django_assert_max_num_queries(12):
        client.get("/give/")


def test_the_smallest_gift_is_held_to(give: Give) -> None:
    OnlineGivingSettings.objects.update_or_create(pk=1, defaults={"minimum": Decimal(5)})
    assert "Please give between $5 and" in give(other_amount="4.99").text
    assert give(other_amount="5").status_code == 303


def test_gift_aid_is_claimed_by_family_name_from_a_home(give: Give) -> None:
    organisation = current_organisation()
    organisation.country, organisation.regime, organisation.base_currency = "GB", "uk", "GBP"
    organisation.registration_number = "1234567"
    organisation.save()
    page = give(gift_aid="on", family_name="", house="", postcode="SW1A 1AA").text
    assert "claims Gift Aid by family name" in page
    assert "name or number of" in page
    assert not Gift.objects.exists()
    assert give(gift_aid="on", house="12", postcode="SW1A 1AA").status_code == 303
    assert GiftAidDeclaration.objects.get().donor.family_name == "Lee"


def test_nothing_is_asked_of_stripe_that_it_does_not_charge(client: Client, give: Give) -> None:
    organisation = current_organisation()
    organisation.base_currency = "CZK"
    organisation.save()
    assert "Please give between" in give(other_amount="10").text
    assert give(other_amount="15").status_code == 303
    assert "Please give between" in give(other_amount="999999", covers_fee="on").text


def test_the_browser_is_led_to_stripes_page_also_under_a_domain_of_ones_own(client: Client, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_CUSTOM_DOMAIN = "sk_test_12345678", "pay.example.org"
    policy = client.get("/give/")["Content-Security-Policy"]
    assert re.search(r"form-action 'self' https://checkout.stripe.com https://pay.example.org", policy)


def test_a_form_whose_currency_is_offered_no_more_is_looked_over_once_more(client: Client, give: Give) -> None:
    answer = give(currency="EUR")
    assert "Please look it over" in answer.text
    assert 'name="currency" value="USD"' in answer.text
    assert not Checkout.objects.exists()


def test_a_page_for_a_fund_that_has_closed_lets_one_choose_again(client: Client, give: Give) -> None:
    roof = make_fund("Roof")
    GivingPage.objects.update(fund=roof)
    Fund.objects.filter(pk=roof.pk).update(closes_on=clock.today() - dt.timedelta(days=1))
    assert give().status_code == 303
    assert checkout().gift.fund_names == "Where it is needed most"


def test_a_currency_without_a_rate_is_not_offered(client: Client, give: Give) -> None:
    AmountsInCurrency.objects.create(page=GivingPage.objects.get(), currency="EUR")
    assert "Give in another currency" not in client.get("/give/").text
    assert "Please look it over" in give(currency="EUR").text


# What has to be there -----------------------------------------------------------------------------------------------


def test_while_no_fund_is_open_the_page_says_so_and_takes_nothing(online: Fund, client: Client, give: Give) -> None:
    Fund.objects.update(closes_on=clock.today() - dt.timedelta(days=1))
    assert "Gifts cannot be taken here just now" in client.get("/give/").text
    assert "Gifts cannot be taken here just now" in give().text
    Fund.objects.all().delete()
    assert "Gifts cannot be taken here just now" in give().text
    assert not Gift.objects.exists()


def test_a_gift_goes_to_the_one_fund_the_page_shows(online: Fund, give: Give) -> None:
    Fund.objects.update(is_public=False)
    shown = make_fund("The Kitchen")
    give()
    assert checkout().gift.allocations.get().fund == shown


def test_without_a_key_the_page_says_that_paying_online_is_not_set_up(settings: Any, client: Client) -> None:
    settings.STRIPE_DEMO = False
    page = client.get("/give/").text
    assert "Online payment is not set up here" in page
    assert "Promise" in page
