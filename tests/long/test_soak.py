"""An hour at the screen, pressed into minutes: what it does to the memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# A run of an hour tells ten steps a second; a busy person presses a key every two seconds.
HOUR = """
import asyncio, json
from pathlib import Path
from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden
from support.waiting import see, until
from gardener_core.events.train import StepDone
from gardener_tui.app import GardenerApp

STEPS, KEYS = 36_000, 1_800
ROUND = ("1", "j", "k", "2", "l", "s", "plus", "minus", "0", "v", "escape", "r", "escape",
         "question_mark", "escape", "z", "z", "3", "j", "k", "ctrl+o", "escape", "P", "escape")

def memory():
    lines = Path("/proc/self/status").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) / 1024
            for line in lines if line.startswith(("VmRSS", "VmHWM"))}

async def hour():
    garden = full_garden()
    run = garden.runs.all()[0]
    app = GardenerApp(garden)
    async with app.run_test(size=(140, 45)) as pilot:
        await see(pilot, "acme-web")
        start = memory()["VmRSS"]
        step, pressed = 400, 0
        while pressed < KEYS:
            told = [StepDone(run.id, "train", step + at, 40_000, 2.0 + at % 7 / 10)
                    for at in range(STEPS * len(ROUND) // KEYS)]
            step += len(told)
            for at in range(0, len(told), 10):
                garden.runs.tell(run.id, *told[at:at + 10])
            for key in ROUND:
                await pilot.press(key)
            pressed += len(ROUND)
            if pressed % (len(ROUND) * 15) == 0:
                await pilot.press("4", "w", "h", "y", "enter", "escape")
        return {"start": start, "steps": step, "keys": pressed, **memory()}

print(json.dumps(asyncio.run(hour())))
"""
MOST_MEBIBYTES = 80


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_an_hour_of_work_stays_light(keep: Callable[[str, list[str]], None]) -> None:
    path = [str(Path(__file__).parents[1]), *sys.path]
    told = json.loads(
        subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{HOUR}"],
            capture_output=True, text=True, timeout=900, check=True,
        ).stdout
    )  # fmt: skip
    keep(
        "An hour at the screen",
        [
            f"- {told['steps']:,} steps of a run followed, {told['keys']:,} keys, 140x45",
            f"- memory {told['start']:.0f} MiB at the start, {told['VmRSS']:.0f} MiB at the end, "
            f"{told['VmHWM']:.0f} MiB at most",
        ],
    )
    assert told["VmHWM"] < MOST_MEBIBYTES
