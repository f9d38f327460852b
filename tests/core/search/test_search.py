"""The index holds what the files hold, and finds it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gardener_core.code.workers import ReadingPool
from gardener_core.errors import IndexMissing, Remedy
from gardener_core.events.index import FilesRead, Indexed
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.static import document_text, load_static
from gardener_core.search.indexing.update import refresh
from gardener_core.search.query import Scope
from gardener_core.search.search import CANDIDATES, search
from gardener_core.search.table import ChunkTable
from gardener_core.search.terms import terms_of_question, terms_of_text
from gardener_core.store.project.catalog import Catalog

EMBEDDER = load_static()
FILES = {
    "session.py": "class Session:\n    def refreshToken(self):\n        return rotate(self)\n",
    "it's.md": "# The quoted file\n\nrefresh the page\n",
    "empty.py": "",
    "http_server.py": "def serve_forever(port):\n    listen(port)\n",
}


class Shelf:
    """A project and its index."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.root.mkdir()
        for name, text in FILES.items():
            self.write(name, text)
        self.index = folder / "index"
        self.catalog = Catalog(folder / "catalog.db")
        self.table = ChunkTable.open_or_create(self.index, EMBEDDER)
        self.pool = ReadingPool(self.root, 1)

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    def refresh(self, full: bool = False) -> Indexed:
        *read, done = refresh(self.root, self.catalog, self.table, EMBEDDER, self.pool, full=full)
        assert all(isinstance(event, FilesRead) for event in read)
        assert isinstance(done, Indexed)
        return done

    def paths(self, query: str) -> list[str]:
        hits = search(self.table, EMBEDDER, query, 10).hits
        return [hit.path for hit in hits if hit.why.words_rank]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    shelf.refresh()
    yield shelf
    shelf.pool.close()


def counts(done: Indexed) -> tuple[int, int, int]:
    return done.files, done.changed, done.removed


def test_words_inside_identifiers_are_found(shelf: Shelf) -> None:
    first = search(shelf.table, EMBEDDER, "refreshing tokens", 10).hits[0]
    assert (first.path, first.symbol, first.kind) == (
        "session.py", "Session.refreshToken", "method",
    )  # fmt: skip
    assert (first.start_line, first.end_line, first.language) == (2, 3, "python")
    assert first.text == "    def refreshToken(self):\n        return rotate(self)\n"
    assert first.why.terms == ("refresh", "token")
    assert shelf.paths("http server") == ["http_server.py"]


def test_why_is_true_when_recomputed(shelf: Shelf) -> None:
    for hit in search(shelf.table, EMBEDDER, "refresh the page session", 10).hits:
        own = set(terms_of_text(f"{hit.text} {hit.symbol} {hit.path.rsplit('.', 1)[0]}"))
        assert set(hit.why.terms) == own & set(terms_of_question("refresh the page session"))
        assert bool(hit.why.words_rank) == bool(hit.why.terms)
        vectors = EMBEDDER.embed_documents([document_text(hit.path, hit.symbol, hit.text)])
        meaning = float(vectors[0] @ EMBEDDER.embed_query("refresh the page session"))
        assert hit.why.meaning_score == pytest.approx(meaning, abs=1e-3)
        parts = hit.why.words_part + hit.why.meaning_part
        corrected = sum(correction.value for correction in hit.why.corrections)
        assert hit.score == pytest.approx(parts + corrected, abs=1e-3)


def test_unchanged_files_are_not_read_again(shelf: Shelf) -> None:
    assert counts(shelf.refresh()) == (4, 0, 0)
    os.utime(shelf.root / "session.py")
    assert counts(shelf.refresh()) == (4, 0, 0)  # touched, but its content is known


def test_change_replaces_the_file_alone(shelf: Shelf) -> None:
    before = shelf.table.count()
    shelf.write("session.py", "def renamed():\n    return 'other'\n")
    assert counts(shelf.refresh()) == (4, 1, 0)
    assert shelf.paths("renamed") == ["session.py"]
    assert shelf.paths("token") == []
    assert shelf.table.count() == before - 1


def test_removed_and_emptied_files_leave_the_index(shelf: Shelf) -> None:
    (shelf.root / "it's.md").unlink()
    shelf.write("session.py", "")
    assert counts(shelf.refresh()) == (3, 1, 1)
    assert shelf.paths("refresh") == []


def test_skipped_file_is_named_and_comes_back_when_mended(shelf: Shelf) -> None:
    shelf.write("session.py", "\0")
    done = shelf.refresh()
    assert [(s.path, s.reason) for s in done.skipped] == [("session.py", "binary")]
    assert shelf.paths("token") == []
    shelf.write("session.py", FILES["session.py"])
    assert shelf.refresh().skipped == ()
    assert shelf.paths("token") == ["session.py"]


def test_kill_between_table_and_catalog_is_mended(shelf: Shelf) -> None:
    known = list(shelf.catalog.files().values())
    shelf.write("session.py", "def new():\n    pass\n\n\ndef newer():\n    pass\n")
    shelf.refresh()
    shelf.catalog.keep(known)  # as if the second write had never happened
    shelf.refresh()
    assert shelf.paths("newer") == ["session.py"]
    assert shelf.table.count() == sum(file.chunks for file in shelf.catalog.files().values())


def test_lost_table_is_made_again(shelf: Shelf) -> None:
    shutil.rmtree(shelf.index)
    shelf.table = ChunkTable.open_or_create(shelf.index, EMBEDDER)
    assert counts(shelf.refresh()) == (4, 3, 0)  # the empty one has nothing to lose
    assert shelf.paths("serve") == ["http_server.py"]


def test_full_reads_everything(shelf: Shelf) -> None:
    assert counts(shelf.refresh(full=True)) == (4, 4, 0)
    assert len(shelf.paths("token")) == 1


def test_other_process_sees_new_rows(shelf: Shelf) -> None:
    reader = ChunkTable.open(shelf.index)
    shelf.write("new.py", "def zebra(): ...\n")
    shelf.refresh()
    reader.refresh()
    assert [hit.path for hit in search(reader, EMBEDDER, "zebra", 3).hits] == ["new.py"]


def test_missing_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as told:
        ChunkTable.open(tmp_path / "nix")
    assert told.value.remedy == Remedy("index")


@pytest.mark.parametrize("query", ["", "the of", "?!", "zzz", "x" * 500, "a' OR 1=1 --"])
def test_odd_queries_do_no_harm(shelf: Shelf, query: str) -> None:
    search(shelf.table, EMBEDDER, query, 5)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("refreshToken", ["refresh", "token", "refreshtoken"]),
        ("HTTPServer_v2", ["http", "server", "httpserver_v2"]),
        ("running 42", ["run", "42"]),
        ("x", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert terms_of_text(text) == terms


def found(shelf: Shelf, query: str) -> list[str]:
    return [hit.path for hit in search(shelf.table, EMBEDDER, query, 10).hits]


def test_filters_hold_before_ranking(shelf: Shelf) -> None:
    shelf.write("other.js", "export function refreshToken() { return token; }\n")
    (shelf.root / "tests").mkdir()
    shelf.write("tests/test_session.py", "def test_refresh_token():\n    assert refresh(token)\n")
    shelf.refresh()
    assert found(shelf, "refresh token lang:javascript") == ["other.js"]
    assert "other.js" not in found(shelf, "refresh token -lang:javascript")
    assert set(found(shelf, "refresh path:tests")) == {"tests/test_session.py"}
    assert set(found(shelf, "name:refresh*")) == {"session.py", "other.js"}
    assert found(shelf, "kind:method") == ["session.py"]
    assert found(shelf, "token changed:1h cx>50") == []
    assert "session.py" in found(shelf, "token changed:1h")


def test_tests_come_after_code_and_stand_in_a_group_of_their_own(shelf: Shelf) -> None:
    (shelf.root / "tests").mkdir()
    for number in range(12):
        test = f"def test_refresh_token_{number}():\n    refresh(token, {number})\n"
        shelf.write(f"tests/test_{number}.py", test)
    shelf.refresh()
    told = search(shelf.table, EMBEDDER, "refresh token", 2)
    assert told.hits[0].path == "session.py"
    assert len(told.hits) == 2
    assert told.tests and all(hit.role == "test" for hit in told.tests)
    shown = {(hit.path, hit.start_line) for hit in told.hits}
    assert not shown & {(hit.path, hit.start_line) for hit in told.tests}


def test_meaning_finds_what_shares_no_word(shelf: Shelf) -> None:
    shelf.write("erase.py", "def unlink_directory(folder):\n    os.rmdir(folder)\n")
    shelf.refresh()
    hits = search(shelf.table, EMBEDDER, "delete", 10).hits
    (place,) = (hit for hit in hits if hit.path == "erase.py")
    assert place.why.words_rank == 0 and place.why.meaning_rank > 0


def test_table_of_another_embedder_is_made_again(shelf: Shelf) -> None:
    class Other:
        name, dimensions, choice = "other", 8, EmbedderChoice("gguf:/other.gguf")

    table = ChunkTable.open_or_create(shelf.index, Other())  # type: ignore[arg-type]
    assert table.count() == 0


def test_symbols_and_knobs_follow_their_files(shelf: Shelf) -> None:
    def symbols(path: str) -> list[str]:
        return [item.symbol for item in shelf.catalog.symbols.of_file(path)]

    assert symbols("session.py") == ["Session", "Session.refreshToken"]
    shelf.write("session.py", 'import os\n\n\ndef home():\n    return os.getenv("HOME", "/")\n')
    shelf.refresh()
    assert symbols("session.py") == ["home"]
    (point,) = shelf.catalog.configuration.holding("home")
    assert (point.kind, point.path, point.line, point.default) == (
        "environment",
        "session.py",
        5,
        '"/"',
    )
    (shelf.root / "session.py").unlink()
    shelf.refresh()
    assert symbols("session.py") == [] and shelf.catalog.configuration.holding() == []


def test_files_of_an_earlier_catalog_are_read_but_not_embedded_again(shelf: Shelf) -> None:
    before = shelf.table.count()
    with shelf.catalog._database.writing() as connection:
        connection.execute("DELETE FROM symbols")
        connection.execute("UPDATE files SET changed_ns = -1")
    assert counts(shelf.refresh()) == (4, 0, 0)
    assert shelf.table.count() == before
    assert shelf.catalog.symbols.of_file("session.py")


def test_scope_is_code_tests_or_all(shelf: Shelf) -> None:
    (shelf.root / "tests").mkdir()
    shelf.write("tests/test_session.py", "def test_refresh_token():\n    refresh(token)\n")
    shelf.refresh()

    def roles(scope: Scope) -> set[str]:
        told = search(shelf.table, EMBEDDER, "refresh token -lang:markdown", 10, scope)
        assert scope == "all" or told.tests == ()
        return {hit.role for hit in told.hits}

    assert (roles("code"), roles("tests"), roles("all")) == ({"code"}, {"test"}, {"code", "test"})
    (test,) = search(shelf.table, EMBEDDER, "refresh token", 10, "tests").hits
    # Who asks for tests wants no penalty on them.
    assert "test" not in [item.name for item in test.why.corrections]


def test_copies_fold_and_k_results_come_when_there_are_k(shelf: Shelf) -> None:
    body = "".join(f"    turn(cog, tooth_{n})\n" for n in range(20))
    for number in range(CANDIDATES * 2):
        shelf.write(f"copy_{number}.py", f"def gear():\n{body}")
    for number in range(3):
        shelf.write(f"other_{number}.py", f"def gear_{number}():\n    stop(cog_{number})\n")
    shelf.refresh()
    told = search(shelf.table, EMBEDDER, "cog", 4)
    assert len(told.hits) == 4
    assert sum(len(hit.also) for hit in told.hits) == CANDIDATES * 2 - 1
