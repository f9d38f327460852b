"""Which old runs are let go."""

from collections.abc import Iterable, Sequence

from gardener_core.store.garden.runs import Run


def let_go(runs: Sequence[Run], keep: int, needed: Iterable[str] = ()) -> list[Run]:
    """The ended runs beyond the newest `keep`; `runs` are of one project, newest first.

    A run that is live is never among them, nor one whose record somebody needs, such as the one
    that made an adapter that stands.
    """
    if keep == 0:
        return []
    wanted = set(needed)
    ended = [run for run in runs if not run.live]
    return [run for run in ended[keep:] if run.id not in wanted]
