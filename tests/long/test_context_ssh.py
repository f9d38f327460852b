"""The whole context pane by keys alone, over SSH, on three projects of others."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.foreign import PROJECTS, Foreign, versions
from support.sshd import SSH, SSHD
from support.terminal import Terminal
from support.walk import follow

from gardener_core.garden.door import open_garden
from gardener_core.system.places import Places

SIZES = ((80, 24), (140, 45))


@pytest.mark.long
@pytest.mark.skipif(not (SSHD and SSH), reason="needs sshd and ssh (Debian: openssh-server)")
@pytest.mark.parametrize("foreign", PROJECTS, ids=lambda foreign: foreign.name)
def test_all_of_the_context_pane_is_reached_by_keys(
    foreign: Foreign, tmp_path: Path, places: Places, connect: Callable[..., Terminal]
) -> None:
    garden = open_garden(places)
    project = garden.projects.add(versions(foreign, tmp_path)[0], "other")
    follow(garden, garden.runs.index(project).id)
    garden.close()
    for columns, rows in SIZES:
        screen = connect(columns, rows)
        screen.see("other", "ready")
        walk(screen, foreign)
        screen.press("q")
        assert screen.wait()[0] == 0


def walk(screen: Terminal, foreign: Foreign) -> None:
    """Every page, and every key that changes what is on it."""
    screen.press("3")
    screen.see("draws its map")
    screen.press("m")
    screen.see("Context · map", " symbols of ")
    screen.press("\x7f/")
    screen.see("enter Search")
    screen.press(foreign.asked)
    screen.see(foreign.answer.rpartition("/")[2], " hits · ")
    screen.press("\r")
    screen.see("enter Around")
    screen.press("w")
    screen.see("Why it is number 1", "█ words", "▒ meaning")
    screen.press("w")
    screen.miss("Why it is number 1")
    for key, wanted in (("h", "Held by"), ("c", "Called by"), ("d", "Calls"), ("v", "Tests")):
        screen.press(key)
        screen.see("Context · around", wanted)
        screen.press("\x7f")
        screen.miss("Context · around")
    screen.press("+")
    screen.see("Pinned 1")
    screen.press("e")
    screen.see("Context · pinned and banned")
    screen.press("\x7f+")
    screen.miss("Pinned 1")
    screen.press("s")
    screen.see("code only")
    screen.press("ss")
    screen.miss("tests only")
    screen.press("f")
    screen.see("Context · files", " files")
    screen.press(foreign.answer.rpartition("/")[2])
    screen.see(" of ", foreign.answer)
    screen.press("\x1b")
    screen.wait_until_quiet(0.5)
    screen.press("\x7f")
    screen.miss("Context · files")
    screen.press("M")
    screen.see("Context · measured", "Not measured yet")
    screen.press("\x7f")
    screen.see(" hits · ")
