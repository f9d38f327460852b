"""A few held-out lines are chosen, completed at bounded steps, and told as they are."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gardener_core.evaluation.split import SourceFile
from gardener_core.events.train import CompletedLine, LinesCompleted, StepDone
from gardener_core.models.tokens import TextTokens
from gardener_core.settings.schema import TrainingSettings
from gardener_core.training.completed_lines import CompletedLines, masked_lines
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan

FILE = SourceFile(
    "a.py",
    "# Water the garden.\nimport os\nfrom x import y\n\n\n\n"
    "# a comment = is not asked for\nimport tomllib.decoder\n}\nx\n"
    "def water(plant):\n    return plant.drink(2)\n",
)


def test_lines_that_say_something_are_chosen_one_a_file() -> None:
    (line,) = masked_lines([FILE], 4)
    assert line.expected in ("def water(plant):", "return plant.drink(2)")
    assert FILE.text.splitlines()[line.line - 1].strip() == line.expected
    assert FILE.text.startswith(line.before) and line.expected not in line.before
    files = [replace(FILE, path=f"{n}.py") for n in range(9)]
    chosen = masked_lines(files, 4)
    assert len({one.path for one in chosen}) == 4
    assert masked_lines(reversed(files), 4) == chosen, "the order of files is chance"
    assert masked_lines(files, 0) == ()
    assert masked_lines([SourceFile("b.py", "x = 1\n" * 3)], 4) == ()


def test_they_are_completed_at_a_bounded_number_of_steps(plan_of: Callable[..., TrainPlan]) -> None:
    tokens = TextTokens(plan_of(Path("r")).base.folder)

    def steps_of(steps: int) -> list[int]:
        lines = CompletedLines([FILE], tokens, TrainingSettings(steps=steps))
        due = [step for step in range(steps + 1) if lines.is_due(step)]
        assert len(due) == lines.times + 1
        return due

    assert steps_of(25) == [0, 10, 20, 25]
    assert steps_of(3) == [0, 3]
    assert len(steps_of(2500)) == 11
    off = CompletedLines([FILE], tokens, TrainingSettings(probe_lines=0))
    assert not off.is_due(0) and off.times == 0


def test_a_run_tells_what_it_wrote_and_learns_as_without(
    plan_of: Callable[..., TrainPlan], tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    plain = [e for e in train(plan_of(tmp_path / "a", steps=2)) if isinstance(e, StepDone)]
    events = list(train(plan_of(tmp_path / "b", steps=2, probe_lines=2)))
    told = [event for event in events if isinstance(event, LinesCompleted)]
    assert [one.step for one in told] == [0, 2]
    assert {len(one.lines) for one in told} == {2}
    for line in told[0].lines:
        assert "\n" not in line.completed and line.expected
    losses = [event.loss for event in events if isinstance(event, StepDone)]
    assert losses == [event.loss for event in plain], "looking at lines changes nothing"


def test_a_line_is_exact_where_it_is_the_very_line() -> None:
    assert CompletedLine("a.py", 3, "x = 1", " x = 1").is_exact
    assert not CompletedLine("a.py", 3, "x = 1", "x = 1  # one").is_exact
