"""The models of this app, one aggregate a module."""

from volunteers.models.hours import HoursEntry, HoursStatus
from volunteers.models.opportunity import Opportunity, Shift, Visibility
from volunteers.models.signup import SignUp, SignUpStatus

__all__ = ["HoursEntry", "HoursStatus", "Opportunity", "Shift", "SignUp", "SignUpStatus", "Visibility"]
