"""The screen on a real terminal: start, signals, a lost connection, the editor."""

import re
import signal
import time
from pathlib import Path

import pytest
from support.hostile import FORBIDDEN
from support.terminal import Terminal, scripted

ALTERNATE_ON, ALTERNATE_OFF = b"\x1b[?1049h", b"\x1b[?1049l"
MOUSE_OFF = b"\x1b[?1000l"


def test_it_starts_follows_searches_and_q_leaves_the_terminal_whole() -> None:
    terminal = Terminal(scripted("full"))
    terminal.see("acme-web", "step 124/400", "? Help  q Detach")
    terminal.press("/")
    terminal.see("enter Search")
    terminal.press("refresh\r")
    terminal.see("3 hits", "src/auth/session.py")
    terminal.press("q")
    status, seconds = terminal.wait()
    assert status == 0
    assert seconds < 2
    assert ALTERNATE_ON in terminal.raw and ALTERNATE_OFF in terminal.raw
    assert MOUSE_OFF in terminal.raw
    assert b"1 run continues; gardener runs shows it." in terminal.raw.split(ALTERNATE_OFF)[-1]


def test_no_hostile_byte_reaches_a_real_terminal() -> None:
    terminal = Terminal(scripted("hostile"), columns=160, rows=60)
    terminal.see("died")
    terminal.press("/")
    terminal.see("enter Search")
    terminal.press("x\r")
    terminal.see("1 hit ")
    for key, seen in (
        ("Gw", "Why it is number"), ("w", "x[/]y"), ("c", "Called by 1"), ("e", "Pinned 1"),
        ("ff", "enter Files"), ("\x1b", "? Help"), ("R", "Leave it"),
    ):  # fmt: skip
        terminal.press(key)
        terminal.see(seen)
    terminal.press("\x1b")
    terminal.miss("Leave it")
    terminal.press("4")
    terminal.see("enter Send")
    terminal.press("why\r")
    terminal.see("if a[i]>b[j]")  # the beginning of the answer is in view
    terminal.press("\x1b")
    terminal.see("? Help  q Detach")
    terminal.press("G")
    terminal.see("1 token")
    for key, seen in (
        ("r", "Which run?"), ("P", "Which one?"), ("\x10", "Search for commands"), ("?", "Keys"),
        ("\x0f", "esc Leave"), ("v", "Search the log"), ("R", "Rename the project"),
        ("D", "Keep it"),
    ):  # fmt: skip
        terminal.press({"v": "2v", "R": "1R"}.get(key, key))
        terminal.see(seen)
        terminal.press("\x1b")
        terminal.miss(seen)
        terminal.see("q Detach")
    terminal.press("2m")
    terminal.see("is marked")
    terminal.press("q")
    status, _ = terminal.wait()
    assert status == 0
    text = terminal.raw.decode("utf-8", "surrogateescape")
    for bad in FORBIDDEN:
        assert bad not in text, repr(bad)
    assert "a[0] = b[i]" in text


def test_q_does_not_wait_for_a_call_that_hangs() -> None:
    terminal = Terminal(scripted("deaf"))
    terminal.see("acme")
    terminal.press("4")
    terminal.see("enter Send")
    terminal.press("why\r")
    terminal.see("▌ why")
    terminal.press("\x1b")
    terminal.see("? Help  q Detach")
    terminal.press("q")
    status, seconds = terminal.wait()
    assert status == 0
    assert seconds < 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT])
def test_a_signal_leaves_the_terminal_whole(number: signal.Signals) -> None:
    terminal = Terminal(scripted("full"))
    terminal.see("step 124/400")
    assert not terminal.echoes()
    terminal.signal(number)
    status, seconds = terminal.wait()
    assert status == 0
    assert seconds < 2
    assert ALTERNATE_OFF in terminal.raw and MOUSE_OFF in terminal.raw
    assert terminal.echoes(), "what is typed next is seen again"


def test_a_terminal_that_is_closed_ends_the_screen() -> None:
    terminal = Terminal(scripted("full"))
    terminal.see("step 124/400")
    terminal.hang_up()
    _, seconds = terminal.wait()
    assert seconds < 5


def test_a_terminal_that_stalls_before_it_is_closed_ends_the_screen_too() -> None:
    terminal = Terminal(scripted("full"), columns=200, rows=60)
    terminal.see("step 124/400")
    for _ in range(150):  # nobody reads what these keys draw, and they fill every queue
        terminal.press("z2z3")
        time.sleep(0.01)
    busy, waiting = -1, 0
    while waiting < 10:
        time.sleep(0.05)
        busy, before = terminal.cpu_ticks(), busy
        waiting = waiting + 1 if busy - before <= 1 else 0
    terminal.hang_up()
    _, seconds = terminal.wait()
    assert seconds < 5


def test_a_crash_leaves_the_terminal_whole_and_a_report_without_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    terminal = Terminal(scripted("crashing"), columns=200)
    status, _ = terminal.wait()
    assert status == 1
    assert ALTERNATE_OFF in terminal.raw and MOUSE_OFF in terminal.raw
    (report,) = (tmp_path / "data" / "reports").iterdir()
    after = terminal.raw.split(ALTERNATE_OFF)[-1].decode()
    assert str(report) in after.replace("\r\n", "") and "Traceback" not in after
    told = report.read_text()
    assert "ValueError: a fault" in told and "in warning" in told
    assert report.stat().st_mode & 0o077 == 0


def test_a_storm_of_resizes_from_the_first_moment_on_does_no_harm() -> None:
    terminal = Terminal(scripted("full"))
    for at in range(60):
        terminal.resize(60 + at * 7 % 120, 18 + at * 5 % 40)
    terminal.see("acme-web")
    for at in range(60):
        terminal.resize(60 + at * 11 % 120, 18 + at * 3 % 40)
    terminal.resize(100, 30)
    terminal.see("? Help  q Detach")
    terminal.press("2")
    terminal.see("r Runs")
    terminal.press("q")
    assert terminal.wait()[0] == 0


TRUE_COLOUR = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")


@pytest.mark.parametrize(
    "variables", [{"NO_COLOR": "1"}, {"TERM": "xterm-16color", "COLORTERM": ""}], ids=str
)
def test_a_terminal_with_few_colours_gets_no_others_and_shows_everything(
    variables: dict[str, str],
) -> None:
    terminal = Terminal(scripted("full"), variables=variables)
    terminal.see("acme-web", "● training", "EMA 0.9")
    terminal.press("?")
    terminal.see("In the projects")
    terminal.press("\x1b")
    terminal.miss("In the projects")
    terminal.press("q")
    assert terminal.wait()[0] == 0
    found = TRUE_COLOUR.findall(terminal.raw)
    if "NO_COLOR" in variables:
        assert found and all(red == green == blue for red, green, blue in found), "not grey"
    else:
        assert not found and not re.search(rb"[34]8;5;", terminal.raw)


def test_an_editor_gets_the_terminal_and_gives_it_back(tmp_path: Path) -> None:
    editor = tmp_path / "vim"
    editor.write_text('#!/bin/sh\necho "EDITS $*"\nread answer\necho "GOT $answer"\n')
    editor.chmod(0o700)
    variables = {"EDITOR": str(editor), "VISUAL": ""}
    terminal = Terminal(scripted("editable"), variables=variables)
    terminal.see("support")
    terminal.press("/")
    terminal.see("enter Search")
    terminal.press("driver\r")
    terminal.see("1 hit ", "? Help")
    terminal.press("o")
    file = Path(__file__).parents[2] / "support" / "pty_driver.py"
    terminal.see(f"EDITS +3 {file}")
    left = terminal.raw
    assert ALTERNATE_OFF in left and MOUSE_OFF in left, "the editor would be drawn over"
    terminal.press("hello\r")
    while ALTERNATE_ON not in terminal.raw[len(left) :]:
        terminal.wait_until_quiet()
    terminal.see("3 Context", "pty_driver.py:3", "? Help")
    after = terminal.raw[len(left) :]
    assert b"GOT hello" in after and ALTERNATE_ON in after
    terminal.press("w")
    terminal.see("Why it is number 1")
    terminal.press("q")
    assert terminal.wait()[0] == 0
