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

    async def _on_resize(self, event: events.Resize) -> None:
        drop_outdated(self, event)
