from gardener_core.events import Event, Failed, Resumed, Started, StepDone
from gardener_tui.panes.training.progress import Progress


def steps(first: int, last: int) -> list[Event]:
    return [StepDone("r", "train", step, 100, 2.0) for step in range(first, last + 1)]


def test_the_pace_is_measured_not_guessed() -> None:
    progress = Progress("train", "running")
    progress.add([Started(), *steps(1, 40)], 0.0)
    assert progress.eta_seconds is None
    progress.add(steps(41, 42), 10.0)
    progress.add(steps(43, 46), 12.0)
    # Four steps in two seconds; 54 are left.
    assert progress.eta_seconds == 27.0
    # What is older than the window does not count: two steps in a second now.
    progress.add(steps(47, 48), 40.0)
    progress.add(steps(49, 50), 41.0)
    assert progress.eta_seconds == 25.0


def test_a_new_attempt_that_has_not_spoken_is_starting_not_failed() -> None:
    progress = Progress("train", "failed")
    progress.add([Started(), *steps(1, 3), Failed("error", "Broken.", "")], 0.0)
    assert progress.state == "failed" and progress.trouble
    progress.add([], 0.1)
    assert progress.state == "starting" and progress.trouble is None
    progress.add([Resumed(), *steps(2, 4)], 0.2)
    assert progress.state == "running"
    assert list(progress.curve.steps) == [1, 2, 3, 4]
