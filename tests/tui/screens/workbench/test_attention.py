"""The terminal calls when a long run ends."""

import io
import time

import pytest
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import notices, see, until

from gardener_core.events.run import Failed, Finished, Started
from gardener_core.events.train import AlertRaised
from gardener_core.store.garden.runs import Run, RunState
from gardener_tui.app import GardenerApp
from gardener_tui.panes.training.pane import TrainingPane
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


async def test_an_alert_is_told_where_it_comes_and_not_where_it_came_before() -> None:
    garden = ScriptedGarden(a_project("acme"))
    old, new = (AlertRaised("held-out", step, 0.9, 2) for step in (5, 9))
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running", 3, 8), [Started(), old])
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "Alert at step 5: held-out bits per byte rose 2 times in a row")
        assert not any("Alert" in text for text in notices(pilot))
        await until(pilot, lambda: pilot.app.query_one(TrainingPane).is_painted)
        garden.runs.tell("r", new)
        await see(pilot, "Alert at step 9")
        await until(pilot, lambda: any("Alert at step 9" in text for text in notices(pilot)))
