"""Bringing files in: read, recognise, plan, run, undo; and what a room does to have its records imported.

readers/        a file as a table: encoding, separator, header row, limits
cleaning/       a cell as a value; how a whole column writes its dates and amounts
formats.py      registry of kinds of files: fields, headers, and how a row becomes drafts
records.py      registry of record types: how their records are recognised, compared, written, taken back
recognition.py  what a file is, to be shown and corrected
planning.py     every row compared with what is on record; the plan stands in staging rows
running.py      the plan applied, chunk by chunk, each with a checkpoint
undoing.py      the whole import taken back, saying what was kept and why
summary.py      the figures, and the output of `import_data`

Core knows neither people nor gifts: `constituents.resources`, `donations.resources` and `office.imports` register them.
"""
