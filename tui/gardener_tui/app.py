"""The app: how the parts are joined."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

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
from gardener_tui.garden import ScreenGarden
from gardener_tui.screens.pickers.theme_list import ThemeList
from gardener_tui.screens.workbench.screen import Workbench
from gardener_tui.terminal.driver import BreakableDriver
from gardener_tui.terminal.safe_filter import SafeFilter
from gardener_tui.terminal.typeahead import TypeAhead
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.notices import Notice, Notices

MOST_PASTED = 200
RETRY_SECONDS = 0.05  # until the workbench is mounted


class GardenerApp(keymap.KeyedApp):
    """The screen of one garden."""

    TITLE = "gardener"
    # Textual reads the style sheet of a pushed screen, not that of the lowest one.
    CSS_PATH = ["app.tcss", "screens/workbench/workbench.tcss"]  # noqa: RUF012 - declared by the base class
    COMMAND_PALETTE_BINDING = keymap.BUILT_IN.key("palette").keys
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {GardenCommands}

    def __init__(
        self,
        garden: ScreenGarden,
        themes: Path | None = None,
        depth: theming.Depth = "full",
    ) -> None:
        self._safe_filter = SafeFilter()
        self._depth: theming.Depth = depth
        self._built_in = theming.built_in(depth)
        super().__init__(driver_class=BreakableDriver)
        self.garden = garden
        self._keyboard = TypeAhead(self, self._act)
        self._themes_folder = themes
        # The error that ended the screen, if one did.
        self.fault: Exception | None = None
        self._own_themes: dict[str, Theme] = {}
        self._offer(self._built_in)
        self.theme = theming.DEFAULT

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Defaults of our own colour names, for themes that lack them."""
        return self._built_in[theming.DEFAULT].variables

    def get_default_screen(self) -> Screen[None]:
        """The workbench is below all other screens."""
        return Workbench(self.garden)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The safe filter comes last: nothing is drawn after it."""
        return [*super().get_line_filters(), self._safe_filter]

    def on_mount(self) -> None:
        """Apply the user's themes and settings."""
        if self._themes_folder is not None:
            themes, problems = theming.of_user(self._themes_folder, self._depth)
            self._offer(themes)
            if problems:
                toasts.show(self, "\n".join(problems), "warning")
        try:
            warning = self.garden.settings.warning()
            self._apply(self.garden.settings.current())
        except GardenError as problem:
            toasts.show_error(self, problem)
        else:
            if warning:
                toasts.show(self, warning, "warning")
        if self.garden.obstacle is not None:
            toasts.show_error(self, self.garden.obstacle)

    async def on_event(self, event: events.Event) -> None:
        """Queue each key until the one before has done its work."""
        if isinstance(event, events.Paste) and not isinstance(self.focused, LineInput):
            # The command palette compares every letter with every command.
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
        self._own_themes.update(themes)
        for theme in themes.values():
            self.register_theme(theme)

    def _apply(self, settings: Settings) -> None:
        self._apply_theme(settings.screen.theme)
        # Over a slow connection each blink is sent, and comes late.
        if not settings.screen.motion or "SSH_CONNECTION" in os.environ:
            self.animation_level = "none"
        self.keys, problems = keymap.BUILT_IN.changed(settings.keys)
        self.set_keymap(self.keys.differences())
        if problems:
            toasts.show(self, "Keys in the settings: " + "; ".join(problems) + ".", "warning")

    def action_command_palette(self) -> None:
        """Show every command by its name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(PaletteCommands(id="--command-palette"))

    @work(exclusive=True, group="theme", exit_on_error=False)
    async def action_theme(self) -> None:
        """Choose the colours of the screen."""
        before = self.theme
        chosen = await self.push_screen_wait(ThemeList(self.theme_names(), before))
        if chosen is None:
            self.theme = before
        else:
            self.keep_theme(chosen)

    def theme_names(self) -> list[str]:
        """The names of the themes on offer."""
        return sorted(self._own_themes)

    def keep_theme(self, name: str) -> None:
        """Use a theme now and the next time."""
        self.theme = name
        try:
            self.garden.settings.set("screen.theme", name)
        except GardenError as problem:
            toasts.show_error(self, problem)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a notice above the footer, where it covers nothing."""
        text = f"{title}: {message}" if title else message
        self._show_notice(Notice(text, severity, timeout or self.NOTIFICATION_TIMEOUT))

    def clear_notifications(self) -> None:
        """Remove every notice."""
        for notices in self.screen_stack[0].query(Notices):
            notices.clear()

    def _show_notice(self, notice: Notice) -> None:
        places = self.screen_stack[0].query(Notices) if self.screen_stack else ()
        for notices in places:
            notices.show(notice)
            return
        self.set_timer(RETRY_SECONDS, lambda: self._show_notice(notice))

    def _apply_theme(self, name: str) -> None:
        if name in self._own_themes:
            self.theme = name
        else:
            hint = f"Themes: {', '.join(self.theme_names())}"
            toasts.show(self, f"There is no theme named {name!r}.\n{hint}", "warning")
