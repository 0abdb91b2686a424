"""Balance transactions, to be read."""

from __future__ import annotations

from stripe.params import BalanceTransactionListParams, BalanceTransactionRetrieveParams

from donations.stripe.fake import store
from donations.stripe.fake.listing import listed
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/balance_transactions/{id}", BalanceTransactionRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a balance transaction."""
    return store.get("balance_transaction", request.id)


@route("GET", "/v1/balance_transactions", BalanceTransactionListParams)
def list_(request: ApiRequest) -> Thing:
    """List balance transactions; `payout` gives those a payout is made of, and the payout's own."""
    params = request.params
    where = {name: params.get(name) for name in ("source", "type", "currency")}
    if payout := params.get("payout"):
        found = store.get("payout", payout, param="payout")
        if not found["automatic"]:
            raise wrong(
                "Balance transaction history can only be filtered on automatic transfers, not manual.", "payout"
            )
    return listed(request, "balance_transaction", where={**where, "_payout": params.get("payout")})
