"""A list that gets shorter as one writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.messages import PromptLeft
from gardener_tui.screens.safe import SafeModal
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.plain_text import PlainText


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list; `words` are what one may write to find it."""

    id: str
    line: Content
    words: str


class PickLine(LineInput):
    """Where one writes what to find; its keys move along the list too."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("list")
    most_pasted = 200


class PickList(OptionList, can_focus=False):
    """The list itself; the line above it keeps the focus."""


class Picker(SafeModal[str | None]):
    """Gives the id of the choice that was taken, or nothing."""

    CSS_PATH = "sheets.tcss"

    def __init__(self, title: str, asks: str, choices: Sequence[Choice], at: str = "") -> None:
        super().__init__(classes="sheet")
        self._title = title
        self._asks = asks
        self._choices = list(choices)
        self._at = at

    def compose(self) -> ComposeResult:
        """The line, the list, and room to say more about a choice."""
        with Vertical(classes="sheet-box -list") as box:
            box.border_title = Content(clean_line(self._title))
            yield PickLine(id="pick", placeholder=self._asks)
            yield PickList(id="picks", markup=False)
            yield PlainText(id="pick-told")
        yield Hints("list")

    def on_mount(self) -> None:
        """Write at once."""
        self.query_one(LineInput).focus()
        self._fill("")

    @property
    def _list(self) -> PickList:
        return self.query_one(PickList)

    @on(LineInput.Changed)
    def _narrowed(self, event: LineInput.Changed) -> None:
        event.stop()
        self._fill(event.value)

    def _fill(self, written: str) -> None:
        fits = fitting(self._choices, written)
        self._list.set_options([Option(choice.line, id=choice.id) for choice in fits])
        places = [at for at, choice in enumerate(fits) if choice.id == self._at and not written]
        self._list.highlighted = places[0] if places else (0 if fits else None)
        told = "" if fits else "Nothing fits." if self._choices else "There is nothing to choose."
        self.query_one("#pick-told", PlainText).show(told)

    @on(LineInput.Submitted)
    def _sent(self, event: LineInput.Submitted) -> None:
        event.stop()
        at = self._list.highlighted
        if at is not None:
            self.dismiss(self._list.get_option_at_index(at).id)

    @on(PromptLeft)
    def _left(self, event: PromptLeft) -> None:
        event.stop()
        self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id)

    def action_step(self, by: int) -> None:
        """Go up or down the list."""
        if self._list.option_count:
            at = self._list.highlighted or 0
            self._list.highlighted = max(0, min(self._list.option_count - 1, at + by))


def fitting(choices: Sequence[Choice], written: str) -> list[Choice]:
    """The choices that have these letters in this order, best first."""
    if not written.strip():
        return list(choices)
    matcher = Matcher(written)
    scored = [(matcher.match(choice.words), choice) for choice in choices]
    beginning = written.strip().casefold()

    def order(pair: tuple[float, Choice]) -> tuple[bool, float]:
        return not pair[1].words.casefold().startswith(beginning), -pair[0]

    return [choice for score, choice in sorted(scored, key=order) if score > 0]
