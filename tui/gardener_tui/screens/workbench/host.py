"""What the controllers of the workbench need of it."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from textual.app import App

from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.context.pane import ContextPane
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.training.pane import TrainingPane


class Host(Protocol):
    """The workbench, as its controllers see it."""

    @property
    def app(self) -> App[object]:
        """The app, which shows sheets and toasts."""
        ...

    @property
    def garden(self) -> ScreenGarden:
        """The core."""
        ...

    @property
    def overview(self) -> Overview:
        """What the garden held when it was last read."""
        ...

    @property
    def project(self) -> Project | None:
        """The selected project."""
        ...

    @property
    def training(self) -> TrainingPane:
        """The pane with the run that the run keys act on."""
        ...

    @property
    def context(self) -> ContextPane:
        """The pane with the file that the file keys act on."""
        ...

    def needed_project(self) -> Project | None:
        """The selected project; without one, say which key adds one."""
        ...

    def go_to_pane(self, number: int) -> None:
        """Give a pane the focus."""
        ...

    def start(self, group: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start work that cancels earlier work of its group."""
        ...

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Call a function once what has changed is drawn."""
        ...

    def cancel(self, group: str) -> None:
        """Cancel the work of a group."""
        ...

    def reload(self, select: str = "") -> None:
        """Read the garden again now, and select a project where one is named."""
        ...

    def show(self, overview: Overview, select: str = "") -> None:
        """Show what the garden holds."""
        ...
