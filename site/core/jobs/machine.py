"""This machine, as far as deciding needs it whether a process of a worker still runs."""

from __future__ import annotations

import functools
import os
import socket


@functools.cache
def name() -> str:
    """Name the space in which process numbers mean something: two containers on one host are two."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:  # not Linux
        space = ""
    return f"{socket.gethostname()[:80]} {space}".strip()


def is_running(pid: int) -> bool:
    """Whether a process of that number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
