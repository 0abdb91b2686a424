"""The portal's addresses, below /account/ beside those of signing in."""

from django.urls import path

from portal.views import (
    acting,
    claim,
    directory,
    gift_aid,
    giving,
    home,
    membership,
    mending,
    preferences,
    privacy,
    profile,
    recurring,
    shifts,
)

urlpatterns = [
    path("", home.home, name="portal_home"),
    path("act/", acting.act_for, name="portal_act"),
    path("claim/", claim.claim, name="portal_claim"),
    path("claim/new/", claim.add_myself, name="portal_add_myself"),
    path("details/", profile.profile, name="portal_profile"),
    path("directory/", directory.choices, name="portal_directory"),
    path("directory/preview/", directory.preview, name="portal_directory_preview"),
    path("giving/", giving.giving, name="portal_giving"),
    path("giving/gift-aid/", gift_aid.gift_aid, name="portal_gift_aid"),
    path("giving/gift-aid/cancel/", gift_aid.cancel, name="portal_gift_aid_cancel"),
    path("giving/receipts/<uuid:which>/", giving.receipt, name="portal_receipt"),
    path("giving/mend/<str:token>/", mending.mend, name="mend_recurring"),
    path("giving/mend/<str:token>/back/", mending.back, name="mend_recurring_back"),
    path("giving/recurring/<uuid:which>/", recurring.recurring, name="portal_recurring"),
    path("giving/recurring/<uuid:which>/card/", recurring.card, name="portal_recurring_card"),
    path("giving/recurring/<uuid:which>/card/back/", recurring.card_back, name="portal_recurring_card_back"),
    path("giving/recurring/<uuid:which>/<slug:what>/", recurring.change, name="portal_recurring_change"),
    path("membership/", membership.membership, name="portal_membership"),
    path("membership/card/", membership.card, name="portal_card"),
    path("membership/renew/", membership.renew, name="portal_renew"),
    path("shifts/", shifts.shifts, name="portal_shifts"),
    path("shifts/hours/", shifts.hours, name="portal_hours"),
    path("shifts/<uuid:which>/cancel/", shifts.cancel, name="portal_cancel_shift"),
    path("preferences/", preferences.preferences, name="portal_preferences"),
    path("privacy/", privacy.privacy, name="portal_privacy"),
    path("privacy/data/", privacy.take_data, name="portal_take_data"),
    path("privacy/erasure/", privacy.ask_for_erasure, name="portal_erasure"),
]
