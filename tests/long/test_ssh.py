"""A person at 80x24 over SSH, whose line drops again and again."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.processes import until
from support.sshd import SCREEN, SSH, SSHD
from support.terminal import Terminal

from gardener_core.garden.demo.sample import ALL_PACKAGES, lay_out_sample
from gardener_core.garden.door import open_garden
from gardener_core.jobs.curve import read_curve
from gardener_core.jobs.folder import EVENTS, is_alive
from gardener_core.system.places import Places

STEPS = "/260"


def screens(places: Places) -> list[int]:
    """The processes that show this garden."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        ours = f"GARDENER_HOME={places.data.parent}".encode() in variables
        if ours and SCREEN.encode() in words:
            found.append(int(entry.name))
    return found


def drop(client: Terminal, places: Places) -> float:
    """Kill the line's near end; how long the far end's screen then takes to go."""
    began = time.monotonic()
    client.signal(signal.SIGKILL)
    client.wait()
    until(lambda: not screens(places), "the end of the screen whose line was cut")
    return time.monotonic() - began


def steps_told(folder: Path) -> int:
    return (folder / EVENTS).read_bytes().count(b'"StepDone"')


@pytest.mark.long
@pytest.mark.skipif(not (SSHD and SSH), reason="needs sshd and ssh (Debian: openssh-server)")
def test_a_person_over_ssh_whose_line_drops(
    tmp_path: Path,
    places: Places,
    connect: Callable[..., Terminal],
    keep: Callable[[str, list[str]], None],
) -> None:
    code = lay_out_sample(tmp_path / "acme", ALL_PACKAGES)
    gone = []
    screen = connect()
    screen.see("Welcome.")
    screen.press("n")
    screen.see("Which folder")
    screen.press(f"{code}\r")
    until(lambda: bool(open_garden(places).runs.all()), "the survey that was asked for")
    gone.append(drop(screen, places))

    screen = connect()
    screen.see("acme", "ready")
    screen.press("?")
    screen.see("Keys", "esc Close")
    screen.press("\x1b")
    screen.miss("esc Close")
    screen.press("\x10")
    screen.see("Search for commands")
    screen.press("paper")
    screen.see("Theme: paper")
    screen.press("\r")
    screen.miss("Search for commands")
    screen.press("D")
    screen.see("Keep it")
    screen.press("y")
    screen.see("Welcome.")
    screen.press("u")
    screen.see("acme", "ready")
    screen.press("t")
    screen.see("Train an adapter on acme")
    screen.press("\r")
    screen.see(STEPS)
    (run,) = [run for run in open_garden(places).runs.all() if run.kind == "train"]
    folder = places.run(run.id)
    gone.append(drop(screen, places))
    reached = steps_told(folder)
    until(lambda: steps_told(folder) > reached + 5, "steps while nobody looks")
    assert is_alive(folder)

    screen = connect()
    screen.see("acme", "training")
    screen.press("2")
    screen.see("loss", STEPS)
    reached = steps_told(folder)
    until(lambda: steps_told(folder) > reached, "a step while it is followed")
    screen.press("p")
    screen.see("paused")
    told = steps_told(folder)
    curve = read_curve(folder)
    assert len(curve.step) == told
    screen.press("q")
    assert screen.wait()[0] == 0
    keep(
        "A person over SSH",
        [
            "- 80x24, sshd on loopback: added, surveyed, themed, removed and undone, trained",
            f"- client killed {len(gone)} times, its screen gone {max(gone):.1f} s later at most",
            f"- the run went on, all {told} steps in its curve on return",
        ],
    )
