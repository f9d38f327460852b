"""What the keys do with models."""

from gardener_core.events.pull import Pulled
from gardener_core.events.run import Failed
from gardener_core.events.sentences import sentence
from gardener_core.models.catalogue.entry import CODER, STARTER
from gardener_core.system.numbers import size
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call, each
from gardener_tui.screens.pickers.model_list import ModelList
from gardener_tui.screens.workbench.host import Host
from gardener_tui.screens.workbench.undo import Undoable, UndoStack


class ModelActions:
    """Shows the models; gets the starter when the screen is first opened."""

    def __init__(self, host: Host, undo: UndoStack) -> None:
        self._host = host
        self._undo = undo
        self._offered = ""  # the model that the list begins at

    def begin(self) -> None:
        """Get the starter where there is no model yet, and say so."""
        self._host.start("starter", self._begin)

    async def _begin(self) -> None:
        host = self._host
        run = await call(host.garden.models.begin_starter)
        if run is None:
            return
        key = keymap.of(host.app).key("models").shown
        toasts.show(
            host.app,
            f"No model is here yet: the starter ({STARTER}) is being fetched. {key} shows it; "
            "models.starter = false in config.toml turns this off.",
        )
        async for batch in each(lambda stop: host.garden.runs.follow(run.id, stop)):
            for event in batch:
                if isinstance(event, Pulled):
                    toasts.show(host.app, f"{sentence(event)}.")
                    await self._offer_coder(key)
                elif isinstance(event, Failed):
                    text = f"The starter could not be fetched, and everything else works. {key}"
                    toasts.show(host.app, f"{text} tries again.\n{event.what}", "warning")

    async def _offer_coder(self, key: str) -> None:
        """Name the coder where it fits; nothing is fetched that was not asked for."""
        for offer in await call(self._host.garden.models.offers):
            if offer.name == CODER and not offer.here and offer.fits.serve:
                text = f"{offer.title} ({size(offer.bytes)}) fits this machine and fills in code: "
                toasts.show(self._host.app, f"{text}{key} gets it.")
                self._offered = CODER

    def show(self) -> None:
        """Show what is here and what can be had."""
        self._host.start("list", self._show)

    async def _show(self) -> None:
        host = self._host
        offers = await call(host.garden.models.offers)
        removed = await host.app.push_screen_wait(ModelList(host.garden, offers, self._offered))
        if removed is None:
            return

        def undo() -> str:
            host.garden.models.restore(removed)
            return ""

        message = f"{removed} is in the trash for 7 days."
        self._undo.add(message, Undoable(f"{removed} is back.", undo))
