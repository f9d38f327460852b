"""A list that gets shorter as one writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.messages import LineLeft, LineStepped
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


class PickBox(Vertical):
    """A line to write in, the choices that match it, and room for details below."""

    @dataclass
    class Picked(Message):
        """A choice was taken; None where the line was left."""

        choice: str | None

    @dataclass
    class Highlighted(Message):
        """Another choice is highlighted."""

        choice: str

    @dataclass
    class Narrowed(Message):
        """Something else is written in the line."""

        text: str

    def __init__(
        self,
        title: str,
        question: str,
        choices: Sequence[Choice],
        at: str = "",
        typed: Callable[[str], Choice | None] = lambda written: None,
    ) -> None:
        """`typed` makes a choice of what is written, where that names something not in the list."""
        super().__init__(classes="sheet-box -list")
        self.border_title = Content(clean_line(title))
        self._question = question
        self._choices = list(choices)
        self._at = at
        self._typed = typed

    def compose(self) -> ComposeResult:
        """The line, the list, the details."""
        yield PickLine(id="pick", placeholder=self._question)
        yield PickList(id="picks", markup=False)
        yield PlainText(id="pick-details")

    def on_mount(self) -> None:
        """Focus the line."""
        self.query_one(PickLine).focus()
        self._fill("")

    def show_details(self, text: str | Content) -> None:
        """Show details of the highlighted choice."""
        details = self.query_one("#pick-details", PlainText)
        details.show(text)
        # Of a text that is set while the sheet is laid out for the first time, one line is seen.
        self.call_after_refresh(lambda: details.refresh(layout=True))

    def replace(self, choices: Sequence[Choice]) -> None:
        """Show other choices; what is written and what is highlighted stay."""
        at = self._list.highlighted
        highlighted = self._list.get_option_at_index(at).id if at is not None else None
        self._choices = list(choices)
        matches = self._matches(self.query_one(PickLine).value)
        self._list.set_options([Option(choice.line, id=choice.id) for choice in matches])
        places = [at for at, choice in enumerate(matches) if choice.id == highlighted]
        self._list.highlighted = places[0] if places else (0 if matches else None)
        if not matches:
            self.show_details(self._nothing)

    @property
    def _nothing(self) -> str:
        return "No match." if self._choices else "There is nothing to choose."

    @property
    def _list(self) -> PickList:
        return self.query_one(PickList)

    @on(LineInput.Changed)
    def _narrowed(self, event: LineInput.Changed) -> None:
        event.stop()
        self._fill(event.value)
        self.post_message(self.Narrowed(event.value))

    def _fill(self, written: str) -> None:
        matches = self._matches(written)
        self._list.set_options([Option(choice.line, id=choice.id) for choice in matches])
        places = [at for at, choice in enumerate(matches) if choice.id == self._at and not written]
        self._list.highlighted = places[0] if places else (0 if matches else None)
        self.show_details("" if matches else self._nothing)

    def _matches(self, written: str) -> list[Choice]:
        extra = self._typed(written)
        return [*matching(self._choices, written), *([extra] if extra else [])]

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        at = self._list.highlighted
        if at is not None:
            self.post_message(self.Picked(self._list.get_option_at_index(at).id))

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self.post_message(self.Picked(None))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Picked(event.option_id))

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_id:
            self.post_message(self.Highlighted(event.option_id))

    @on(LineStepped)
    def _stepped(self, event: LineStepped) -> None:
        event.stop()
        if self._list.option_count:
            at = self._list.highlighted or 0
            self._list.highlighted = max(0, min(self._list.option_count - 1, at + event.by))


def matching(choices: Sequence[Choice], written: str) -> list[Choice]:
    """The choices that have these letters in this order, best first."""
    if not written.strip():
        return list(choices)
    matcher = Matcher(written)
    scored = [(matcher.match(choice.words), choice) for choice in choices]
    beginning = written.strip().casefold()

    def order(pair: tuple[float, Choice]) -> tuple[bool, float]:
        return not pair[1].words.casefold().startswith(beginning), -pair[0]

    return [choice for score, choice in sorted(scored, key=order) if score > 0]
