"""What staff and board see across domains.

reports/      the figures of the board's page and the prospect list; each report's rows by name
documents.py  the same as PDF
today.py      what waits for whom on the workspace's first page
views.py      the report pages; wagtail_hooks.py registers them
demo/         Harbour Light, its people and their years
imports/      files that hold people, gifts and organisations in one row
"""
