"""What can be written after a slash, and what was written."""

import re
from dataclasses import dataclass

# A word after a slash, and not a path such as /etc/hosts.
_COMMAND = re.compile(r"/\w*\Z")


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the prompt; `argument` says what follows it, `action` is what it does.

    Without an action it is a question of its own kind.
    """

    name: str
    help: str
    argument: str = ""
    action: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("complete", "continue code with the project's base model", "CODE"),
    Command("model", "which base explains here; none: the card alone", "NAME"),
    Command("again", "answer the question once more", action="again"),
    Command("thorough", "once more, with more read; takes longer", action="again(True)"),
    Command("edit", "change the question; the old one stays", action="edit"),
    Command("compare", "the answer with and without the adapter", action="compare"),
    Command("prompt", "the exact prompt that a model read", action="opened('prompt')"),
    Command("seen", "what the answer saw, and why", action="opened('seen')"),
    Command("thinking", "open or fold what the model thought", action="thinking"),
    Command("chats", "other conversations, or a new one", action="sheet('list')"),
    Command("find", "search what was said, in all projects", action="sheet('find')"),
    Command("short", "what a model reads in short, and edit it", action="sheet('short')"),
    Command("copy", "copy the answer", action="copy"),
    Command("export", "write the conversation into files", action="export"),
)
_ALIASES = {"/c": "complete"}
BY_NAME = {command.name: command for command in COMMANDS}


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the project."""

    text: str


@dataclass(frozen=True, slots=True)
class CodePrompt:
    """Code to continue."""

    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """A command with what follows it."""

    command: Command
    argument: str = ""


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """A command that does not exist, or lacks its code."""

    text: str


Entered = Question | CodePrompt | Called | UnknownCommand


def parse(text: str) -> Entered | None:
    """Tell a question from a command; None where nothing was written."""
    word, _, rest = text.lstrip().partition(" ")
    command = BY_NAME.get(_ALIASES.get(word, word.removeprefix("/"))) if word[:1] == "/" else None
    if command is not None and command.name == "complete":
        # The spaces and line ends of code mean something, so only the command goes.
        return CodePrompt(rest) if rest.strip() else UnknownCommand(text.strip())
    if command is not None:
        return Called(command, rest.strip())
    if _COMMAND.match(word):
        return UnknownCommand(text.strip())
    return Question(text.strip()) if text.strip() else None


def commands_like(written: str) -> list[Command]:
    """The commands that begin with these letters, then those that have them."""
    letters = written.lower()
    begin = [command for command in COMMANDS if command.name.startswith(letters)]
    return begin + [c for c in COMMANDS if letters in c.name and c not in begin]
