"""Mail: every message leaves through `send`, is kept as it was sent, and is handed to the mail server at most once.

- `models`    what was or will be sent, to whom, about whom, and how far it got
- `rendering` templates/emails/<template>{_subject.txt,.txt,.html} made into a subject and two bodies
- `outbox`    `send`, and the one careful way from row to mail server
- `backends`  the demo's delivery, which only records
- `views`     the demo mailbox, where those records are read
"""

from core.mail.outbox import Attachment, send

__all__ = ["Attachment", "send"]
