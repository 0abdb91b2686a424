"""English: `Nov 22, 2026, 2:05 PM`, where Django would write `Nov. 22, 2026, 2:05 p.m.`."""

DATE_FORMAT = SHORT_DATE_FORMAT = "M j, Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "M j, Y, g:i A"
