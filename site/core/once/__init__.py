"""A form that is sent twice is done once: a double click, a slow line, a page loaded again.

Each drawing of a form carries a token (`{% form_token %}` beside `{% csrf_token %}`). What the form does and the row
that says that it was done are written in one transaction, so of two that arrive together the second waits for the first
and is led to where that one went. A verb's page and the page to add a record do so by themselves (`core.staff.once`); a
view that is a function is decorated with `core.once.sending.sent_once`.
"""
