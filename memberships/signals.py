"""What this app announces. Each is sent inside the transaction that caused it, once per real change.

term_added            `term`, `by`: somebody joined, renewed or changed level.
membership_cancelled  `membership`, `by`, `reason`.
application_received  `application`, `by`: somebody asked to join or renew, to pay later or to be approved.
membership_flagged    `flag`: money came or went in a way that somebody has to look at.
"""

from django.dispatch import Signal

term_added = Signal()
membership_cancelled = Signal()
application_received = Signal()
membership_flagged = Signal()
