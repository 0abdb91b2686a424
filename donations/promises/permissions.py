"""What each role may do about promises. Whoever asks for them also writes them down."""

from accounts.roles import Role, allow, needs_second_factor

_LOOK = ("donations.view_pledge", "donations.view_pledgereminder", "donations.view_recurringgift")
_WRITE_DOWN = (
    "donations.add_pledge",
    "donations.change_pledge",
    "donations.export_pledge",
    "donations.add_recurringgift",
    "donations.change_recurringgift",
    "donations.export_recurringgift",
)

for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR, Role.READ_ONLY):
    allow(_role, *_LOOK)
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR):
    allow(_role, *_WRITE_DOWN)
for _role in (Role.ADMINISTRATOR, Role.GIFT_PROCESSOR):
    allow(_role, "donations.write_off_pledge")
allow(Role.ADMINISTRATOR, "donations.change_promisesettings")

needs_second_factor(*_LOOK)
