"""What roles may do with users, groups, the organisation's settings and the mail record.

Core knows nothing of roles, so its share stands here.
"""

from accounts.roles import Role, allow

allow(
    Role.ADMINISTRATOR,
    "accounts.add_user",
    "accounts.change_user",
    "accounts.delete_user",
    "accounts.view_user",
    "auth.add_group",
    "auth.change_group",
    "auth.delete_group",
    "auth.view_group",
    "core.change_organisation",
    "core.run_imports",
    "core.view_message",
    "core.send_message",
    "wagtailcore.change_site",
)
allow(Role.COMMUNICATIONS, "core.view_message", "core.send_message")
