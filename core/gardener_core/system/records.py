"""Rebuild frozen dataclasses from plain JSON."""

import dataclasses
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

# The range of integers in SQLite; none of our numbers exceeds it.
_LARGEST = 2**63


def rebuild(kind: type, fields: Mapping[str, Any]) -> Any:
    """Build a frozen dataclass from plain JSON, ignoring extra fields."""
    known = {name: hint for name, hint in _hints(kind).items() if name in fields}
    return kind(**{name: _convert(hint, fields[name]) for name, hint in known.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _convert(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(value, list | tuple):
            raise TypeError(f"expected {hint}, found {type(value)}")
        return tuple(_convert(get_args(hint)[0], item) for item in value)
    if get_origin(hint) is UnionType:
        return None if value is None else _convert(get_args(hint)[0], value)
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise TypeError(f"expected one of {get_args(hint)}, found {value}")
        return value
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise TypeError(f"expected {hint}, found {type(value)}")
        return rebuild(cast(type, hint), value)
    if type(value) is int and not -_LARGEST <= value < _LARGEST:
        raise ValueError("a number that is too large")
    if hint is float and type(value) is int:
        return float(value)
    if not isinstance(value, hint) or (type(value) is bool and hint is not bool):
        raise TypeError(f"expected {hint}, found {type(value)}")
    return value
