"""Checks a request against the pinned SDK's own parameter types, which are generated from Stripe's API specification.

An unknown key, a missing one, a wrong literal or a wrong type is refused in the API's words. What passes comes back
with the types it has in the specification: whole numbers, truth values, decimals.
"""

from __future__ import annotations

import functools
import re
import sys
import types
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

from stripe import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

from donations.stripe.fake.problems import ApiError, wrong

# Of the SDK, not of the API: it takes them off before it sends.
OPTIONS = frozenset(RequestOptions.__annotations__)
WHOLE_NUMBER = re.compile(r"-?\d+")
MOST_KEYS, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500


class _MismatchError(Exception):
    """A value is not of the type; the caller may try another."""


def check_params(shape: type, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters in the types of a TypedDict of `stripe.params`; raise ApiError for the first fault."""
    return _fields(shape, params, "")


@functools.cache
def _hints(shape: type) -> dict[str, Any]:
    """The fields of a TypedDict, evaluated where it was written.

    Not `get_type_hints(shape)`: the names in RequestOptions' annotations exist for type checkers only.
    """
    own = {name: hint for name, hint in shape.__annotations__.items() if name not in OPTIONS}
    holder = type(shape.__name__, (), {"__annotations__": own})
    return get_type_hints(holder, vars(sys.modules[shape.__module__]), include_extras=True)


def _fields(shape: type, value: Any, path: str) -> dict[str, Any]:
    if value == "":
        return {}
    if not isinstance(value, Mapping):
        raise wrong("Invalid object", path or None)
    hints = _hints(shape)
    result = {}
    for name, given in value.items():
        here = f"{path}[{name}]" if path else name
        if name not in hints:
            raise ApiError(f"Received unknown parameter: {here}", code="parameter_unknown", param=here)
        result[name] = _value(hints[name], given, here)
    for name, hint in hints.items():
        if name not in value and get_origin(hint) is not NotRequired:
            here = f"{path}[{name}]" if path else name
            raise ApiError(f"Missing required param: {here}.", code="parameter_missing", param=here)
    return result


def _value(hint: Any, given: Any, path: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (NotRequired, Required):
        return _value(arguments[0], given, path)
    try:
        if origin in (Union, types.UnionType):
            return _one_of(arguments, given, path)
        return _plain(hint, given, path)
    except _MismatchError as mismatch:
        raise wrong(str(mismatch), path) from mismatch


def _one_of(choices: tuple[Any, ...], given: Any, path: str) -> Any:
    """The first type that fits; the most telling refusal when none does."""
    words = [word for choice in choices if get_origin(choice) is Literal for word in get_args(choice)]
    if any(words):
        # `Literal[...] | str` leaves the SDK room for words of a later API; this version knows the listed ones.
        choices = tuple(choice for choice in choices if choice is not str)
    complaints: list[str] = []
    for choice in choices:
        if choice is type(None):
            continue
        try:
            # A structure names the place of its own fault.
            return _plain(choice, given, path)
        except _MismatchError as mismatch:
            complaints.append(str(mismatch))
    raise _MismatchError(complaints[-1] if complaints else f"Invalid {path}")


def _plain(hint: Any, given: Any, path: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _word(arguments, given, path)
    if origin is list:
        return _items(arguments[0], given, path)
    if origin in (Union, types.UnionType):
        return _one_of(arguments, given, path)
    if is_typeddict(hint):
        if not isinstance(given, Mapping) and given != "":
            raise _MismatchError("Invalid object")
        return _fields(hint, given, path)
    if origin in (dict, UntypedStripeObject) or hint is UntypedStripeObject:
        return _texts(given, path)
    if isinstance(given, (dict, list)):
        raise _MismatchError(f"Invalid {'array' if isinstance(given, list) else 'hash'}")
    if hint is bool:
        return _truth(given)
    if hint is int:
        return _whole(given)
    if hint in (float, Decimal):
        return _number(hint, given)
    if hint is str:
        return given
    raise _MismatchError(f"The double does not know the type of {path}: {hint}")


def _word(words: tuple[Any, ...], given: Any, path: str) -> Any:
    if given not in words:
        raise _MismatchError(f"Invalid {path}: must be one of {', '.join(str(word) for word in words)}")
    return given


def _items(hint: Any, given: Any, path: str) -> list[Any]:
    if not isinstance(given, list):
        raise _MismatchError("Invalid array")
    return [_value(hint, item, f"{path}[{number}]") for number, item in enumerate(given)]


def _texts(given: Any, path: str) -> dict[str, str]:
    """Metadata: texts by name, within the limits Stripe documents."""
    if not isinstance(given, Mapping):
        raise _MismatchError("Invalid hash")
    if len(given) > MOST_KEYS:
        raise wrong(f"Metadata can have up to {MOST_KEYS} keys", path)
    for key, text in given.items():
        if len(key) > LONGEST_KEY:
            raise wrong(f"Metadata keys must be {LONGEST_KEY} characters or fewer: {key}", path)
        if not isinstance(text, str):
            raise wrong("Metadata values must be strings", f"{path}[{key}]")
        if len(text) > LONGEST_VALUE:
            raise wrong(f"Metadata values must be {LONGEST_VALUE} characters or fewer", f"{path}[{key}]")
    return dict(given)


def _truth(given: str) -> bool:
    if given not in ("true", "false"):
        raise _MismatchError(f"Invalid boolean: {given}")
    return given == "true"


def _whole(given: str) -> int:
    if not WHOLE_NUMBER.fullmatch(given):
        raise _MismatchError(f"Invalid integer: {given}")
    return int(given)


def _number(kind: type[float] | type[Decimal], given: str) -> float | str:
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise _MismatchError(f"Invalid decimal: {given}") from None
    # Stripe answers decimals as text.
    return float(number) if kind is float else given
