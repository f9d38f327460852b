"""The terminal calls when a long run ends."""

import io
import time

import pytest
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import notices, see

from gardener_core.events.run import Failed, Finished, Started
from gardener_core.store.garden.runs import Run, RunState
from gardener_tui.app import GardenerApp
from gardener_tui.screens.workbench.attention import BELL


def put_runs(garden: ScriptedGarden, state: RunState) -> None:
    """A run of a minute and one of two seconds, both in this state."""
    ends = {"finished": [Finished(9.0)], "failed": [Failed("disk", "No room.", "")]}
    for name, seconds in (("long", 60), ("short", 2)):
        run = Run(name, "train", "id-beta", time.time() - seconds, state, 3, 8)
        garden.runs.put(run, [Started(), *ends.get(state, [])])
    garden.changed += 1


@pytest.mark.parametrize(
    ("state", "call_back"),
    [
        ("finished", "notification"),
        ("failed", "notification"),
        ("finished", "bell"),
        ("finished", "off"),
    ],
)
async def test_a_long_run_calls_when_it_ends_and_a_short_one_does_not(
    state: RunState, call_back: str
) -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"))
    garden.settings.call_back = call_back
    garden.runs.subjects = {"long": "v1\x1b]0;x\x07", "short": "v2"}
    put_runs(garden, "running")
    app, sent = GardenerApp(garden), io.StringIO()
    async with app.run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "● 2 runs going on")
        assert app._driver is not None
        app._driver.write = sent.write  # type: ignore[method-assign] - the terminal
        put_runs(garden, state)
        await see(pilot, f"train beta has {state}.")
        await pilot.pause()
        written = sent.getvalue()
        assert not any("v2" in text for text in notices(pilot))
    assert written.count(BELL) == ("off", "bell", "notification").index(call_back)
    told = written.partition("\x1b]9;")[2].partition("\x07")[0]
    assert ("v1" in told and told.endswith(f"has {state}.")) == (call_back == "notification")
    assert "\x1b" not in told, "the name of a version ends no sequence"
