"""Lists and pages of rows that only verbs write: no button offers a bare form, or to delete one."""

from __future__ import annotations

from django.db.models import Model


class NeverDeleted:
    """Money is voided, refunded or cancelled: no button offers to delete it."""

    def get_delete_url(self, instance: Model | None = None) -> None:
        """There is none."""
        return


class OnlyByVerbs(NeverDeleted):
    """What is recorded, mended and taken back by verbs: there is no form to add or change one."""

    def get_add_url(self) -> None:
        """There is none."""
        return

    def get_edit_url(self, instance: Model | None = None) -> None:
        """There is none."""
        return
