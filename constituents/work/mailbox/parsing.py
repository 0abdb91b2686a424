"""Bytes to a mail one can show. Hostile until proven otherwise: no markup, nothing loaded, everything capped."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

from core import clock

LONGEST_TEXT = 100_000
MOST_ATTACHMENTS = 20
# What the standard library raises on mail that breaks its parser, as found in the wild.
BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, MessageError)

_ADDRESS = re.compile(r"[^\s<>\"'(),:;\[\]\\]+@[^\s<>\"'(),:;\[\]\\]+\.[^\s<>\"'(),:;\[\]\\]+")
# How mail programs begin what they forward; the original sender's line follows within a few lines.
_FORWARDED = re.compile(
    r"^(?:-{2,}\s*(?:Forwarded message|Original Message|Weitergeleitete Nachricht|Message transféré|Ursprüngliche "
    r"Nachricht)\s*-{2,}|Begin forwarded message:|Anfang der weitergeleiteten (?:Nachricht|E-Mail):|"
    r"Début du message (?:transféré|réexpédié)\s*:)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_FROM_LINE = re.compile(r"^[>\s*]*(?:From|Von|De|Da|Van)\s*:\*?\s*(?P<who>.+)$", re.IGNORECASE | re.MULTILINE)


class UnreadableMailError(Exception):
    """The bytes are no mail we can make sense of; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name, perhaps, and an address in lower case."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came along."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """What a mail says of itself."""

    message_id: str
    sender: Person
    recipients: list[Person]
    subject: str
    text: str
    sent_at: dt.datetime
    original: Person | None = None
    attachments: list[Attached] = field(default_factory=list)


def message_id_of(raw: bytes) -> str:
    """Return what a mail is known by: its Message-ID, or a sum over it when it has none that can be used."""
    try:
        found = _plain(str(email.message_from_bytes(raw).get("Message-ID", "")), 998).strip()
    except BROKEN:
        found = ""
    if found and len(found) <= 255:
        return found
    return f"<sha256-{hashlib.sha256(found.encode() or raw).hexdigest()}>"


def parse(raw: bytes) -> ParsedMail:
    """Read a mail. Raises UnreadableMailError when it cannot be read, or comes from nobody."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        sender = next(iter(_people(message, "From") or _people(message, "Sender")), None)
        text = _text_of(message)
        attachments = list(_attachments(message))
        original = _forwarded_message(message) or _forwarded_in(text)
    except BROKEN as error:
        raise UnreadableMailError(f"{type(error).__name__}: {_plain(str(error), 300)}") from error
    if sender is None:
        raise UnreadableMailError("The mail has no sender.")
    return ParsedMail(
        message_id=message_id_of(raw),
        sender=sender,
        recipients=[person for name in ("To", "Cc", "Bcc") for person in _people(message, name)],
        subject=_line(_header(message, "Subject"), 255),
        text=text,
        sent_at=_sent_at(message),
        original=original,
        attachments=attachments,
    )


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as text, even one the library's own parser chokes on."""
    try:
        return str(message.get(name, ""))
    except BROKEN:
        raw = dict(message.raw_items()).get(name, "")
        return str(raw)


def _people(message: EmailMessage, name: str) -> list[Person]:
    return [
        Person(_line(shown, 255), address.lower())
        for shown, address in getaddresses([_line(_header(message, name), 20_000)])
        if _ADDRESS.fullmatch(address) and len(address) <= 254
    ]


def _sent_at(message: EmailMessage) -> dt.datetime:
    """Return when it was sent, as far as that can be believed: never later than now."""
    now = clock.now()
    try:
        sent = parsedate_to_datetime(_header(message, "Date"))
    except BROKEN:
        return now
    sent = sent if sent.tzinfo is not None else sent.replace(tzinfo=dt.UTC)
    return min(sent, now) if sent.year > 1970 else now


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = _content(body)
    if body.get_content_type() == "text/html":
        text = html_to_text(text)
    return _plain(re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")).strip(), LONGEST_TEXT)


def _content(part: MIMEPart) -> str:
    """Return a text part; one that lies about its charset is read as well as can be."""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _attachments(message: EmailMessage) -> Iterator[Attached]:
    for number, part in enumerate(message.iter_attachments()):
        if number >= MOST_ATTACHMENTS:
            return
        if part.get_content_type() == "message/rfc822":
            continue  # what was forwarded; its sender is found, its text is read below
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            name = _line(part.get_filename() or "", 200) or f"attachment-{number + 1}"
            yield Attached(name.replace("/", "_").replace("\\", "_"), part.get_content_type()[:100], content)


def _forwarded_message(message: EmailMessage) -> Person | None:
    """Return the sender of a mail that was forwarded as an attachment."""
    for part in message.iter_attachments():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            if isinstance(inner, EmailMessage):
                return next(iter(_people(inner, "From")), None)
    return None


def _forwarded_in(text: str) -> Person | None:
    """Return the sender of a mail that was forwarded in the text of another."""
    begins = _FORWARDED.search(text)
    if begins is None:
        return None
    line = _FROM_LINE.search(text, begins.end(), begins.end() + 1_000)
    address = _ADDRESS.search(line["who"]) if line else None
    if line is None or address is None:
        return None
    name = re.split(r"[<\[(]", line["who"], maxsplit=1)[0].strip(" \"'*")
    return Person("" if "@" in name else _line(name, 255), address[0].lower()[:254])


class _Words(HTMLParser):
    """The words of a page, with its paragraphs; scripts and styles are not words."""

    BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"})
    SILENT = frozenset({"script", "style", "head", "title", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self.SILENT))
        if tag in self.BLOCKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def html_to_text(markup: str) -> str:
    """Return the words of a page; addresses of pictures and scripts are gone with the markup."""
    words = _Words()
    words.feed(markup[: LONGEST_TEXT * 10])
    words.close()
    lines = (line.strip() for line in "".join(words.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _plain(text: str, longest: int) -> str:
    """Return text any database keeps: no lone surrogates, no NUL, no longer than so many characters."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")[:longest]


def _line(text: str, longest: int) -> str:
    """Return one line: a header that holds a line break ends nothing and begins nothing."""
    return " ".join(_plain(text, longest * 2).split())[:longest]
