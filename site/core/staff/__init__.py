"""The staff-screen kit: what every screen under /admin/ is made of. See docs/reference/staff-kit.md.

viewsets    StaffViewSet: list, add, change, delete, record page, history, export of one kind of record
verbs       VerbView: the page behind a button that does something ("Void this gift"), with confirmation and reason
records     RecordView: one record's page, with panels that rooms above may add to, and a paged timeline
choosers    StaffChooserViewSet: pick a record in a form
bulk        StaffBulkAction: do a verb to many rows at once
columns     amounts, dates, chips and links in lists
menu        the eight areas of the menu
actions     how Wagtail's own create, edit and delete run our verbs and write our audit
"""
