"""Write events as JSON, and read them back."""

import dataclasses
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from gardener_core.events import Event, Unknown

# What SQLite, an array and a clock can hold; an event of ours never counts further.
_LARGEST = 2**63
_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event)}


def encode(event: Event) -> dict[str, Any]:
    """Write an event as the object that stands in a JSON line, `event` first."""
    if isinstance(event, Unknown):
        return {"event": event.name, **event.fields}
    return {"event": type(event).__name__, **dataclasses.asdict(event)}


def decode(line: Mapping[str, Any]) -> Event:
    """Read an event from a JSON object; one that we do not know stays whole as `Unknown`."""
    name = str(line.get("event", ""))
    fields = {key: value for key, value in line.items() if key != "event"}
    kind = _KINDS.get(name)
    if kind is None or kind is Unknown:
        return Unknown(name, fields)
    try:
        return cast(Event, rebuild(kind, fields))
    except (TypeError, ValueError):
        return Unknown(name, fields)


def rebuild(kind: type, fields: Mapping[str, Any]) -> Any:
    """Make a frozen dataclass out of plain JSON; extra fields are ignored, defaults fill in."""
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
