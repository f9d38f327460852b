"""The command palette: every key by name."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from gardener_core.errors import GardenError
from gardener_tui import keymap, theming, toasts

if TYPE_CHECKING:
    from gardener_tui.app import GardenerApp

Command = tuple[str, str, Callable[[], object]]


class GardenCommands(Provider):
    """What works anywhere, and the themes."""

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
        keys = [
            (f"{key.label}: {key.help}", f"key {key.all_shown}", self._runner(key.action))
            for key in keymap.keys_of(keymap.ANYWHERE)
            if key.id not in ("palette", "cancel")
        ]
        themes = [
            (f"Theme: {name}", "colours of the screen", partial(self._take_theme, name))
            for name in theming.theme_names()
        ]
        return [*keys, *themes]

    def _runner(self, action: str) -> Callable[[], object]:
        return partial(self.screen.run_action, action)

    def _take_theme(self, name: str) -> None:
        app: GardenerApp = self.app  # type: ignore[assignment]
        app.theme = name
        try:
            app.garden.settings.set("screen.theme", name)
        except GardenError as problem:
            toasts.tell_error(app, problem)
