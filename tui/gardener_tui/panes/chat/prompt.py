"""The prompt, and what was written in it."""

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
    """A question to the project."""

    text: str


@dataclass(frozen=True, slots=True)
class CodePrompt:
    """Code to continue."""

    text: str


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """A command that does not exist, or lacks its code."""

    text: str


class Prompt(LineInput):
    """Where one writes a question, or code to continue."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("prompt")


def parse(text: str) -> Question | CodePrompt | UnknownCommand | None:
    """Tell a question from `/complete CODE`; None where nothing was written."""
    command, _, code = text.lstrip().partition(" ")
    if command in COMMANDS and code.strip():
        # The spaces and line ends of code mean something, so only the command goes.
        return CodePrompt(code)
    if _COMMAND.match(command):
        return UnknownCommand(text.strip())
    return Question(text.strip()) if text.strip() else None
