"""The app: only how the parts are joined."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.command import Provider
from textual.filter import LineFilter
from textual.screen import Screen

from gardener_core.errors import GardenError
from gardener_tui import keymap, theming, toasts
from gardener_tui.commands import GardenCommands
from gardener_tui.screens.workbench import Workbench
from gardener_tui.widgets.safe_filter import SafeFilter

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

LEAVING = (signal.SIGTERM, signal.SIGHUP)


class GardenerApp(App[None]):
    """The screen of one garden."""

    TITLE = "gardener"
    # Textual reads the style sheet of a pushed screen, not that of the lowest one.
    CSS_PATH = ["app.tcss", "screens/workbench.tcss"]  # noqa: RUF012 - declared by the base class
    COMMAND_PALETTE_BINDING = keymap.key("palette").keys
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {GardenCommands}

    def __init__(self, garden: "Garden") -> None:
        self._gate = SafeFilter()
        super().__init__()
        self.garden = garden
        for name in theming.theme_names():
            self.register_theme(theming.load_theme(name))
        self.theme = theming.DEFAULT

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colour names, so that any theme can be read."""
        return theming.load_theme(theming.DEFAULT).variables

    def get_default_screen(self) -> Screen[None]:
        """The workbench is the screen below all others."""
        return Workbench(self.garden)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The gate comes last: nothing is drawn after it."""
        return [*super().get_line_filters(), self._gate]

    def on_mount(self) -> None:
        """Take the user's theme, and leave the terminal whole when we are told to go."""
        loop = asyncio.get_running_loop()
        for number in LEAVING:
            loop.add_signal_handler(number, self.exit)
        try:
            self.theme = self._theme_of_settings()
        except GardenError as problem:
            toasts.tell_error(self, problem)

    def _theme_of_settings(self) -> str:
        return theming.load_theme(self.garden.settings.current().screen.theme).name
