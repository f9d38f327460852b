"""Choose which old runs to delete."""

from collections.abc import Iterable, Sequence

from gardener_core.store.garden.runs import Run


def expired_runs(runs: Sequence[Run], keep: int, needed: Iterable[str] = ()) -> list[Run]:
    """The ended runs of a project beyond the newest `keep`.

    A live run is never among them, nor a needed one, such as the run that made an adapter.
    """
    if keep == 0:
        return []
    needed_ids = set(needed)
    ended = [run for run in runs if not run.live]
    return [run for run in ended[keep:] if run.id not in needed_ids]
