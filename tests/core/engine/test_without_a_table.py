"""A search is answered whatever state the table is in, and repair makes it whole."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.indexed import IndexedGardens

from gardener_core.code.workers import ReadingPool
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.engine.lanes.search import SearchLane
from gardener_core.errors import Remedy
from gardener_core.events.answer import Answered
from gardener_core.events.index import Retrieved, Stale, TableChecked
from gardener_core.events.run import Finished
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden, open_garden
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.update import refresh
from gardener_core.search.table import ChunkTable
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places

FILES = {
    "session.py": "class Session:\n    def refreshToken(self):\n        return rotate(self)\n",
    "other.js": "export function refreshToken() { return token; }\n",
    "tests/test_session.py": "def test_refresh_token():\n    assert refresh(token)\n",
    "keys.py": "def refresh_key():\n    api_key = 'k3y9Zq8Xw7Vb6Nm5Lk4Jh3'\n    return api_key\n",
    ".env": "REFRESH_TOKEN=k3y9Zq8Xw7Vb6Nm5Lk4Jh3\n",
    "notes.md": "# Happiness\n\nHappy people.\n",
}


def parts(folder: Path, pattern: str) -> list[Path]:
    return [path for path in (folder / "chunks.lance").rglob(pattern) if path.is_file()]


def lose_data(folder: Path) -> None:
    shutil.rmtree(folder / "chunks.lance" / "data")


def lose_word_index(folder: Path) -> None:
    shutil.rmtree(folder / "chunks.lance" / "_indices")


def cut_manifests(folder: Path) -> None:
    for path in parts(folder, "*.manifest"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty_manifests(folder: Path) -> None:
    for path in parts(folder, "*.manifest"):
        path.write_bytes(b"")


def lose_manifests(folder: Path) -> None:
    for path in parts(folder, "*.manifest"):
        path.unlink()


def garbage_everywhere(folder: Path) -> None:
    for path in parts(folder, "*"):
        path.write_bytes(os.urandom(3000))


def cut_data(folder: Path) -> None:
    for path in parts(folder, "data/*.lance"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def file_for_a_table(folder: Path) -> None:
    shutil.rmtree(folder / "chunks.lance")
    (folder / "chunks.lance").write_text("x")


def file_for_a_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("x")


DAMAGES = (
    lose_data,
    lose_word_index,
    cut_manifests,
    empty_manifests,
    lose_manifests,
    garbage_everywhere,
    cut_data,
    file_for_a_table,
    file_for_a_folder,
    shutil.rmtree,
)
# A part that is lost, one that cannot be read, and a file in the place of the table.
QUICK = (lose_data, garbage_everywhere, file_for_a_table)


EMBEDDER = load_static()


def fill(places: Places) -> None:
    """Index everything again, as a run does."""
    table = ChunkTable.open_or_create(places.index("p"), EMBEDDER)
    root = ProjectTable(Database(places.database)).get("p").path
    with ReadingPool(root, 1) as pool:
        list(refresh(root, Catalog(places.catalog("p")), table, EMBEDDER, pool, full=True))


def lay_out(root: Path) -> Path:
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A garden without an engine."""
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    projects = ProjectTable(Database(places.database))
    projects.insert("p", lay_out(tmp_path / "web"), "p")
    fill(places)
    projects.set_indexed("p", 5, 6)
    return places


def events_of(garden: Garden, run: str) -> list[Event]:
    return [event for batch in garden.runs.follow(run) for event in batch]


@pytest.fixture(scope="module")
def unindexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Garden]:
    folder = tmp_path_factory.mktemp("unindexed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GARDENER_HOME", str(folder / "home"))
        garden = open_garden(Places.of_user())
        garden.projects.add(lay_out(folder / "web"))
        yield garden
        garden.close()


@pytest.fixture
def garden(tmp_path: Path, indexed: IndexedGardens) -> Iterator[Garden]:
    with indexed.opened(tmp_path, FILES) as garden:
        yield garden


@pytest.fixture
def web(garden: Garden) -> Project:
    return garden.projects.find("web")


@pytest.mark.parametrize(
    "damage",
    [pytest.param(damage, marks=() if damage in QUICK else pytest.mark.long) for damage in DAMAGES],
    ids=lambda damage: damage.__name__,
)
def test_damaged_table_is_searched_without_and_made_anew(
    places: Places, damage: Callable[[Path], None]
) -> None:
    warm, cold = (
        SearchLane(places, OpenEmbedders(places)),
        SearchLane(places, OpenEmbedders(places)),
    )
    try:
        assert warm.find("p", "refresh token", 5).note == ""
        damage(places.index("p"))
        assert warm.find("p", "refresh token", 5).hits  # it may have all it needs in memory
        found = cold.find("p", "refresh token lang:python", 5)
        assert found.hits[0].path == "session.py" and found.remedy == Remedy("repair", "p")
        assert cold.check("p").problem
        fill(places)
        for finder in (warm, cold):
            again = finder.find("p", "refresh token lang:python", 5)
            assert again.note == "" and again.hits[0].path == "session.py"
        assert cold.check("p") == TableChecked("p", 6, "")
    finally:
        warm.close()
        cold.close()


@pytest.mark.parametrize("damage", [lose_data, pytest.param(shutil.rmtree, marks=pytest.mark.long)])
def test_repair_finds_it_and_starts_a_run(
    garden: Garden, web: Project, damage: Callable[[Path], None]
) -> None:
    damage(Places.of_user().index(web.id))
    (part,) = (part for part in garden.projects.repair(web) if part.part == "index")
    assert part.remedy is not None and part.remedy.act == "follow"
    assert isinstance(events_of(garden, part.remedy.of)[-1], Finished)
    assert garden.index.search(garden.projects.find("web"), "refresh token").note == ""
    (part,) = (part for part in garden.projects.repair(web) if part.part == "index")
    assert part.done == "" and "chunks" in part.found


@pytest.mark.parametrize("damage", [cut_manifests, pytest.param(lose_data, marks=pytest.mark.long)])
def test_plain_index_run_mends_what_it_cannot_read(
    garden: Garden, web: Project, damage: Callable[[Path], None]
) -> None:
    damage(Places.of_user().index(web.id))
    (Path(web.path) / "session.py").write_text("def newer_token(): ...\n")
    events = events_of(garden, garden.runs.index(web).id)
    assert isinstance(events[-1], Finished)
    assert garden.index.search(web, "newer").hits[0].path == "session.py"


def test_without_a_table_words_find_as_usual(unindexed: Garden) -> None:
    project = unindexed.projects.find("web")
    found = unindexed.index.search(project, "refresh token")
    assert "not indexed" in found.note and found.remedy == Remedy("index", "web")
    first, second = found.hits[:2]
    assert {first.symbol, second.symbol} == {"Session.refreshToken", "refreshToken"}
    assert first.why.words_rank == 1 and first.why.terms == ("refresh", "token")
    assert {hit.role for hit in found.hits[:2]} == {"code"}  # the test comes after
    assert any(hit.path.startswith("tests/") for hit in (*found.hits, *found.tests))
    exact = unindexed.index.search(project, "where is refresh_key").hits[0]
    assert exact.symbol == "refresh_key"
    assert any(item.name == "exact name" for item in exact.why.corrections)
    assert unindexed.index.search(project, "happiness").hits[0].path == "notes.md"


def test_without_a_table_secrets_stay_hidden(unindexed: Garden) -> None:
    project = unindexed.projects.find("web")
    found = unindexed.index.search(project, "refresh key token k3y9Zq8Xw7Vb6Nm5Lk4Jh3")
    assert found.hits
    assert "k3y9" not in repr(found) and ".env" not in repr(found)
    assert "[secret]" in repr(found)


def test_without_a_table_filters_hold(unindexed: Garden) -> None:
    project = unindexed.projects.find("web")

    def paths(query: str) -> list[str]:
        return [hit.path for hit in unindexed.index.search(project, query).hits]

    assert paths("refresh token lang:javascript") == ["other.js"]
    assert "other.js" not in paths("refresh token -lang:javascript")
    assert paths("refresh path:tests") == ["tests/test_session.py"]
    assert paths("kind:method") == ["session.py"]
    assert set(paths("name:refresh*")) == {"session.py", "other.js", "keys.py"}
    assert paths("token changed:1h cx>50") == []
    assert "session.py" in paths("token changed:1h")
    assert paths("the zzz") == []


def test_question_is_answered_without_a_table(unindexed: Garden) -> None:
    project = unindexed.projects.find("web")
    found, *_, done = unindexed.chats.ask(project, "where is the token refreshed?")
    assert isinstance(found, Retrieved) and found.remedy == Remedy("index", "web")
    assert isinstance(done, Answered) and done.found


def test_watch_of_a_broken_table_asks_for_a_run(garden: Garden, web: Project) -> None:
    cut_manifests(Places.of_user().index(web.id))
    (Path(web.path) / "session.py").write_text("def newer_token(): ...\n")
    for event in garden.index.watch(web, lambda: False):
        if isinstance(event, Stale):
            return
    raise AssertionError("ended without a word")


@pytest.mark.long
def test_check_reads_every_row(garden: Garden, web: Project) -> None:
    assert garden.index.check(web) == TableChecked(web.id, web.chunks, "")
    lose_data(Places.of_user().index(web.id))
    assert garden.index.check(web).problem
