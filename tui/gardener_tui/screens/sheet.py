"""The base of every sheet over the workbench."""

from pathlib import Path
from typing import TypeVar

from textual import events
from textual.screen import ModalScreen

from gardener_tui.screens.resize import drop_outdated

T = TypeVar("T")


class Sheet(ModalScreen[T]):
    """A screen over the workbench that gives a result when it is closed."""

    # Absolute: Textual looks for a relative path beside the subclass.
    CSS_PATH = Path(__file__).with_suffix(".tcss")

    def __init__(self, *, classes: str = "sheet") -> None:
        super().__init__(classes=classes)
        self._early: list[events.Key] | None = []  # keys from before anything could take them

    def _on_mount(self, event: events.Mount) -> None:
        super()._on_mount(event)
        self.call_after_refresh(self._give_early_keys)

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed before a line has the focus; it gets it then."""
        if self._early is not None:
            event.stop()
            event.prevent_default()
            self._early.append(event)

    def _give_early_keys(self) -> None:
        early, self._early = self._early or [], None
        for event in early:
            again = events.Key(event.key, event.character)
            again.set_sender(self.app)  # as if it were pressed now
            self.app.post_message(again)

    async def _on_resize(self, event: events.Resize) -> None:
        drop_outdated(self, event)
