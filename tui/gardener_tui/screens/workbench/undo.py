"""Take back what was done."""

from collections.abc import Callable
from dataclasses import dataclass

from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.screens.workbench.host import Host


@dataclass(frozen=True, slots=True)
class Undoable:
    """Something that was done; `undo` takes it back and gives the project to select, or ""."""

    message: str
    undo: Callable[[], str]


class UndoStack:
    """Remembers what was done, and takes back the last of it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._done: list[Undoable] = []

    def add(self, message: str, undoable: Undoable) -> None:
        """Say what was done and which key takes it back."""
        self._done.append(undoable)
        key = keymap.of(self._host.app).key("undo").shown
        toasts.show(self._host.app, f"{message}  {key} undo")

    def undo(self) -> None:
        """Take back what was done last."""
        self._host.start("undo", self._undo)

    async def _undo(self) -> None:
        if not self._done:
            toasts.show(self._host.app, "There is nothing to undo.")
            return
        last = self._done.pop()
        select = await call(last.undo)
        toasts.show(self._host.app, last.message)
        self._host.reload(select)
