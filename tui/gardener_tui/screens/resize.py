"""Resizes during start-up that are out of date."""

from typing import Any

from textual import events
from textual.screen import Screen


def drop_outdated(screen: Screen[Any], event: events.Resize) -> None:
    """Ignore a resize to a size that the terminal no longer has.

    Textual 8.2.8 answers a resize during start-up with another one to itself; two sizes in
    flight then follow each other for ever (measured: one core busy, deaf to keys).
    """
    if event.size != screen.app.size:
        event.prevent_default()
        event.stop()
