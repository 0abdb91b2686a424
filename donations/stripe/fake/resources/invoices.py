"""Invoices and invoice payments."""

from __future__ import annotations

from stripe.params import (
    InvoiceLineItemListParams,
    InvoiceListParams,
    InvoicePaymentListParams,
    InvoicePaymentRetrieveParams,
    InvoicePayParams,
    InvoiceRetrieveParams,
    InvoiceVoidInvoiceParams,
)

from donations.stripe.fake import store
from donations.stripe.fake.listing import listed
from donations.stripe.fake.money import collecting, invoicing
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/invoices/{id}", InvoiceRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return an invoice."""
    return store.get("invoice", request.id)


@route("GET", "/v1/invoices", InvoiceListParams)
def list_(request: ApiRequest) -> Thing:
    """List invoices."""
    params = request.params
    where = {
        "customer": params.get("customer"),
        "status": params.get("status"),
        "parent__subscription_details__subscription": params.get("subscription"),
    }
    return listed(request, "invoice", where=where)


@route("GET", "/v1/invoices/{id}/lines", InvoiceLineItemListParams)
def lines(request: ApiRequest) -> Thing:
    """List what an invoice asks for."""
    return store.get("invoice", request.id)["lines"]


@route("POST", "/v1/invoices/{id}/pay", InvoicePayParams)
def pay(request: ApiRequest) -> Thing:
    """Try to collect an open invoice now, out of its schedule."""
    params, invoice = request.params, store.get("invoice", request.id)
    if unknown := set(params) - {"off_session", "payment_method"}:
        raise wrong(f"The demo cannot pay with {', '.join(sorted(unknown))}.", min(unknown))
    if invoice["status"] == "paid":
        raise wrong("Invoice is already paid")
    if invoice["status"] not in ("open", "uncollectible"):
        raise wrong(f"This invoice is {invoice['status']} and can no longer be paid.")
    return collecting.pay_now(invoice, params.get("payment_method"))


@route("POST", "/v1/invoices/{id}/void", InvoiceVoidInvoiceParams)
def void(request: ApiRequest) -> Thing:
    """Void an open invoice."""
    invoice = store.get("invoice", request.id)
    if invoice["status"] not in ("open", "uncollectible"):
        raise wrong(f"You can only void open or uncollectible invoices. This one is {invoice['status']}.")
    intent = invoicing.intent_of(invoice)
    if intent is not None and intent["status"] == "processing":
        raise wrong("You cannot void an invoice with a payment that is processing.")
    return invoicing.void(invoice)


@route("GET", "/v1/invoice_payments/{id}", InvoicePaymentRetrieveParams)
def retrieve_payment(request: ApiRequest) -> Thing:
    """Return an invoice payment."""
    return store.get("invoice_payment", request.id)


@route("GET", "/v1/invoice_payments", InvoicePaymentListParams)
def list_payments(request: ApiRequest) -> Thing:
    """List invoice payments, of an invoice or of a payment."""
    params = request.params
    payment = params.get("payment") or {}
    where = {
        "invoice": params.get("invoice"),
        "status": params.get("status"),
        "payment__type": payment.get("type"),
        "payment__payment_intent": payment.get("payment_intent"),
    }
    return listed(request, "invoice_payment", where=where)
