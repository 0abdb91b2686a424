"""Whose gift a form is: signed in, known to Stripe, known by e-mail and name, or new; what staff know stays."""

from __future__ import annotations

from typing import Any

import pytest

from constituents.models import Constituent, FollowUp
from donations.models import StripeCustomer
from donations.stripe.donors import Giver, donor_for
from tests.factories.constituents import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.fixture
def ada() -> Constituent:
    return make_person("Ada", "Moreau", email="ada@example.org")


def from_form(**said: Any) -> Constituent:
    return donor_for(Giver(**{"given_name": "Ada", "family_name": "Moreau", "email": "ada@example.org"} | said))


def test_the_signed_in_supporter_comes_first_then_the_customer_then_e_mail_and_name(
    ada: Constituent, django_user_model: Any
) -> None:
    signed_in = make_person("Iris", "Vega", email="iris@example.org")
    signed_in.user = django_user_model.objects.create_user("iris@example.org", "correct horse battery")
    signed_in.save()
    customer = make_person("Nils", "Holm")
    StripeCustomer.objects.create(constituent=customer, customer_id="cus_nils")
    assert from_form(user=signed_in.user, customer_id="cus_nils") == signed_in
    assert from_form(customer_id="cus_nils") == customer
    assert from_form(customer_id="cus_of_nobody") == ada
    assert from_form(email="ADA@example.org", given_name="ada") == ada


@pytest.mark.parametrize("said", [{"given_name": "Bruno"}, {"email": "other@example.org"}])
def test_neither_a_name_nor_an_address_alone_makes_somebody_who_they_are(
    ada: Constituent, said: dict[str, str]
) -> None:
    assert from_form(**said) != ada
    assert Constituent.objects.count() == 2


def test_what_staff_know_is_never_overwritten_and_what_differs_is_looked_at_once(ada: Constituent) -> None:
    StripeCustomer.objects.create(constituent=ada, customer_id="cus_ada")
    for _ in range(2):
        said = from_form(
            customer_id="cus_ada", given_name="Augusta", family_name="King", email="king@example.org", phone="555 0100"
        )
    assert (said.given_name, said.family_name, said.primary_email) == ("Ada", "Moreau", "ada@example.org")
    step = FollowUp.objects.open().get()
    assert (step.constituent, "king@example.org" in step.note) == (ada, True)
    assert [str(phone.number) for phone in ada.phones.all()] == ["555 0100"], "where nothing was known it is added"


def test_who_gives_in_another_language_is_written_to_in_it_and_what_staff_know_stays(ada: Constituent) -> None:
    assert from_form(email="new@example.org", language="fr").language == "fr"
    assert from_form(language="en").language == "", "ours is meant where none stands"
    from_form(language="fr")
    from_form(language="de")
    ada.refresh_from_db()
    assert ada.language == "fr"
