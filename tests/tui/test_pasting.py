"""A megabyte pasted into an input line."""

import time

import pytest
from support.showroom import full_garden
from support.waiting import see, until
from textual import events
from textual.widgets import Input

from gardener_tui.app import GardenerApp

MEGABYTE = "code " * 200_000


@pytest.mark.parametrize("key", ["4", "slash", "n", "P", "r", "v", "R", "ctrl+p"])
async def test_a_megabyte_pasted_into_a_line_does_not_stall(key: str) -> None:
    app = GardenerApp(full_garden())
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "step 124/400")
        await pilot.press({"v": "2"}.get(key, "1"), key)
        await until(pilot, lambda: isinstance(app.focused, Input))
        line = app.focused
        assert isinstance(line, Input)
        began = time.process_time()
        app.post_message(events.Paste(MEGABYTE))
        await until(pilot, lambda: line.value.endswith("code "))
        assert time.process_time() - began < 1.0
        assert 100 < len(line.value) <= 20_100
