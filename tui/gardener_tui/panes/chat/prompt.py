"""The line where one writes."""

import re
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType

from gardener_tui import keymap
from gardener_tui.widgets.line_input import LineInput

COMMANDS = ("/complete", "/c")
KNOWN = "/complete CODE (or /c CODE) continues code. Anything else is a question."
# A word after a slash, and not a path such as /etc/hosts.
_COMMAND = re.compile(r"/\w*\Z")


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask the project."""

    text: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """Some code that is to be continued."""

    text: str


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """A command that is not there, or lacks what it needs."""

    text: str


class Prompt(LineInput):
    """Where one asks a question or begins some code."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("prompt")


def understand(text: str) -> Question | Beginning | UnknownCommand | None:
    """Tell a question from `/complete CODE`; nothing is understood as nothing."""
    command, _, code = text.lstrip().partition(" ")
    if command in COMMANDS and code.strip():
        # The spaces and line ends of code mean something, so only the command goes.
        return Beginning(code)
    if _COMMAND.match(command):
        return UnknownCommand(text.strip())
    return Question(text.strip()) if text.strip() else None
