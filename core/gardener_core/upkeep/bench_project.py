"""Benchmark a project."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gardener_core.errors import EngineLost, Remedy
from gardener_core.store.garden.projects import Project
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places
from gardener_core.system.processes.start import start_python
from gardener_core.system.records import rebuild

_CHILDREN = {
    what: "from gardener_core.system.processes.watchdog import end_with_stdin; end_with_stdin(); "
    f"from gardener_core.search.measuring import {name}; {name}.main()"
    for what, name in (
        ("read", "reading"),
        ("index", "indexing"),
        ("search", "searching"),
        ("retrieval", "retrieval"),
    )
}
_OWN_TABLE = frozenset({"search", "retrieval"})


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: the median of n runs, with the lowest and the highest."""

    name: str
    value: float
    unit: str
    n: int
    low: float
    high: float


def bench_project(
    what: str, places: Places, project: Project, sizes: Sequence[int]
) -> Iterator[Result | str]:
    """Benchmark reading, indexing or searching a project in a child process.

    Sizes are those of generated tables, or numbers of questions. Lines of the child that are not
    figures are yielded as text.
    """
    folder = places.index(project.id) if what in _OWN_TABLE else make_folder(places.data)
    counts = ",".join(map(str, sizes))
    with start_python(
        _CHILDREN[what], project.path, folder, counts, errors=subprocess.PIPE
    ) as child:
        assert child.stdout is not None and child.stderr is not None
        try:
            for line in child.stdout:
                fields = json.loads(line)
                yield fields["text"] if "text" in fields else rebuild(Result, fields)
            errors = child.stderr.read().decode("utf-8", "replace").strip().splitlines()
            status = child.wait()
        finally:
            child.kill()
    if status:
        raise EngineLost(
            f"The measurement ended early: {errors[-1] if errors else f'status {status}'}",
            remedy=Remedy("repair", project.name),
        )
