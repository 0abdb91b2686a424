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
        "constituents.change_interaction",
        "constituents.view_document",
        "constituents.add_document",
    )
allow(Role.COMMUNICATIONS, "constituents.view_interaction", "constituents.add_interaction")
# Whom a segment finds tells what it asks for: what a role may not see, it cannot ask by (segments.registry.lacking).
allow_all("constituents.view_segment", "constituents.view_segmentsnapshot", but=(Role.BOARD_READER,))
for _role in (
    Role.ADMINISTRATOR,
    Role.FUNDRAISER,
    Role.GIFT_PROCESSOR,
    Role.MEMBERSHIP_OFFICER,
    Role.VOLUNTEER_COORDINATOR,
    Role.COMMUNICATIONS,
):
    allow(
        _role,
        "constituents.add_segment",
        "constituents.change_segment",
        "constituents.delete_segment",
        "constituents.add_segmentsnapshot",
    )
allow(Role.ADMINISTRATOR, "constituents.change_any_segment", "constituents.delete_segmentsnapshot")
allow(Role.FUNDRAISER, "constituents.delete_segmentsnapshot")
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER):
    allow(_role, "constituents.export_constituent", "constituents.view_tag", "constituents.add_tag")
allow(
    Role.ADMINISTRATOR,
    "constituents.change_householdnaming",
    "constituents.change_tag",
    "constituents.delete_tag",
    "constituents.view_sensitive_constituent",
    "constituents.add_customfield",
    "constituents.change_customfield",
    "constituents.delete_customfield",
    "constituents.view_customfield",
)

allow_all("constituents.view_duplicatepair", but=(Role.BOARD_READER,))
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.GIFT_PROCESSOR, Role.MEMBERSHIP_OFFICER):
    allow(_role, "constituents.change_duplicatepair")
allow(Role.ADMINISTRATOR, "constituents.add_duplicatescan", "constituents.view_duplicatescan")
allow(Role.FUNDRAISER, "constituents.add_duplicatescan", "constituents.view_duplicatescan")

# Work: whoever talks with people has follow-ups; whoever plans for others has plans and rules.
for _role in (
    Role.ADMINISTRATOR,
    Role.FUNDRAISER,
    Role.GIFT_PROCESSOR,
    Role.MEMBERSHIP_OFFICER,
    Role.VOLUNTEER_COORDINATOR,
    Role.COMMUNICATIONS,
):
    allow(
        _role,
        "constituents.view_followup",
        "constituents.add_followup",
        "constituents.change_followup",
        "constituents.view_plan",
        "constituents.view_planrun",
        "constituents.start_plan",
        "constituents.view_incomingmail",
        "constituents.file_incomingmail",
        "constituents.view_addressdecision",
        "constituents.delete_addressdecision",
    )
allow(Role.READ_ONLY, "constituents.view_followup", "constituents.view_plan", "constituents.view_planrun")
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER, Role.MEMBERSHIP_OFFICER, Role.VOLUNTEER_COORDINATOR):
    allow(
        _role,
        "constituents.add_plan",
        "constituents.change_plan",
        "constituents.view_rule",
        "constituents.view_rulerun",
    )
allow(Role.FUNDRAISER, "constituents.export_followup")
allow(
    Role.ADMINISTRATOR,
    "constituents.delete_plan",
    "constituents.add_rule",
    "constituents.change_rule",
    "constituents.delete_rule",
    "constituents.change_worksettings",
)

for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER):
    allow(_role, "constituents.delete_document")
for _action in ("view", "add", "change", "delete"):
    allow(Role.ADMINISTRATOR, f"constituents.{_action}_relationshiptype")

# Whoever merges may undo it: an administrator, and a fundraiser, who knows the people.
for _role in (Role.ADMINISTRATOR, Role.FUNDRAISER):
    allow(_role, "constituents.merge_constituent", "constituents.view_merge")
