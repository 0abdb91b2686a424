"""What this app announces, inside the transaction that caused it.

signed_up          `sign_up`, `by`: someone holds a place or waits for one.
sign_up_cancelled  `sign_up`, `by`: a place was given back.
place_given        `sign_up`: someone moved from the waiting list into the shift.
"""

from django.dispatch import Signal

signed_up = Signal()
sign_up_cancelled = Signal()
place_given = Signal()
