"""What came back for a question, as JSON."""

from collections.abc import Mapping
from typing import Any

from gardener_core.events.answer import Answered, Completed, Composed, Prompted
from gardener_core.events.index import Retrieved
from gardener_core.events.json import decode, encode
from gardener_core.events.union import Event

# By the name of the field of an entry.
EVENTS: Mapping[str, type] = {
    "retrieved": Retrieved,
    "card": Composed,
    "prompted": Prompted,
    "answered": Answered,
    "completed": Completed,
}


def encode_events(events: Mapping[str, Event | None]) -> dict[str, Any]:
    """The events that are there, each by its name."""
    return {name: encode(event) for name, event in events.items() if event is not None}


def decode_events(data: Mapping[str, Any]) -> dict[str, Event | None]:
    """Every event by its name; what a newer program wrote is left out, for nobody could show it."""
    events: dict[str, Event | None] = {}
    for name, kind in EVENTS.items():
        fields = data.get(name)
        event = decode(fields) if isinstance(fields, Mapping) else None
        events[name] = event if isinstance(event, kind) else None
    return events
