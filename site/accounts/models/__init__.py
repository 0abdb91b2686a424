"""The user, and the links that sign users in."""

from accounts.models.sign_in_link import SignInLink
from accounts.models.user import User, UserManager

__all__ = ["SignInLink", "User", "UserManager"]
