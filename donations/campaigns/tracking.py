"""Which appeal a visitor of the giving page answers: told by the code on the link they came by.

`?a=CODE` names an appeal. The usual marks of newsletters and search advertising work too: `utm_content` or `utm_id`
with an appeal's code, `utm_campaign` with an appeal's or a campaign's. A code that nobody knows or that has ended is
nobody's fault: the gift comes in all the same, credited to whatever else the link says, or to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core import clock
from donations.models import Appeal, Campaign

APPEAL_MARKS = ("a", "utm_content", "utm_id", "utm_campaign")
CAMPAIGN_MARK = "utm_campaign"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Credit:
    """What a gift is credited to; `code` is what the form carries on."""

    campaign: Campaign | None = None
    appeal: Appeal | None = None

    @property
    def code(self) -> str:
        """The appeal's code, or the campaign's when only that is credited; empty for neither."""
        if self.appeal:
            return self.appeal.code
        return self.campaign.code if self.campaign else ""


NOTHING = Credit()


def appeal_for(code: str) -> Appeal | None:
    """Return the appeal of the code, in whatever case it is written; None when it is unknown or has ended."""
    code = _readable(code)
    if not code:
        return None
    return Appeal.objects.open_on(clock.today()).coded(code).select_related("campaign").first()


def credit_for(marks: Mapping[str, str]) -> Credit:
    """Return what the marks on a link credit: the first that names an open appeal, else the campaign named."""
    written = dict.fromkeys(code for mark in APPEAL_MARKS if (code := _readable(marks.get(mark, ""))))
    for code in written:
        if appeal := appeal_for(code):
            return Credit(appeal.campaign, appeal)
    # The form carries either code on under the first mark.
    if code := _readable(marks.get(CAMPAIGN_MARK, "") or marks.get(APPEAL_MARKS[0], "")):
        campaign = Campaign.objects.filter(code__iexact=code).first()
        if campaign is not None and campaign.is_running_on(clock.today()):
            return Credit(campaign)
    return NOTHING


def _readable(code: str) -> str:
    # What no code can be is not looked for: robots type addresses too.
    code = code.strip()
    return code if len(code) <= _LONGEST and code.isascii() and code.replace("-", "").replace("_", "").isalnum() else ""
