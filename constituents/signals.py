"""What this app announces. Each is sent inside the transaction that caused it, once per real change.

constituents_merged  `kept`, `merged`, `merge`: everything of `merged` leads to `kept` now; make anew what is derived.
merge_undone         `kept`, `merged`, `merge`: both stand on their own again; make anew what is derived, of both.
"""

from django.dispatch import Signal

constituents_merged = Signal()
merge_undone = Signal()
