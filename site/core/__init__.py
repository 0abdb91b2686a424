"""The ground every room stands on.

money, clock, organisation, audit, triggers, jobs, mail, imports, exports, documents, privacy, tables, staff: each a
small room with one subject.
"""
