"""A table of the suite's own, for what no real table shows as plainly. (An app without migrations.)"""

from django.db import models


class Line(models.Model):
    """A row of a pretended ledger."""

    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    note = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, default="posted")
    settled_on = models.DateField(null=True)

    def __str__(self):
        return self.note
