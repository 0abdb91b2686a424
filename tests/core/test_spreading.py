"""Work spread over processors: in order, a few pieces at a time, and no helper outlives whom it helps."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from operator import neg
from pathlib import Path

import pytest

from core.spreading import spread


def test_results_come_in_the_order_of_the_pieces() -> None:
    assert list(spread(neg, range(20), helpers=2)) == [(number, -number) for number in range(20)]


def test_only_a_few_pieces_are_asked_for_ahead() -> None:
    asked = []

    def pieces() -> Iterator[int]:
        for number in range(100):
            asked.append(number)
            yield number

    results = spread(neg, pieces(), helpers=2)
    next(results)
    assert len(asked) <= 5
    results.close()


def test_what_a_helper_raises_is_raised_here() -> None:
    with pytest.raises(TypeError):
        list(spread(neg, ["not a number"], helpers=1))


def test_a_helper_ends_when_the_process_it_helps_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(
        "import itertools, os\n"
        "from core.spreading import spread\n"
        "def whose(_piece):\n    return os.getpid()\n"
        "if __name__ == '__main__':\n"
        "    for _piece, helper in spread(whose, itertools.count(), helpers=1):\n"
        "        print(helper, flush=True)\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment)
    helper = int(run.stdout.readline())
    run.kill()
    run.communicate()
    until = time.monotonic() + 20
    while _is_running(helper):
        assert time.monotonic() < until, "the helper still waits for work"


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
