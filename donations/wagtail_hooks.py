"""What this app tells Wagtail."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.staff.menu import Area, menu_group
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.staff import (
    appeals,
    batch_grid,
    batch_page,
    declaration_page,
    entry,
    gift_aid_claims,
    journal_files,
    online_hooks,  # noqa: F401  registers what online giving needs
    promise_hooks,
    receipt_settings,
    receipts,
    small_claims,
    thanks_hooks,  # noqa: F401  registers what thanks need
    yearly,
)
from donations.staff.appeals import AppealChooserViewSet, AppealViewSet
from donations.staff.bank import BankAccountViewSet, BankCreditViewSet, BankStatementViewSet
from donations.staff.batch_entry import BatchEntryView
from donations.staff.batch_templates import BatchTemplateViewSet
from donations.staff.batches import BatchViewSet
from donations.staff.books import BooksView
from donations.staff.campaigns import CampaignChooserViewSet, CampaignViewSet
from donations.staff.consolidating import OneReceiptADonor
from donations.staff.declarations import DeclarationViewSet
from donations.staff.expected import MarkAllReceived, expected_gifts
from donations.staff.funds import FundChooserViewSet, FundViewSet
from donations.staff.gift_aid_asking import AskingView
from donations.staff.gift_aid_claims import ClaimViewSet
from donations.staff.gift_aid_small import SmallDonationsView
from donations.staff.gifts import GiftViewSet
from donations.staff.journal import JournalViewSet
from donations.staff.journal_accounts import AccountsView
from donations.staff.levels import LadderViewSet, StandingViewSet
from donations.staff.matches import ClaimAll, MatchingRuleViewSet, matches
from donations.staff.periods import ClosedPeriodViewSet
from donations.staff.rates import ExchangeRateViewSet
from donations.staff.receipts import IssueReceiptsForGifts, PrintReceipts, ReceiptViewSet
from donations.staff.small_claims import SmallClaimViewSet
from donations.staff.small_collections import SmallCollectionViewSet
from donations.staff.tributes import MailNotices, MarkAllTold, tribute_notices
from donations.staff.yearly import PrintedReceiptsViewSet
from donations.stripe.fake import staff as demo_panel  # noqa: F401  registers the panel of the demo

gifts = GiftViewSet("gifts")
all_receipts = ReceiptViewSet("receipts")
IssueReceiptsForGifts.viewset = gifts
OneReceiptADonor.viewset = gifts
PrintReceipts.viewset = all_receipts


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet]:
    """The lists, pages and choosers."""
    return [
        gifts,
        expected_gifts,
        all_receipts,
        BankCreditViewSet("bank_credits", url_prefix="bank-credits"),
        BankStatementViewSet("bank_statements", url_prefix="bank-statements"),
        BankAccountViewSet("bank_accounts", url_prefix="bank-accounts"),
        PrintedReceiptsViewSet("printed_receipts", url_prefix="printed-receipts"),
        BatchViewSet("batches"),
        BatchTemplateViewSet("batch_templates", url_prefix="batch-templates"),
        matches,
        tribute_notices,
        MatchingRuleViewSet("matching_rules", url_prefix="matching-rules"),
        FundViewSet("funds"),
        CampaignViewSet("campaigns"),
        AppealViewSet("appeals"),
        StandingViewSet("standings", url_prefix="donors-by-level"),
        LadderViewSet("donor_levels", url_prefix="donor-levels"),
        ExchangeRateViewSet("exchange_rates", url_prefix="exchange-rates"),
        JournalViewSet("journal"),
        ClosedPeriodViewSet("closed_periods", url_prefix="closed-periods"),
        DeclarationViewSet("gift_aid_declarations", url_prefix="gift-aid-declarations"),
        ClaimViewSet("gift_aid_claims", url_prefix="gift-aid-claims"),
        SmallClaimViewSet("small_claims", url_prefix="small-donations-claims"),
        SmallCollectionViewSet("small_collections", url_prefix="small-donations-collections"),
        FundChooserViewSet("fund_chooser"),
        CampaignChooserViewSet("campaign_chooser"),
        AppealChooserViewSet("appeal_chooser"),
    ]


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Downloads, the books as of a day, the journal's accounts, donors that fit what is typed, a batch’s grid."""
    return [
        path("giving/receipts/<uuid:uuid>/", receipts.download, name="receipt_download"),
        path("giving/receipts/specimen/", receipt_settings.show_specimen, name="receipt_specimen"),
        path("giving/receipts/printed/<uuid:uuid>.pdf", yearly.download_printed, name="printed_receipts_download"),
        path("giving/books/", BooksView.as_view(), name="giving_books"),
        path("giving/accounts/", AccountsView.as_view(), name="journal_accounts"),
        path("giving/journal/<uuid:uuid>/<slug:what>.<slug:fmt>", journal_files.download, name="journal_download"),
        path("giving/appeals/<int:pk>/code.<slug:fmt>", appeals.qr_code, name="appeal_qr"),
        path("giving/donors/", entry.donors, name="giving_donors"),
        path("batches/entry/<int:pk>/", BatchEntryView.as_view(), name="batch_entry"),
        path("batches/entry/<int:pk>/sheet/", batch_grid.batch_sheet, name="batch_sheet"),
        path("batches/entry/<int:pk>/rows/<uuid:key>/", batch_grid.batch_row, name="batch_row"),
        path("batches/entry/donors/", batch_grid.batch_donors, name="batch_donors"),
        path("batches/entry/likely/", batch_grid.batch_likely, name="batch_likely"),
        path("batches/entry/<int:pk>/expected/", batch_grid.batch_expected, name="batch_expected"),
        path("batches/<int:pk>/slip/", batch_page.slip, name="batch_slip"),
        path("giving/gift-aid/ask/", AskingView.as_view(), name="gift_aid_asking"),
        path("giving/gift-aid/small/", SmallDonationsView.as_view(), name="gift_aid_small"),
        path("giving/gift-aid/small/<uuid:uuid>.<slug:form>", small_claims.download, name="small_claim_file"),
        path("giving/gift-aid/evidence/<uuid:uuid>/", declaration_page.evidence, name="gift_aid_evidence"),
        path("giving/gift-aid/<uuid:uuid>/<int:number>.<slug:form>", gift_aid_claims.download, name="gift_aid_file"),
    ]


class GivingMenuItem(MenuItem):
    """For those who may see giving."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Follow the page's own rule."""
        return request.user.has_perm("donations.view_giving")


@hooks.register(menu_group(Area.GIVING))
def books_menu_item() -> MenuItem:
    """The books as of a day."""
    return GivingMenuItem(_("Books as of a day"), reverse("giving_books"), icon_name="history", order=230)


@hooks.register("insert_global_admin_css")
def look_of_a_gift() -> SafeString:
    """The classes of a gift's page."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/gift.css"))


@hooks.register("insert_global_admin_css")
def look_of_campaigns() -> SafeString:
    """The classes of campaigns, appeals and levels."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/campaigns.css"))


@hooks.register("insert_global_admin_css")
def batch_styles() -> str:
    """The grid of a batch, and what its pages share with it."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/batch.css"))


class AskingMenuItem(GivingMenuItem):
    """For those who may see giving, where Gift Aid is claimed."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Only in the United Kingdom."""
        return gift_aid_is_on() and request.user.has_perm("donations.view_giftaiddeclaration")


@hooks.register(menu_group(Area.GIVING))
def asking_menu_item() -> MenuItem:
    """Whom to ask for a declaration."""
    return AskingMenuItem(_("Whom to ask for Gift Aid"), reverse("gift_aid_asking"), icon_name="help", order=62)


class SmallDonationsMenuItem(GivingMenuItem):
    """For those who claim, where Gift Aid is claimed."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Only in the United Kingdom."""
        return gift_aid_is_on() and request.user.has_perm("donations.view_giftaidclaim")


@hooks.register(menu_group(Area.GIVING))
def small_donations_menu_item() -> MenuItem:
    """What is topped up without a declaration."""
    return SmallDonationsMenuItem(_("Small donations"), reverse("gift_aid_small"), icon_name="form", order=63)


hooks.register("register_bulk_action", ClaimAll)
hooks.register("register_bulk_action", MarkAllReceived)
hooks.register("register_bulk_action", MailNotices)
hooks.register("register_bulk_action", MarkAllTold)
hooks.register("register_bulk_action", IssueReceiptsForGifts)
hooks.register("register_bulk_action", OneReceiptADonor)
hooks.register("register_bulk_action", PrintReceipts)
hooks.register("register_bulk_action", promise_hooks.PrintReminders)
hooks.register("register_bulk_action", promise_hooks.MarkLettersWritten)


@hooks.register("construct_settings_menu")
def gift_aid_settings_only_at_home(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave the settings of Gift Aid out where it is not claimed."""
    if not gift_aid_is_on():
        items[:] = [item for item in items if item.name != "gift-aid"]
