"""What fits to what is being written: commands, models, files, symbols."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gardener_core.search.path_index import PathIndex
from gardener_core.store.project.facts import Symbol
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.chat.writing.commands import commands_like
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import path_end

SHOWN = 12
_COMMAND = re.compile(r"/(\w*)\Z")
_MODEL = re.compile(r"/model\s+(\S*)\Z")
_NAME = re.compile(r"(?:^|\s)@([^\s@]*)\Z")
_PLAIN_WORD = re.compile(r"[A-Za-z]\w*\Z")
NO_MODEL = "none"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line of the list, and the text that stands in the prompt once it is taken.

    `sends` is set for a command that needs nothing more.
    """

    line: Content
    text: str
    sends: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is being written that something fits to: from which place on, and its letters."""

    kind: str
    start: int
    letters: str


def wanted_in(before_cursor: str) -> Wanted | None:
    """What the list should show for the text before the cursor."""
    for kind, pattern in (("command", _COMMAND), ("model", _MODEL), ("name", _NAME)):
        match = pattern.match(before_cursor) if kind != "name" else pattern.search(before_cursor)
        if match:
            start = match.start(1) - (1 if kind != "model" else 0)
            return Wanted(kind, start, match[1])
    return None


def command_suggestions(letters: str) -> list[Suggestion]:
    """The commands, with what they do."""
    return [
        Suggestion(
            styled(
                (f" /{command.name:<10}", "bold $accent"),
                (f"{command.argument:<6}", "$secondary"),
                (command.help, "$label"),
            ),
            f"/{command.name}" + (" " if command.argument else ""),
            sends=not command.argument,
        )
        for command in commands_like(letters)
    ]


def model_suggestions(letters: str, models: Sequence[str]) -> list[Suggestion]:
    """The bases that are here, and none."""
    return [
        Suggestion(styled((f" {clean_line(name)}", "bold")), name, sends=True)
        for name in (*models, NO_MODEL)
        if letters.lower() in name.lower()
    ]


def path_suggestions(letters: str, paths: PathIndex, width: int) -> list[Suggestion]:
    """Files of the project."""
    return [
        Suggestion(styled((" ≡ ", "$label"), path_end(clean_line(path), width - 4)), f"{path} ")
        for path in paths.find(letters, SHOWN)
    ]


def symbol_suggestions(symbols: Sequence[Symbol], width: int) -> list[Suggestion]:
    """Symbols of the project, with their places."""
    made = []
    for symbol in symbols:
        name = clean_line(symbol.symbol)
        # A plain word in a question is a word; between these marks it is a name.
        text = f"`{symbol.symbol}` " if _PLAIN_WORD.match(symbol.symbol) else f"{symbol.symbol} "
        place = path_end(f"{clean_line(symbol.path)}:{symbol.line}", max(8, width - len(name) - 6))
        line = styled((" ƒ ", "$secondary"), (name, "bold"), (f"  {place}", "$label"))
        made.append(Suggestion(line, text))
    return made


class SuggestionList(OptionList, can_focus=False):
    """The list above the prompt; the prompt keeps the focus."""

    def __init__(self) -> None:
        super().__init__(id="suggestions", markup=False)
        self._suggestions: Sequence[Suggestion] = ()

    @property
    def current(self) -> Suggestion | None:
        """The highlighted suggestion."""
        at = self.highlighted
        return self._suggestions[at] if at is not None and self._suggestions else None

    def show(self, suggestions: Sequence[Suggestion]) -> None:
        """Show these; an empty list is hidden."""
        self._suggestions = suggestions
        self.set_options([Option(suggestion.line) for suggestion in suggestions])
        self.highlighted = 0 if suggestions else None
        self.display = bool(suggestions)

    def step(self, by: int) -> None:
        """Highlight the one above or below."""
        at = self.highlighted or 0
        self.highlighted = max(0, min(self.option_count - 1, at + by))
