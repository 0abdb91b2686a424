"""A mail server of one folder on this machine, as much of IMAP as reading mail needs."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _space, command = line.decode().strip().partition(" ")
            self.server.said.append(command)
            if not self._answer(tag, command):
                return

    def _answer(self, tag: str, command: str) -> bool:
        name = command.upper()
        if name.startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        elif name.startswith("LOGIN") and "wrong" in command:
            self.wfile.write(f"{tag} NO not you\r\n".encode())
            return True
        elif name.startswith("SELECT"):
            self._say(f"* {len(self.server.mails)} EXISTS")
        elif name.startswith("UID SEARCH"):
            unseen = [str(number) for number in range(1, len(self.server.mails) + 1) if number not in self.server.seen]
            self._say("* SEARCH " + " ".join(unseen))
        elif name.startswith("UID FETCH"):
            self._fetch(int(re.match(r"UID FETCH (\d+)", name)[1]), name)
        elif name.startswith("UID STORE"):
            self.server.seen.add(int(re.match(r"UID STORE (\d+)", name)[1]))
        elif name.startswith("LOGOUT"):
            self._say("* BYE")
            self.wfile.write(f"{tag} OK bye\r\n".encode())
            return False
        self.wfile.write(f"{tag} OK done\r\n".encode())
        return True

    def _fetch(self, uid: int, command: str) -> None:
        raw = self.server.mails[uid - 1]
        if "RFC822.SIZE" in command:
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            return
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """What it holds, what was marked read, and what it was told."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, mails: list[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails, self.seen, self.said = mails, set(), []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"imap://files%40example.org:secret@127.0.0.1:{self.server_address[1]}/INBOX"


@contextmanager
def serving(mails: list[bytes]) -> Iterator[MailServer]:
    """Serve the mails for the length of a block."""
    with MailServer(mails) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
