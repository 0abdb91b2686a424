"""What each role may do about Gift Aid. Whoever sees declarations and claims sees giving."""

from accounts.roles import Role, allow, needs_second_factor

_LOOK = (
    "donations.view_giftaiddeclaration",
    "donations.view_giftaidclaim",
    "donations.view_smallclaim",
    "donations.view_smallcollection",
)
_DECLARE = (
    "donations.add_giftaiddeclaration",
    "donations.change_giftaiddeclaration",
    "donations.cancel_giftaiddeclaration",
)
_CLAIM = (
    "donations.add_giftaidclaim",
    "donations.change_giftaidclaim",
    "donations.submit_giftaidclaim",
    "donations.export_giftaidclaim",
    "donations.export_giftaiddeclaration",
    "donations.add_smallcollection",
    "donations.change_smallcollection",
    "donations.delete_smallcollection",
    "donations.export_smallcollection",
    "donations.add_smallclaim",
    "donations.change_smallclaim",
    "donations.submit_smallclaim",
    "donations.export_smallclaim",
)

for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR, Role.READ_ONLY):
    allow(_role, *_LOOK)
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR):
    allow(_role, *_DECLARE)
for _role in (Role.ADMINISTRATOR, Role.GIFT_PROCESSOR):
    allow(_role, *_CLAIM)
allow(Role.ADMINISTRATOR, "donations.change_giftaidsettings")

needs_second_factor(*_LOOK)
