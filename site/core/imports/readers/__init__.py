"""Reading a file as a table: what it is written in is found out, said, and never guessed silently.

    with open_table(path, "donors.csv") as table:
        table.encoding, table.separator, table.header_row, table.columns
        for row in table:
            row.number, row.cells

A row's number is the one a spreadsheet shows: the first row of the file is 1, whatever it holds.
"""

from core.imports.readers.opening import open_table
from core.imports.readers.table import Column, Limits, Row, Table

__all__ = ["Column", "Limits", "Row", "Table", "open_table"]
