"""Only ended runs that nobody needs expire."""

from gardener_core.store.garden.retention import expired_runs
from gardener_core.store.garden.runs import Run, RunState


def run(name: str, state: RunState = "finished") -> Run:
    return Run(name, "train", "p", 1.0, state)


def test_the_newest_ended_runs_stay() -> None:
    runs = [run("e", "running"), run("d"), run("c", "died"), run("b"), run("a", "paused")]
    assert expired_runs(runs, 1) == [run("c", "died"), run("b")]
    assert expired_runs(runs, 1, needed=["b"]) == [run("c", "died")]
    assert expired_runs(runs, 3) == [] and expired_runs(runs, 0) == []
