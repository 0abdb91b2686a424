"""Lists that answer questions: django-tables2 tables with filters, totals, export and a memory.

StewardTable and its columns are one table for screen, sheet and PDF. StaffTableView shows it to staff.
"""

from core.tables.columns import AmountColumn, DateColumn, NumberColumn, StatusColumn
from core.tables.table import StewardTable
from core.tables.views import StaffTableView, TableView

__all__ = [
    "AmountColumn",
    "DateColumn",
    "NumberColumn",
    "StaffTableView",
    "StatusColumn",
    "StewardTable",
    "TableView",
]
