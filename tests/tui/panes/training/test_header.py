"""What stands above the chart, by the facts of a run."""

import pytest
from support.showroom import full_garden
from support.waiting import screen, see

from gardener_core.events.run import Finished, Heard, Paused, PhaseAdvanced, Started
from gardener_core.events.train import Planned, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.follow import TimedEvent
from gardener_tui.app import GardenerApp
from gardener_tui.keymap import BUILT_IN
from gardener_tui.panes.training.header import header
from gardener_tui.panes.training.progress import RunProgress


def step(number: int, steps: int, loss: float = 2.5) -> StepDone:
    return StepDone("r", "train", number, steps, loss, 1.9e-4, 1_862.0, 2_100_000_000)


def shown(*events: Event, width: int = 62, state: str = "starting") -> list[str]:
    progress = RunProgress("train", state)
    progress.add([TimedEvent(event, float(at)) for at, event in enumerate(events)], 0.0)
    return header(progress, width, BUILT_IN, 0.0).plain.split("\n")


@pytest.mark.parametrize("width", [62, 76, 86, 105])
def test_the_bar_stands_still_while_the_numbers_beside_it_grow(width: int) -> None:
    runs = [
        (Started(), PhaseAdvanced("training", 0, 9, "steps"), step(1, 9)),
        (Started(), PhaseAdvanced("training", 0, 90_000, "steps"), step(80_001, 90_000, 1e9)),
        (Started(), PhaseAdvanced("scoring before", 3, 1_000_000, "tokens")),
        (Started(), PhaseAdvanced("scoring after", 999_999, 1_000_000, "tokens"), Paused()),
    ]
    places = set()
    for events in runs:
        first = shown(*events, width=width)[0]
        assert len(first) <= width, first
        places.add(first.index("%"))
    assert len(places) == 1


def test_a_part_that_cannot_be_counted_is_said_in_words() -> None:
    assert shown(PhaseAdvanced("importing"))[0] == "◌ starting  the libraries"
    assert shown(Started(), PhaseAdvanced("loading"))[0] == "● loading   the model"
    assert shown(Started(), PhaseAdvanced("reading", 120, 0, "files"))[0] == "● reading   120 files"


def test_a_wish_that_was_heard_and_not_yet_obeyed_is_told() -> None:
    told = (Started(), PhaseAdvanced("training", 0, 9, "steps"), Heard("pause"))
    assert "◌ Will pause as soon as nothing is lost by it" in shown(*told)
    assert not any("as soon as" in row for row in shown(*told, Paused()))


def test_measures_are_those_of_the_newest_step_and_the_best_is_of_the_smoothed_line() -> None:
    rows = shown(
        Started(),
        PhaseAdvanced("training", 0, 9, "steps"),
        Scored("before", "bits_per_byte", 2.914, 43),
        step(1, 9, 3.0),
        step(2, 9, 2.0),
        step(3, 9, 4.0),
        width=105,
    )
    assert rows[1] == "loss 4.0000  best 2.474 at 2  lr 1.9e-4  1 862 tok/s  2.0 GiB"
    assert rows[2] == "held out, bits per byte 2.914   n 43"


def test_waiting_is_not_told_as_work() -> None:
    plan = Planned("r", "train", "seedling", 9, 100, 7, 3)
    rows = shown(Started(), plan, step(9, 9), Finished(81.0, 198.0), width=105)
    assert rows[0] == "✔ finished  step 9/9  in 1:21, waited 3:18"
    assert "waited" not in shown(Started(), plan, step(9, 9), Finished(81.0))[0]


async def test_where_there_is_room_the_parts_stand_beside_the_chart_with_their_times() -> None:
    async with GardenerApp(full_garden()).run_test(size=(200, 60)) as pilot:
        text = await see(pilot, "✔ scoring before  ", "● training", "held out          43 files")
        assert "checkpoint        at step 100" in text
        await pilot.resize_terminal(140, 45)
        await see(pilot, "step 124/400")
        assert "✔ scoring before" not in screen(pilot)
