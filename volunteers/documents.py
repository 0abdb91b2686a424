"""The roster to pin on the wall: who comes, a line to sign, and room for those who come along."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from core.documents import Column, Document
from volunteers.models import Shift, SignUpStatus
from volunteers.wording import hours_in_words, when

# Lines left empty for people who come without having signed up.
_WALK_INS = 3
# Wide enough for a name, and two lines high: handwriting needs the room.
_SIGNATURE = "\N{NO-BREAK SPACE}" * 40 + "\n" + "\N{NO-BREAK SPACE}"


def draw_roster(shift: Shift, *, language: str = "en") -> bytes:
    """Return the sheet as PDF. Telephone numbers stay off it: a wall has many readers."""
    with translation.override(language):
        document = Document(
            _("Roster: %(opportunity)s") % {"opportunity": shift.opportunity},
            language=language,
            subject=when(shift),
            mark=_("CANCELLED") if shift.cancelled_at else "",
        )
        document.letterhead()
        document.heading(shift.opportunity)
        document.paragraph(when(shift), lead=True)
        opportunity = shift.opportunity
        contact = " · ".join(part for part in (opportunity.contact_name, opportunity.contact_email) if part)
        taken = {"taken": shift.places_taken, "capacity": shift.capacity, "minimum": shift.minimum}
        facts = [
            (_("Place"), opportunity.place),
            (_("Contact"), contact),
            (_("Signed up"), _("%(taken)s of %(capacity)s, at least %(minimum)s needed") % taken),
            (_("Length"), hours_in_words(shift.length)),
            (_("Notes"), shift.notes),
        ]
        document.facts((label, value) for label, value in facts if value)
        document.space(4)
        places = shift.sign_ups.holding_a_place().exclude(status=SignUpStatus.NO_SHOW).select_related("volunteer")
        people = sorted((place.volunteer for place in places), key=lambda person: person.sort_name)
        columns = [
            Column("", width=22, align="right"),
            Column(_("Name"), width=170),
            Column(_("Came at"), width=70),
            Column(_("Left at"), width=70),
            Column(_("Signature")),
        ]
        lines = [(str(number), person.display_name) for number, person in enumerate(people, start=1)]
        lines += [(str(number), "") for number in range(len(people) + 1, len(people) + _WALK_INS + 1)]
        document.table(columns, ((number, name, "", "", _SIGNATURE) for number, name in lines))
        document.note(_("Came along without having signed up? Please write your name on an empty line."))
        return document.render()
