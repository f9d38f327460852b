"""The app: only how the parts are joined."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.command import CommandPalette, Provider
from textual.filter import LineFilter
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Input

from gardener_core.errors import GardenError
from gardener_core.settings.schema import Settings
from gardener_tui import keymap, theming, toasts
from gardener_tui.commands import GardenCommands, PaletteCommands
from gardener_tui.line import FrailDriver
from gardener_tui.screens.theme_list import ThemeList
from gardener_tui.screens.workbench import Workbench
from gardener_tui.typeahead import TypeAhead
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.notices import Notice, Notices
from gardener_tui.widgets.safe_filter import SafeFilter

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

MOST_PASTED = 200
NOT_YET_SECONDS = 0.05  # until the lowest screen is there


class GardenerApp(keymap.KeyedApp):
    """The screen of one garden."""

    TITLE = "gardener"
    # Textual reads the style sheet of a pushed screen, not that of the lowest one.
    CSS_PATH = ["app.tcss", "screens/workbench.tcss"]  # noqa: RUF012 - declared by the base class
    COMMAND_PALETTE_BINDING = keymap.BUILT_IN.key("palette").keys
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {GardenCommands}

    def __init__(
        self,
        garden: "Garden",
        themes: Path | None = None,
        depth: theming.Depth = "full",
    ) -> None:
        self._gate = SafeFilter()
        self._depth: theming.Depth = depth
        self._built_in = theming.built_in(depth)
        super().__init__(driver_class=FrailDriver)
        self.garden = garden
        self._keyboard = TypeAhead(self, self._act)
        self._themes_folder = themes
        # What ended the screen against its will.
        self.fault: Exception | None = None
        self.own_themes: dict[str, Theme] = {}
        self._offer(self._built_in)
        self.theme = theming.DEFAULT

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colour names, so that any theme can be read."""
        return self._built_in[theming.DEFAULT].variables

    def get_default_screen(self) -> Screen[None]:
        """The workbench is the screen below all others."""
        return Workbench(self.garden)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The gate comes last: nothing is drawn after it."""
        return [*super().get_line_filters(), self._gate]

    def on_mount(self) -> None:
        """Take the user's wishes."""
        if self._themes_folder is not None:
            themes, problems = theming.of_user(self._themes_folder, self._depth)
            self._offer(themes)
            if problems:
                toasts.tell(self, "\n".join(problems), "warning")
        try:
            warning = self.garden.settings.warning()
            self._take(self.garden.settings.current())
        except GardenError as problem:
            toasts.tell_error(self, problem)
        else:
            if warning:
                toasts.tell(self, warning, "warning")
        if self.garden.obstacle is not None:
            toasts.tell_error(self, self.garden.obstacle)

    async def on_event(self, event: events.Event) -> None:
        """Let each key do its work before the next one is looked at."""
        if isinstance(event, events.Paste) and not isinstance(self.focused, LineInput):
            # The list of commands compares every letter with every command.
            event = events.Paste(event.text[:MOST_PASTED])
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._keyboard.type(event)
        else:
            await super().on_event(event)

    async def _act(self, key: events.Key) -> None:
        if not isinstance(self.focused, Input):
            if await self._check_bindings(key.key, priority=True):
                return
            if await self._check_bindings(key.key):
                return
        await super().on_event(key)

    def _handle_exception(self, error: Exception) -> None:
        self.fault = self.fault or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual would print the values of variables too, and they hold the user's code.
        self._close_messages_no_wait()

    def _offer(self, themes: dict[str, Theme]) -> None:
        self.own_themes.update(themes)
        for theme in themes.values():
            self.register_theme(theme)

    def _take(self, settings: Settings) -> None:
        self._take_theme(settings.screen.theme)
        # Over a slow line each blink is sent, and comes late.
        if not settings.screen.motion or "SSH_CONNECTION" in os.environ:
            self.animation_level = "none"
        self.keys, problems = keymap.BUILT_IN.changed(settings.keys)
        self.set_keymap(self.keys.differences())
        if problems:
            toasts.tell(self, "Keys in the settings: " + "; ".join(problems) + ".", "warning")

    def action_command_palette(self) -> None:
        """Show every command by its name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(PaletteCommands(id="--command-palette"))

    @work(exclusive=True, group="theme", exit_on_error=False)
    async def action_theme(self) -> None:
        """Choose the colours of the screen."""
        before = self.theme
        chosen = await self.push_screen_wait(ThemeList(sorted(self.own_themes), before))
        if chosen is None:
            self.theme = before
        else:
            self.keep_theme(chosen)

    def keep_theme(self, name: str) -> None:
        """Take a theme now and for the next time."""
        self.theme = name
        try:
            self.garden.settings.set("screen.theme", name)
        except GardenError as problem:
            toasts.tell_error(self, problem)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a notice above the footer, not over what is read."""
        text = f"{title}: {message}" if title else message
        self._show_notice(Notice(text, severity, timeout or self.NOTIFICATION_TIMEOUT))

    def clear_notifications(self) -> None:
        """Put every notice away."""
        for notices in self.screen_stack[0].query(Notices):
            notices.clear()

    def _show_notice(self, notice: Notice) -> None:
        found = self.screen_stack[0].query(Notices) if self.screen_stack else ()
        for notices in found:
            notices.tell(notice)
            return
        self.set_timer(NOT_YET_SECONDS, lambda: self._show_notice(notice))

    def _take_theme(self, name: str) -> None:
        if name in self.own_themes:
            self.theme = name
        else:
            hint = f"Themes: {', '.join(sorted(self.own_themes))}"
            toasts.tell(self, f"There is no theme named {name!r}.\n{hint}", "warning")
