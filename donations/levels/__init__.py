"""Donor levels: what somebody's gifts add up to on each ladder, the level that makes, and since when.

    level_of(constituent)            their level on the first ladder that is in use, or None
    levels_of(constituents)          the same for many, in one query

adding_up    walks the gifts in the order they were given and says who reached what, and on which day
standing     keeps the rows: after each gift for those it concerns, for everyone by night and when a ladder changes
events       "a level is reached", for rules
criteria     segments by level
screens of the ladders are in donations.staff.levels

A standing is never written by hand and adds to nothing: it is made of counted gifts, and `rebuild_rollups --check`
proves it.
"""

from donations.levels.standing import level_of, levels_of

__all__ = ["level_of", "levels_of"]
