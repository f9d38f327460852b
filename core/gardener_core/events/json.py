"""Encode events as JSON, and decode them."""

import dataclasses
from collections.abc import Mapping
from typing import Any, cast, get_args

from gardener_core.events.union import Event, Unknown
from gardener_core.system.records import rebuild

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
