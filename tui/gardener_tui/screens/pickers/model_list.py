"""Choose a model: what is here, what fits, what it costs to get."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from gardener_core.events.pull import Pulled
from gardener_core.events.run import Failed, PhaseAdvanced
from gardener_core.events.sentences import sentence
from gardener_core.garden.base_models.offers import ModelOffer, OllamaOffers
from gardener_core.models.model import OLLAMA
from gardener_core.store.garden.runs import Run
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, each, start
from gardener_tui.screens.pickers.model_rows import choice_of, details
from gardener_tui.screens.pickers.ollama_rows import (
    SERVER,
    ollama_choices,
    server_details,
    typed_choice,
)
from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.widgets.footer import Hints

REFRESH_SECONDS = 0.5
LOOK_SECONDS = 2.0
TRASHED = "It goes to the trash for seven days; a file that lies elsewhere is only forgotten."
DELETED = "Ollama deletes it for good, for other programs too."


class ModelList(Sheet[str | None]):
    """Every model; gets, checks and removes the highlighted one. Gives what was removed."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("models")

    def __init__(self, garden: ScreenGarden, offers: Sequence[ModelOffer], at: str = "") -> None:
        super().__init__()
        self._garden = garden
        self._offers = {offer.name: offer for offer in offers}
        self._progress: dict[str, PhaseAdvanced | None] = {}
        self._ollama: OllamaOffers | None = None
        self._at = at
        self._box = PickBox("Models", "Which model?", self._choices(), at, self._typed)

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        yield self._box
        yield Hints("models")

    def on_mount(self) -> None:
        """Read again what is here while the sheet is open; a server may be slow to answer."""
        self.set_interval(REFRESH_SECONDS, lambda: start(self, "models", self._reload))
        self.set_interval(LOOK_SECONDS, lambda: start(self, "ollama", self._look))
        start(self, "ollama", self._look)

    @on(PickBox.Highlighted)
    def _highlighted(self, event: PickBox.Highlighted) -> None:
        self._at = event.choice
        self._show_details()

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        if event.choice is None:
            self.dismiss(None)
            return
        offer = self._offer(event.choice)
        if event.choice == SERVER:
            toasts.show(self.app, server_details(self._ollama).plain)
        elif offer is None and event.choice in self._progress:
            toasts.show(self.app, f"{event.choice} is being fetched.")
        elif offer is None:
            start(self, "get", lambda: self._get_by_ollama(event.choice or ""))
        elif offer.here:
            toasts.show(self.app, f"{offer.name} is here already.")
        elif offer.run:
            toasts.show(self.app, f"{offer.name} is being fetched.")
        else:
            start(self, "get", lambda: self._get(offer))

    async def _get(self, offer: ModelOffer) -> None:
        await call(lambda: self._garden.models.pull(offer.name))
        await self._reload()

    async def _get_by_ollama(self, name: str) -> None:
        run = await call(lambda: self._garden.models.pull(name))
        await self._reload()
        start(self, f"follow {run.id}", lambda: self._follow(run))

    async def _follow(self, run: Run) -> None:
        """Say how it ends: the name may be none of the library's."""
        async for batch in each(lambda stop: self._garden.runs.follow(run.id, stop)):
            for event in batch:
                if isinstance(event, Pulled):
                    toasts.show(self.app, f"{sentence(event)}.")
                elif isinstance(event, Failed):
                    toasts.show(self.app, f"{event.what}\n{event.hint}".strip(), "error")
        await self._look()

    def action_verify(self) -> None:
        """Read every byte of the highlighted model."""
        offer = self._offer(self._at)
        if offer is not None and offer.name.startswith(OLLAMA):
            toasts.show(self.app, "Ollama checks the files of its models itself.", "warning")
        elif offer is None or not offer.here:
            toasts.show(self.app, "Only a model that is here can be checked.", "warning")
        else:
            start(self, "verify", lambda: self._verify(offer.name))

    async def _verify(self, name: str) -> None:
        toasts.show(self.app, f"Reading every byte of {name} …")
        for one in await call(lambda: list(self._garden.models.verify(name))):
            if one.ok:
                toasts.show(self.app, f"{name} is whole.")
            else:
                toasts.show(self.app, f"{name} is damaged: {one.what}", "error")

    def action_remove(self) -> None:
        """Remove the highlighted model, after a question."""
        offer = self._offer(self._at)
        if offer is None or not offer.here:
            toasts.show(self.app, "Only a model that is here can be removed.", "warning")
        else:
            start(self, "remove", lambda: self._remove(offer))

    async def _remove(self, offer: ModelOffer) -> None:
        users = await call(lambda: self._garden.models.users(offer.name))
        needed = f"{users.sentence} it, and do not answer without it. " if users else ""
        is_ollama = offer.name.startswith(OLLAMA)
        sheet = Confirm(
            f"Remove {offer.name}?",
            needed + (DELETED if is_ollama else TRASHED),
            "Keep it",
            "Remove",
        )
        if not await self.app.push_screen_wait(sheet):
            return
        await call(
            lambda: self._garden.models.remove(offer.name, though_used=is_ollama or bool(users))
        )
        if is_ollama:
            toasts.show(self.app, f"Ollama deleted {offer.name}.")
            self._at = ""
            await self._look()
        else:
            self.dismiss(offer.name)

    async def _look(self) -> None:
        self._ollama = await call(self._garden.models.ollama)
        self._show()

    async def _reload(self) -> None:
        offers = await call(self._garden.models.offers)
        runs = await call(self._garden.runs.pulls)
        self._offers = {offer.name: offer for offer in offers}
        subjects = ((self._garden.runs.subject(run), run) for run in runs)
        self._progress = {name: self._garden.runs.phase(run) for name, run in subjects}
        self._show()

    def _show(self) -> None:
        self._box.replace(self._choices())
        self._show_details()

    def _choices(self) -> list[Choice]:
        offers = [choice_of(o, self._progress.get(o.name)) for o in self._offers.values()]
        return [*offers, *ollama_choices(self._ollama, self._progress)]

    def _typed(self, written: str) -> Choice | None:
        models = self._ollama.models if self._ollama else ()
        return typed_choice(written, {model.name for model in models} | self._progress.keys())

    def _offer(self, name: str) -> ModelOffer | None:
        of_ollama = self._ollama.models if self._ollama else ()
        return self._offers.get(name) or next((o for o in of_ollama if o.name == name), None)

    def _show_details(self) -> None:
        if self._at == SERVER:
            self._box.show_details(server_details(self._ollama))
        elif offer := self._offer(self._at):
            self._box.show_details(details(offer))
        elif self._at.startswith(OLLAMA):
            self._box.show_details("The server gets it into its own files, for every program.")
