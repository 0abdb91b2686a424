"""A small task a browser may be asked to solve before it pays: a second for a donor, a lot for whoever tests cards.

The task is that of ALTCHA: find the number whose hash with the salt is the one named. Ours is drawn and checked here
and solved by our own script (`static/js/giving.js`); nobody else hears of it. Without JavaScript, or in a browser that
cannot hash, the form goes through all the same, only to a tighter limit (`website.giving.limits`).
"""

from __future__ import annotations

import base64
import datetime as dt
import json

import altcha
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from core import clock

#: The number lies below; a telephone tries some ten thousand a second.
HARDNESS = 30_000
GOOD_FOR = dt.timedelta(hours=2)
_TEXTS = ("algorithm", "challenge", "salt", "signature")


def _key() -> str:
    return salted_hmac("website.giving.proof", "task").hexdigest()


def new_task() -> str:
    """Return a task, as the page carries it."""
    options = altcha.ChallengeOptionsV1(
        algorithm="SHA-256", max_number=HARDNESS, expires=clock.now() + GOOD_FOR, hmac_key=_key()
    )
    return json.dumps(altcha.create_challenge_v1(options).to_dict())


def is_solved(answer: str) -> bool:
    """Whether the answer solves a task of ours that is not too old; each answer counts once."""
    try:
        solution = json.loads(base64.b64decode(answer, validate=True))
    except ValueError:
        return False
    # The library takes it for granted that these are texts.
    if not isinstance(solution, dict) or not all(isinstance(solution.get(part), str) for part in _TEXTS):
        return False
    if not altcha.verify_solution_v1(answer, _key(), check_expires=True)[0]:
        return False
    return cache.add(f"giving-proof:{solution['challenge']}", 1, GOOD_FOR.seconds)
