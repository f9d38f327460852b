"""What was written in the prompt."""

import pytest

from gardener_tui.panes.chat.conversations import Conversations
from gardener_tui.panes.chat.writing.commands import (
    BY_NAME,
    COMMANDS,
    Called,
    CodePrompt,
    Question,
    UnknownCommand,
    commands_like,
    parse,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("why?", Question("why?")),
        ("/complete  def f", CodePrompt(" def f")),
        ("/c x\n  y", CodePrompt("x\n  y")),
        ("/c ", UnknownCommand("/c")),
        ("  ", None),
        ("/completely odd", UnknownCommand("/completely odd")),
        ("/etc/hosts is read where?", Question("/etc/hosts is read where?")),
        ("/", UnknownCommand("/")),
        ("/model coder", Called(BY_NAME["model"], "coder")),
        (" /export", Called(BY_NAME["export"])),
        ("model coder", Question("model coder")),
    ],
)
def test_what_is_written_is_understood(written: str, meant: object) -> None:
    assert parse(written) == meant


def test_letters_find_commands_those_that_begin_with_them_first() -> None:
    assert [command.name for command in commands_like("co")][:3] == ["complete", "compare", "copy"]
    assert commands_like("") == list(COMMANDS)
    assert commands_like("zzz") == []


def test_every_command_does_what_a_key_does() -> None:
    for command in COMMANDS:
        action = command.action.partition("(")[0]
        assert not action or hasattr(Conversations, f"action_{action}")
