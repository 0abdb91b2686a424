"""What the board may see: the figures, and no telephone numbers."""

from accounts.roles import Role, allow

allow(Role.BOARD_READER, "donations.view_giving")
allow(Role.FUNDRAISER, "donations.view_giving")
