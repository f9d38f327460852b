"""The command palette: every action by name."""

from collections.abc import Callable
from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.widgets import Input

from gardener_tui import keymap
from gardener_tui.keys import ANYWHERE, PANES, Key
from gardener_tui.panes.pane import Pane

Command = tuple[str, str, Callable[[], object]]
# Commands that make no sense in a list: moving the cursor, and the list itself.
_LEFT_OUT = frozenset({"palette", "cancel"})
_MOVES = frozenset(
    {
        *("down", "up", "first", "last", "left", "right", "leftmost", "rightmost"),
        *("further", "nearer", "before", "after"),
    }
)


@runtime_checkable
class ThemedApp(Protocol):
    """An app whose theme can be chosen by name."""

    def theme_names(self) -> list[str]:
        """The names of the themes on offer."""
        ...

    def keep_theme(self, name: str) -> None:
        """Use a theme now and the next time."""
        ...


class PaletteCommands(CommandPalette):
    """The palette; its cursor blinks only where motion is wanted."""

    def on_mount(self) -> None:
        """Over a slow connection each blink is sent, and comes late."""
        self.query_one(Input).cursor_blink = self.app.animation_level != "none"


class GardenCommands(Provider):
    """The actions of all keys outside sheets, and the themes."""

    async def discover(self) -> Hits:
        """Every command, before a letter is written."""
        for name, help_text, run in self._commands():
            yield DiscoveryHit(name, run, help=help_text)

    async def search(self, query: str) -> Hits:
        """The commands that match the letters."""
        matcher = self.matcher(query)
        for name, help_text, run in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=help_text)

    def _commands(self) -> list[Command]:
        keys = keymap.of(self.app)
        listed = [key for where in (ANYWHERE, *PANES) for key in keys.keys_of(where)]
        actions = [
            (f"{key.label}: {key.help}", f"key {key.all_shown}", partial(self._run, key))
            for key in listed
            if key.id not in _LEFT_OUT and key.id.rpartition(".")[2] not in _MOVES
        ]
        return [*actions, *self._themes()]

    def _themes(self) -> list[Command]:
        app = self.app
        if not isinstance(app, ThemedApp):
            return []
        return [
            (f"Theme: {name}", "colours of the screen", partial(app.keep_theme, name))
            for name in app.theme_names()
        ]

    async def _run(self, key: Key) -> None:
        owner: DOMNode = self.screen
        if key.where != ANYWHERE:
            owner = self.screen.query_one(f"#{key.where}", Pane).key_owner
        await self.app.run_action(key.action, owner)
