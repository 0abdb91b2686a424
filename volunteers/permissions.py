"""What each role may do about volunteering. Sign-ups and hours are written by verbs alone, never by a bare form."""

from wagtail.permissions import register_permission_policy

from accounts.roles import Role, allow, allow_all
from core.staff.policies import MadeByVerbs
from volunteers.models import HoursEntry, Shift, SignUp

register_permission_policy(Shift, MadeByVerbs(Shift, refused=("delete",)))
register_permission_policy(SignUp, MadeByVerbs(SignUp, refused=("add", "change", "delete")))
register_permission_policy(HoursEntry, MadeByVerbs(HoursEntry, refused=("add", "change", "delete")))

# The board reads how well shifts are covered, not who comes.
allow_all("volunteers.view_opportunity", "volunteers.view_shift")
allow_all("volunteers.view_signup", "volunteers.view_hoursentry", but=(Role.BOARD_READER,))
for _role in (Role.ADMINISTRATOR, Role.VOLUNTEER_COORDINATOR):
    allow(
        _role,
        "volunteers.add_opportunity",
        "volunteers.change_opportunity",
        "volunteers.delete_opportunity",
        "volunteers.add_shift",
        "volunteers.change_shift",
        "volunteers.add_signup",
        "volunteers.change_signup",
        "volunteers.export_signup",
        "volunteers.add_hoursentry",
        "volunteers.approve_hours",
        "volunteers.export_hoursentry",
    )
