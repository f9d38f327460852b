"""The command gardener-tui: before the screen opens and after it has closed."""

import io
import os

import pytest
from support.scripted_garden import ScriptedGarden

from gardener_core.errors import Damaged
from gardener_core.garden.door import Garden
from gardener_core.system.places import Places
from gardener_tui import cli


class Terminal(io.TextIOWrapper):
    def __init__(self, *, tty: bool = True, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty


GOOD = {"TERM": "xterm-256color"}


def test_a_terminal_is_good_enough() -> None:
    assert cli.terminal_problem(Terminal(), Terminal(), GOOD) == ""


@pytest.mark.parametrize(
    ("keyboard", "screen", "environment", "word"),
    [
        (Terminal(tty=False), Terminal(), GOOD, "needs a terminal"),
        (Terminal(), Terminal(tty=False), GOOD, "needs a terminal"),
        (Terminal(), None, GOOD, "needs a terminal"),
        (Terminal(), Terminal(), {"TERM": "dumb"}, "TERM"),
        (Terminal(), Terminal(), {}, "TERM"),
        (Terminal(), Terminal(encoding="latin-1"), GOOD, "UTF-8"),
    ],
)
def test_what_is_not_enough_is_named(
    keyboard: Terminal, screen: Terminal | None, environment: dict[str, str], word: str
) -> None:
    assert word in cli.terminal_problem(keyboard, screen, environment)


def test_without_a_terminal_it_ends_with_2_and_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    opened: list[Places] = []

    def opener(places: Places) -> Garden:
        opened.append(places)
        return ScriptedGarden()

    with pytest.raises(SystemExit) as ending:
        cli.main([], opener)
    told = capsys.readouterr().err
    assert ending.value.code == 2
    assert told.count("\n") == 1 and "gardener --help" in told
    assert not opened


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        cli.main(["--help"])
    assert ending.value.code == 0
    assert "gardener-tui" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ending:
        cli.main(["--version"])
    assert ending.value.code == 0
    assert capsys.readouterr().out.startswith("gardener-tui 0.")


def test_a_garden_that_does_not_open_is_told_in_plain_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def opener(places: Places) -> Garden:
        raise Damaged("garden.db cannot be read.\x1b[2J", hint="Run: gardener repair")

    # The check for a terminal is passed on a real one, so that opening is reached.
    primary, replica = os.openpty()
    with open(replica, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        monkeypatch.setattr("sys.__stderr__", terminal)
        monkeypatch.setenv("TERM", "xterm")
        with pytest.raises(SystemExit) as ending:
            cli.main([], opener)
    os.close(primary)
    told = capsys.readouterr().err
    assert ending.value.code == 2
    assert "garden.db cannot be read.␛[2J\nRun: gardener repair" in told
