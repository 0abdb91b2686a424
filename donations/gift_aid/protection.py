"""What the database itself refuses to change or delete of Gift Aid: declarations, and claims that were sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect

_SENT = _("A claim that was sent stays: withdraw it if HMRC refused it.")


def protect_gift_aid() -> None:
    """Declare the rules; the triggers are put in place after every migrate."""
    protect_declarations()
    protect_claims()
    protect_small_donations()


def protect_declarations() -> None:
    """Declare that what a donor agreed to stays."""
    protect(
        "donations.GiftAidDeclaration",
        name="gift_aid_declaration",
        message=_("What a donor declared stays as it was agreed: cancel it, and record another."),
        # The donor moves when records are merged; the address may be mended, an end added.
        updates_of=[
            "uuid",
            "declared_on",
            "covers_past",
            "covers_this",
            "covers_future",
            "wording",
            "method",
            "source",
            "recorded_at",
        ],
    )


def protect_claims() -> None:
    """Declare that a claim stays as it was sent: its figures, rows, files and lines, and what is owed back of it."""
    protect(
        "donations.GiftAidClaim",
        name="gift_aid_claim",
        message=_SENT,
        updates_of=["up_to", "grouping", "aggregates", "gift_amount", "tax_amount", "owed_back", "earliest_on"],
        when="OLD.state <> 'draft'",
    )
    protect("donations.ClaimRow", name="gift_aid_claim_row", message=_SENT)
    protect(
        "donations.ClaimFile",
        name="gift_aid_claim_file",
        message=_("The files of a claim stay the ones that were sent."),
    )
    protect(
        "donations.ClaimLine",
        name="gift_aid_claim_line",
        message=_SENT,
        # The gift moves when it is corrected in nothing that matters to the claim.
        updates_of=["claim", "share", "declaration", "row", "amount", "is_final"],
        when="OLD.is_final",
    )
    protect(
        "donations.OwedBack",
        name="gift_aid_owed_back",
        message=_("What is owed back to HMRC stays on record."),
        updates_of=["line", "amount", "tax", "reason", "arose_on", "recorded_at"],
    )


def protect_small_donations() -> None:
    """Declare that a claim on small donations stays as it was sent, and so does a collection that was claimed on."""
    protect(
        "donations.SmallClaim",
        name="small_claim",
        message=_SENT,
        updates_of=["uuid", "tax_year", "amount", "top_up", "owed_back", "most", "gift_aided"],
        when="OLD.state <> 'draft'",
    )
    protect(
        "donations.SmallClaimLine",
        name="small_claim_line",
        message=_SENT,
        # The gift moves when it is corrected in nothing that matters to the claim.
        updates_of=["claim", "collection", "amount", "is_final"],
        when="OLD.is_final",
    )
    protect(
        "donations.SmallCollection",
        name="small_collection",
        message=_("A collection that was claimed on stays as it was: withdraw the claim first."),
        updates_of=["uuid", "collected_on", "how", "amount"],
        when="OLD.claimed_amount > 0",
    )
