"""Screens that survive an early resize."""

from typing import TypeVar

from textual import events
from textual.screen import ModalScreen, Screen

T = TypeVar("T")


class SafeScreen(Screen[None]):
    """A screen that ignores sizes that are over.

    Textual 8.2.8 answers a resize during start-up with another one to itself; two sizes in
    flight then follow each other for ever (measured: one core busy, deaf to keys).
    """

    async def _on_resize(self, event: events.Resize) -> None:
        if event.size != self.app.size:
            event.prevent_default()
            event.stop()


class SafeModal(ModalScreen[T]):
    """The same for a sheet."""

    async def _on_resize(self, event: events.Resize) -> None:
        if event.size != self.app.size:
            event.prevent_default()
            event.stop()
