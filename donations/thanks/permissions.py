"""What each role may do about thanks. Whoever sees the queue sees giving."""

from accounts.roles import Role, allow, needs_second_factor

_LOOK = ("donations.view_acknowledgement", "donations.view_thankyourun", "donations.view_thankyoutemplate")
_THANK = ("donations.thank_donor", "donations.export_acknowledgement")
_WRITE = (
    "donations.add_thankyoutemplate",
    "donations.change_thankyoutemplate",
    "donations.delete_thankyoutemplate",
)

for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR, Role.READ_ONLY):
    allow(_role, *_LOOK)
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR):
    allow(_role, *_THANK, *_WRITE)
allow(Role.ADMINISTRATOR, "donations.change_thankssettings")

needs_second_factor("donations.view_acknowledgement", "donations.view_thankyourun")
