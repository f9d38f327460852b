"""The line where one writes."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType

from gardener_tui import keymap
from gardener_tui.widgets.line_input import LineInput

COMMANDS = ("/complete", "/c")


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask the project."""

    text: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """Some code that is to be continued."""

    text: str


class Prompt(LineInput):
    """Where one asks a question or begins some code."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("prompt")


def understand(text: str) -> Question | Beginning | None:
    """Tell a question from `/complete CODE`; nothing is understood as nothing."""
    command, gap, code = text.lstrip().partition(" ")
    if command in COMMANDS:
        # The spaces and line ends of code mean something, so only the command goes.
        return Beginning(code) if gap and code.strip() else None
    return Question(text.strip()) if text.strip() else None
