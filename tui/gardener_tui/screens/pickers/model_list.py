"""Choose a model: what is here, what fits, what it costs to get."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from gardener_core.events.run import PhaseAdvanced
from gardener_core.garden.model_offers import ModelOffer
from gardener_core.system.numbers import duration, size
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import Part, styled

REFRESH_SECONDS = 0.5
NAME, SIZE, FIT = 20, 9, 30


class ModelList(Sheet[str | None]):
    """Every model; gets, checks and removes the highlighted one. Gives what was removed."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("models")

    def __init__(self, garden: ScreenGarden, offers: Sequence[ModelOffer], at: str = "") -> None:
        super().__init__()
        self._garden = garden
        self._offers = {offer.name: offer for offer in offers}
        self._progress: dict[str, PhaseAdvanced] = {}
        self._at = at
        self._box = PickBox("Models", "Which model?", self._choices(), at)

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        yield self._box
        yield Hints("models")

    def on_mount(self) -> None:
        """Read again what is here while the sheet is open."""
        self.set_interval(REFRESH_SECONDS, lambda: start(self, "models", self._reload))

    @on(PickBox.Highlighted)
    def _highlighted(self, event: PickBox.Highlighted) -> None:
        self._at = event.choice
        self._show_details()

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        if event.choice is None:
            self.dismiss(None)
            return
        offer = self._offers[event.choice]
        if offer.here:
            toasts.show(self.app, f"{offer.name} is here already.")
        elif offer.run:
            toasts.show(self.app, f"{offer.name} is being fetched.")
        else:
            start(self, "get", lambda: self._get(offer))

    async def _get(self, offer: ModelOffer) -> None:
        await call(lambda: self._garden.models.pull(offer.name))
        await self._reload()

    def action_verify(self) -> None:
        """Read every byte of the highlighted model."""
        offer = self._offers.get(self._at)
        if offer is None or not offer.here:
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
        offer = self._offers.get(self._at)
        if offer is None or not offer.here:
            toasts.show(self.app, "Only a model that is here can be removed.", "warning")
        else:
            start(self, "remove", lambda: self._remove(offer))

    async def _remove(self, offer: ModelOffer) -> None:
        users = await call(lambda: self._garden.models.users(offer.name))
        needed = f"{users.sentence} it, and do not answer without it. " if users else ""
        consequence = (
            f"{needed}It goes to the trash for seven days; a file that lies elsewhere is only "
            f"forgotten."
        )
        sheet = Confirm(f"Remove {offer.name}?", consequence, "Keep it", "Remove")
        if await self.app.push_screen_wait(sheet):
            await call(lambda: self._garden.models.remove(offer.name, though_used=bool(users)))
            self.dismiss(offer.name)

    async def _reload(self) -> None:
        offers = await call(self._garden.models.offers)
        runs = await call(self._garden.runs.pulls)
        self._offers = {offer.name: offer for offer in offers}
        phases = ((self._garden.runs.subject(run), self._garden.runs.phase(run)) for run in runs)
        self._progress = {name: phase for name, phase in phases if phase is not None}
        self._box.replace(self._choices())
        self._show_details()

    def _choices(self) -> list[Choice]:
        return [choice_of(o, self._progress.get(o.name)) for o in self._offers.values()]

    def _show_details(self) -> None:
        if offer := self._offers.get(self._at):
            self._box.show_details(details(offer))


def choice_of(offer: ModelOffer, progress: PhaseAdvanced | None) -> Choice:
    """One line: whether it is here, its size, what fits, its licence."""
    if offer.here:
        state: tuple[str, str] = ("● ", "$success")
    else:
        state = ("◌ ", "$warning") if offer.run else ("○ ", "$label")
    name = clean_line(offer.name)
    doing = f"{_how_far(progress):<{FIT}}" if offer.run else ""
    fit = "" if doing else f"{_fits(offer):<{FIT}}"
    line = styled(
        state,
        (f"{name[: NAME - 1]:<{NAME}}", "bold"),
        (f"{size(offer.bytes) if offer.bytes else 'size ?':>{SIZE}}  ", ""),
        (doing, "$warning"),
        (fit, "$primary"),
        (clean_line(offer.licence or offer.role), "$label"),
    )
    return Choice(offer.name, line, f"{name} {offer.title} {offer.maker} {offer.licence}")


def details(offer: ModelOffer) -> Content:
    """What else is known of a model."""
    cost = "here" if offer.here else _cost(offer)
    needs: list[Part] = []
    if offer.needs.serve:
        needs += [("   serving needs ", "$label"), size(offer.needs.serve)]
    if offer.needs.train:
        how = "measured" if offer.needs.measured else "computed"
        needs += [("   training ", "$label"), f"{size(offer.needs.train)} ({how})"]
    places = ", ".join(f"{one.kind} {clean_line(one.where)}" for one in offer.sources)
    rows = [
        styled((clean_line(offer.title), "bold"), (f"   {clean_line(offer.maker)}", "$label")),
        styled(cost, *needs),
    ]
    if places and not offer.here:
        rows.append(styled(("from ", "$label"), (places, "$label")))
    known = "" if offer.hash_known else "Its sha256 is recorded when it is first seen."
    if notes := " ".join(filter(None, (clean_line(offer.note), known))):
        rows.append(styled((notes, "$label")))
    return Content("\n").join(rows)


def _cost(offer: ModelOffer) -> str:
    get = f"{size(offer.bytes)} to get" if offer.bytes else "its size is told when it is fetched"
    if offer.seconds is None:
        return f"{get}; how long that takes was not measured here yet"
    return f"{get}, about {duration(offer.seconds)}"


def _fits(offer: ModelOffer) -> str:
    fits = offer.fits
    if fits.serve is False:
        return "too big for this machine now"
    if fits.serve is None:
        return ""
    if fits.serve_while_training is False:
        return "serves, not beside training"
    return "serves, trains" if fits.train else "serves"


def _how_far(progress: PhaseAdvanced | None) -> str:
    if progress is None:
        return "starting"
    if not progress.total:
        return progress.phase
    return f"{progress.phase} {size(progress.done)} of {size(progress.total)}"
