"""The garden answers questions about an index without the engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.plot import Plot

from gardener_core.engine.client import Engine, never
from gardener_core.engine.protocol import Request, WatchRequest
from gardener_core.events.index import Stale, Watching
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden, open_garden
from gardener_core.garden.index import Index
from gardener_core.search.query import filters_of
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.runs import Run
from gardener_core.store.project.catalog import KnownFile
from gardener_core.system.places import Places


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Garden:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    return open_garden(Places.of_user())


@pytest.fixture
def project(garden: Garden, tmp_path: Path) -> Project:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.py").write_text("def go():\n    return 1\n")
    return garden.projects.add(tmp_path / "web")


def plot_of(project: Project) -> Plot:
    return Plot(Places.of_user().project(project.id))


@pytest.mark.parametrize(
    ("word", "key", "excludes", "problem"),
    [
        ("lang:python", "lang", False, ""),
        ("-path:tests", "path", True, ""),
        ("cx>=10", "cx", False, ""),
        ("changed:7d", "changed", False, ""),
        ("changed:soon", "changed", False, "wants a time: 30m, 12h, 7d, 2w; now it is a word"),
        ("cx>many", "cx", False, "wants a number: cx>10; now it is a word"),
        ("name:", "name", False, "a value follows at once; now it is a word"),
    ],
)
def test_filters_and_what_looks_like_them(
    word: str, key: str, excludes: bool, problem: str
) -> None:
    (found,) = filters_of(f"refresh {word} std::vector path::join http://x:80 well-known")
    assert (found.text, found.key, found.excludes, found.problem) == (word, key, excludes, problem)


def test_a_filter_that_fits_nothing_here_says_what_there_is(
    garden: Garden, project: Project
) -> None:
    plot_of(project).write({"a.py": "def go():\n    return 1\n", "b.md": "# Web\n\nText.\n"})
    told = {item.text: item.problem for item in garden.index.filters(
        project, "lang:rust lang:Python kind:trait kind:module"
    )}  # fmt: skip
    assert told["lang:rust"] == "nothing here is that; markdown, python"
    assert told["kind:trait"].startswith("nothing here is that; ")
    assert told["lang:Python"] == told["kind:module"] == ""


def test_files_tell_their_state_and_what_can_be_done(garden: Garden, project: Project) -> None:
    def known(path: str, skipped: str = "", hidden: int = 0) -> KnownFile:
        secrets = tuple((line, "token") for line in range(hidden))
        return KnownFile(path, 10, 1, "h", 0 if skipped else 2, skipped, secrets)

    plot = plot_of(project)
    plot.catalog.keep(
        [
            known("a.py"), known("b.min.js", "generated"), known("c.py", "cannot be read: no"),
            known(".env", "holds secrets"), known("d.py", hidden=2), known("e.bin", "binary"),
            known("f.js"),
        ]
    )  # fmt: skip
    garden.index.decide(project, ["f.js"], anyway=True)
    told = [(f.path, f.state, f.remedy, len(f.hidden)) for f in garden.index.files(project)]
    assert told == [
        (".env", "left out", "", 0),
        ("a.py", "indexed", "again", 0),
        ("b.min.js", "left out", "anyway", 0),
        ("c.py", "failed", "again", 0),
        ("d.py", "indexed", "again", 2),
        ("e.bin", "left out", "", 0),
        ("f.js", "indexed", "by rule", 0),
    ]


def test_health_counts_what_changed_and_tells_what_is_missing(
    garden: Garden, project: Project, tmp_path: Path
) -> None:
    places = Places.of_user()
    assert garden.index.health(project).changed == 0, "nothing is indexed, so nothing is stale"
    plot_of(project)
    ready = Project(**{**_fields(project), "state": "ready", "chunks": 3})
    assert garden.index.health(ready).problem == "its index is not there"
    places.index(project.id).mkdir()
    (places.index(project.id) / "table").write_bytes(b"x" * 1000)
    seen = garden.index.health(ready)
    assert seen.changed == 1 and seen.problem == "" and seen.bytes >= 1000
    gone = Project(**{**_fields(ready), "path": tmp_path / "gone"})
    assert garden.index.health(gone).problem == "its folder is not there"


def _fields(project: Project) -> dict[str, object]:
    return {name: getattr(project, name) for name in Project.__slots__}


class TooManyChanges(Engine):
    """An engine that finds more changed files than it reads while it watches."""

    def answer(self, request: Request, cancelled: Callable[[], bool] = never) -> Iterator[Event]:
        assert isinstance(request, WatchRequest)
        yield Watching(request.project, False)
        yield Stale(request.project, 400)


def test_too_many_changes_start_one_index_run(garden: Garden, project: Project) -> None:
    places = Places.of_user()
    table = ProjectTable(garden.database)
    started: list[str] = []

    def start(project: Project) -> Run:
        started.append(project.id)
        table.set_state(project.id, "indexing")
        return Run("r", "index", project.id, 0.0, "starting")

    index = Index(places, TooManyChanges(places), garden.settings, table, start)
    table.set_state(project.id, "ready")
    first = list(index.watch(project, never))
    assert first == [Watching(project.id, False), Stale(project.id, 400)]
    assert list(index.watch(project, never)) == [Watching(project.id, False)]
    assert started == [project.id]
