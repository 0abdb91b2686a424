"""What each role may do with people's records."""

from accounts.roles import Role, allow, allow_all

allow_all("constituents.view_constituent", "constituents.view_household", but=(Role.BOARD_READER,))
for _role in (
    Role.ADMINISTRATOR,
    Role.FUNDRAISER,
    Role.GIFT_PROCESSOR,
    Role.MEMBERSHIP_OFFICER,
    Role.VOLUNTEER_COORDINATOR,
):
    allow(
        _role,
        "constituents.add_constituent",
        "constituents.change_constituent",
        "constituents.add_household",
        "constituents.change_household",
        "constituents.add_interaction",
        "constituents.view_interaction",
    )
allow(Role.COMMUNICATIONS, "constituents.view_interaction", "constituents.add_interaction")
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER):
    allow(_role, "constituents.export_constituent", "constituents.view_tag", "constituents.add_tag")
allow(
    Role.ADMINISTRATOR,
    "constituents.change_tag",
    "constituents.delete_tag",
    "constituents.view_sensitive_constituent",
)

allow_all("constituents.view_duplicatepair", but=(Role.BOARD_READER,))
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR, Role.MEMBERSHIP_OFFICER):
    allow(_role, "constituents.change_duplicatepair")
allow(Role.ADMINISTRATOR, "constituents.add_duplicatescan", "constituents.view_duplicatescan")
allow(Role.FUNDRAISER, "constituents.add_duplicatescan", "constituents.view_duplicatescan")
