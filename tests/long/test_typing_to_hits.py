"""From the last letter of a query to its hits, idle and with every core busy."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.busy import every_core_busy
from support.terminal import Terminal

from gardener_core.garden.demo.sample import ALL_PACKAGES, lay_out_sample
from gardener_core.garden.door import open_garden
from gardener_core.system.places import Places

SCREEN = "from gardener_tui.cli import main; main()"
# What is written, and what stands on the screen once its hits do.
QUERIES = (
    ("swap_folder", "function swap_folder"),
    ("is_alive", "function is_alive"),
    ("chunk_file", "function chunk_file"),
    ("parse_query", "function parse_query"),
)
ROUNDS = 24
# A tenth of a second is waited for the next letter; the rest is for the search and the screen.
MOST_SECONDS = 1.0


def p95(terminal: Terminal) -> float:
    waits = []
    for at in range(ROUNDS):
        query, found = QUERIES[at % len(QUERIES)]
        terminal.press("\x15")
        terminal.see("Nothing searched yet.")
        terminal.press(query[:-1])
        terminal.wait_until_quiet()
        began = time.monotonic()
        terminal.press(query[-1])
        terminal.see(found)
        waits.append(time.monotonic() - began)
    return sorted(waits)[int(len(waits) * 0.95)]


@pytest.mark.long
def test_hits_follow_the_last_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: Callable[[str, list[str]], None]
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    lay_out_sample(tmp_path / "sample", ALL_PACKAGES)
    garden = open_garden(Places.of_user())
    project = garden.projects.add(tmp_path / "sample", "sample")
    list(garden.runs.follow(garden.runs.index(project).id))
    terminal = Terminal(SCREEN, columns=140, rows=45)
    terminal.see("sample", "ready")
    terminal.press("/")
    terminal.see("enter Search")
    terminal.press("warm")
    terminal.see("hits ·")
    idle = p95(terminal)
    with every_core_busy():
        busy = p95(terminal)
    terminal.press("\x1b")
    terminal.see("? Help")
    terminal.press("q")
    assert terminal.wait()[0] == 0
    keep(
        "From the last letter to the hits",
        [f"p95 of {ROUNDS} queries at 140x45, a tenth of a second for the next letter included: "
         f"idle {idle * 1000:.0f} ms, every core busy at nice 10 {busy * 1000:.0f} ms."],
    )  # fmt: skip
    assert busy < MOST_SECONDS
