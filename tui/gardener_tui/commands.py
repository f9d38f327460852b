"""The command palette: every action by name."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.widgets import Input

from gardener_tui import keymap
from gardener_tui.keys import ANYWHERE, PANES, Key
from gardener_tui.panes.pane import Pane

if TYPE_CHECKING:
    from gardener_tui.app import GardenerApp

Command = tuple[str, str, Callable[[], object]]
# What makes no sense from a list of commands: moving about, and the list itself.
_LEFT_OUT = frozenset({"palette", "cancel"})
_MOVES = frozenset(
    {"down", "up", "first", "last", "left", "right", "leftmost", "rightmost", "further", "nearer"}
)


class PaletteCommands(CommandPalette):
    """The palette; it blinks only where things may move."""

    def on_mount(self) -> None:
        """Over a slow line each blink is sent, and comes late."""
        self.query_one(Input).cursor_blink = self.app.animation_level != "none"


class GardenCommands(Provider):
    """What the keys do anywhere and in the panes, and the themes."""

    async def discover(self) -> Hits:
        """Everything, before a letter is written."""
        for name, help_text, run in self._commands():
            yield DiscoveryHit(name, run, help=help_text)

    async def search(self, query: str) -> Hits:
        """What fits the letters."""
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
        themes = [
            (f"Theme: {name}", "colours of the screen", partial(self._app.keep_theme, name))
            for name in sorted(self._app.own_themes)
        ]
        return [*actions, *themes]

    @property
    def _app(self) -> "GardenerApp":
        app: GardenerApp = self.app  # type: ignore[assignment]
        return app

    async def _run(self, key: Key) -> None:
        owner: DOMNode = self.screen
        if key.where != ANYWHERE:
            owner = self.screen.query_one(f"#{key.where}", Pane).keyed
        await self.app.run_action(key.action, owner)
