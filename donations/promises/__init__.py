"""Promises: pledges with their instalments, and recurring gifts. What was promised and what came stay apart.

schedule.py      when something falls due: pure functions over dates
pledging.py      a pledge is made, and its schedule changed
paying.py        gifts pay instalments; money that goes back frees them again
writing_off.py   what will not come is given up, and that can be taken back
reminding.py     reminders by e-mail, once each, and the list of letters
standing.py      a recurring gift starts, changes, pauses, goes on, ends
setting_up.py    one that is charged online is prepared, begins, or is never completed
following.py     it follows what is charged, as dated changes
expecting.py     which of its dates were met, and what that says of it
upkeep.py        what the clock does every day
matching.py      which promise a payment looks like
reports.py       promised and came; how recurring giving grows and shrinks
"""
