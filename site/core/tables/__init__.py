"""Lists that answer questions: django-tables2 tables with filters, totals, export and a memory. See StewardTable."""
