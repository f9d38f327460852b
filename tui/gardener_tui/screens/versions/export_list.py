"""Choose the format that an adapter is exported in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from gardener_core.events.fidelity_text import in_short
from gardener_core.garden.exports import FormatOffer
from gardener_core.system.numbers import size
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import styled

# What the columns of a format are, in their order.
ASKS = "In which format?  on disk, in memory, tokens a second, bits lost"
ABOUT: Mapping[str, str] = {
    "peft": "The adapter as PEFT loads it.",
    "gguf-lora": "The adapter as llama.cpp loads it beside its base.",
    "gguf": "The base with the adapter in it, for llama.cpp and Ollama.",
    "bundle": "All that another machine needs: model, adapter, index, card, a program to run it.",
}


@dataclass(frozen=True, slots=True)
class ExportWish:
    """The format that was chosen; none where all are to be measured."""

    offer: FormatOffer | None


class ExportList(Sheet[ExportWish | None]):
    """The formats with size, memory, speed and what each was measured to lose."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("exports")

    def __init__(self, name: str, version: str, offers: Sequence[FormatOffer]) -> None:
        super().__init__()
        self._offers = {_key(one): one for one in offers}
        choices = [_choice(key, one) for key, one in self._offers.items()]
        title = f"Export {clean_line(version)} of {clean_line(name)}"
        self._box = PickBox(title, ASKS, choices, "gguf q8_0")

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        yield self._box
        yield Hints("exports")

    @on(PickBox.Highlighted)
    def _highlighted(self, event: PickBox.Highlighted) -> None:
        offer = self._offers.get(event.choice)
        if offer is None:
            return
        found = offer.fidelity
        said = in_short(found) if found else "Not measured yet."
        if not offer.memory_bytes:
            said = ""
        self._box.show_details(styled((f"{ABOUT[offer.format]} {said}".rstrip(), "$label")))

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        offer = self._offers.get(event.choice or "")
        self.dismiss(ExportWish(offer) if offer else None)

    def action_measure(self) -> None:
        """Measure every format that was not measured."""
        self.dismiss(ExportWish(None))


def _key(offer: FormatOffer) -> str:
    return f"{offer.format} {offer.quant}".rstrip()


def _choice(key: str, offer: FormatOffer) -> Choice:
    found = offer.fidelity
    lost, colour = "", "$label"
    if found is not None:
        lost, colour = f"{found.bits_lost:+.2%} bits", "$success" if found.passes else "$error"
    speed = f"{found.tokens_a_second:.0f}/s" if found and found.tokens_a_second else ""
    memory = size(offer.memory_bytes) if offer.memory_bytes else ""
    line = styled(
        (f"{offer.format:<10}", "bold"),
        (f"{offer.quant:<6}", "$primary"),
        (f"{size(offer.bytes):>9}", ""),
        (f"{memory:>9}", "$label"),
        (f"{speed:>8}  ", "$label"),
        (lost, colour),
    )
    return Choice(key, line, key)
