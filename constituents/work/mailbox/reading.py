"""Where mail is read from: a Maildir, an mbox file, or an IMAP folder. Each comes as bytes, and is ticked off after.

imaps://files%40example.org:secret@mail.example.org/INBOX
"""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.utils.translation import gettext as _

from constituents.errors import MailError

LARGEST = 30 * 1024 * 1024
# Seconds; a server that hangs must not hold a worker.
TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class Received:
    """One mail: its bytes, what is wrong with how it came, and what to call once it has been taken in."""

    raw: bytes
    trouble: str = ""
    tick_off: Callable[[], None] = lambda: None


def read(place: str) -> Iterator[Received]:
    """Return the mails of a mailbox, one at a time. Raises MailError when it cannot be opened."""
    if place.startswith(("imap://", "imaps://")):
        return _imap(urlsplit(place))
    path = Path(place)
    if (path / "cur").is_dir():
        return _files(mailbox.Maildir(path, create=False))
    if path.is_file():
        return _files(mailbox.mbox(path, create=False))
    raise MailError(_("There is no mailbox at “%(place)s”: neither a Maildir nor an mbox file.") % {"place": place})


def _files(box: mailbox.Mailbox) -> Iterator[Received]:
    """Read a mailbox on disk and leave it as it is: a mail is known by its ID, not by a mark."""
    try:
        for key in box.iterkeys():
            yield _capped(box.get_bytes(key))
    finally:
        box.close()


def _capped(raw: bytes) -> Received:
    if len(raw) <= LARGEST:
        return Received(raw)
    return Received(raw[:20_000], trouble=_("The mail is larger than %(size)d MB.") % {"size": LARGEST >> 20})


def _imap(url: SplitResult) -> Iterator[Received]:
    """Read what is unread, and mark it read once it has been taken in."""
    try:
        with _connection(url) as server:
            server.login(unquote(url.username or ""), unquote(url.password or ""))
            folder = unquote(url.path.strip("/")) or "INBOX"
            _expect(server.select(f'"{folder}"'), _("There is no folder “%(folder)s”.") % {"folder": folder})
            _kind, found = server.uid("SEARCH", "UNSEEN")
            for uid in (found[0] or b"").split():
                yield from _fetch(server, uid.decode())
    except (imaplib.IMAP4.error, OSError) as error:
        # Never the address itself: it holds the password.
        raise MailError(_("The mail server said no: %(error)s") % {"error": error}) from error


def _connection(url: SplitResult) -> imaplib.IMAP4:
    host = url.hostname or ""
    context = ssl.create_default_context()
    if url.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, url.port or 993, ssl_context=context, timeout=TIMEOUT)
    server = imaplib.IMAP4(host, url.port or 143, timeout=TIMEOUT)
    if not _is_here(host):
        server.starttls(context)  # nothing goes over a network in the clear
    return server


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _fetch(server: imaplib.IMAP4, uid: str) -> Iterator[Received]:
    size = _size(server, uid)
    part = "BODY.PEEK[]" if size <= LARGEST else "BODY.PEEK[HEADER]"
    _kind, answer = server.uid("FETCH", uid, f"({part})")
    raw = next((line[1] for line in answer if isinstance(line, tuple)), None)
    if raw is None:
        return
    trouble = "" if size <= LARGEST else _("The mail is larger than %(size)d MB.") % {"size": LARGEST >> 20}
    yield Received(raw, trouble, lambda: _mark(server, uid))


def _size(server: imaplib.IMAP4, uid: str) -> int:
    _kind, answer = server.uid("FETCH", uid, "(RFC822.SIZE)")
    line = next((line for line in answer if isinstance(line, bytes) and b"RFC822.SIZE" in line), b"")
    number = line.partition(b"RFC822.SIZE")[2].strip(b" )").split(b" ")[0]
    return int(number) if number.isdigit() else 0


def _mark(server: imaplib.IMAP4, uid: str) -> None:
    server.uid("STORE", uid, "+FLAGS", r"(\Seen)")


def _expect(answer: tuple[str, list], sentence: str) -> None:
    if answer[0] != "OK":
        raise MailError(sentence)
