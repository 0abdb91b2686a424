"""What this app tells Wagtail."""

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from donations.staff import entry, receipts
from donations.staff.appeals import AppealChooserViewSet, AppealViewSet
from donations.staff.campaigns import CampaignChooserViewSet, CampaignViewSet
from donations.staff.expected import MarkAllReceived, expected_gifts
from donations.staff.funds import FundChooserViewSet, FundViewSet
from donations.staff.gifts import GiftViewSet
from donations.staff.rates import ExchangeRateViewSet
from donations.staff.receipts import IssueReceiptsForGifts, PrintReceipts, ReceiptViewSet

gifts = GiftViewSet("gifts")
all_receipts = ReceiptViewSet("receipts")
IssueReceiptsForGifts.viewset = gifts
PrintReceipts.viewset = all_receipts


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet]:
    """The lists, pages and choosers."""
    return [
        gifts,
        expected_gifts,
        all_receipts,
        FundViewSet("funds"),
        CampaignViewSet("campaigns"),
        AppealViewSet("appeals"),
        ExchangeRateViewSet("exchange_rates", url_prefix="exchange-rates"),
        FundChooserViewSet("fund_chooser"),
        CampaignChooserViewSet("campaign_chooser"),
        AppealChooserViewSet("appeal_chooser"),
    ]


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The download of a receipt, and the donors that fit what is typed."""
    return [
        path("giving/receipts/<uuid:uuid>/", receipts.download, name="receipt_download"),
        path("giving/donors/", entry.donors, name="giving_donors"),
    ]


hooks.register("register_bulk_action", MarkAllReceived)
hooks.register("register_bulk_action", IssueReceiptsForGifts)
hooks.register("register_bulk_action", PrintReceipts)
