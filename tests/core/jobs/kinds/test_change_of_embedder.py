"""An index changes its embedder while the old one answers, despite interruptions."""

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from support.indexed import IndexedGardens
from support.killing import kill_run, process_of
from support.ollama_double import OllamaDouble
from support.processes import until

from gardener_core.errors import OllamaDown, revive
from gardener_core.events.index import (
    ChunksEmbedded,
    EmbedderChanged,
    Hit,
    Indexed,
    Refreshed,
    Retrieved,
)
from gardener_core.events.run import Failed, Finished, Noted, Stopped
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden, open_garden
from gardener_core.search.columns import VECTOR
from gardener_core.search.indexing.check import problem_of
from gardener_core.search.table import ChunkTable
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places

OLLAMA = "ollama:nomic-embed-text"
FILES = 40
CODE = {
    "session.py": "def refresh_token(session):\n    return rotate(session)\n",
    **{f"m{n}.py": f"def read_{n}(path):\n    return open(path).read({n})\n" for n in range(FILES)},
}
MODELS_KEY = "search.embedder"


@pytest.fixture
def garden(tmp_path: Path, indexed: IndexedGardens) -> Iterator[Garden]:
    with indexed.opened(tmp_path, CODE) as garden:
        yield garden


@pytest.fixture
def web(garden: Garden) -> Project:
    return garden.projects.find("web")


def run_of(garden: Garden, project: Project) -> list[Event]:
    return followed(garden, garden.runs.index(project).id)


def followed(garden: Garden, run: str) -> list[Event]:
    return [event for batch in garden.runs.follow(run) for event in batch]


def change(garden: Garden, project: Project, wanted: str) -> list[Event]:
    garden.settings.set_for(project, MODELS_KEY, wanted)
    return run_of(garden, project)


def table_of(project: Project) -> ChunkTable:
    return ChunkTable.open(Places.of_user().index(project.id))


def only(events: list[Event], kind: type) -> Event:
    (found,) = (event for event in events if isinstance(event, kind))
    return found


def search(garden: Garden, project: Project) -> Retrieved:
    return garden.index.search(project, "refresh token", k=FILES + 2)


def by_words(found: Retrieved) -> Hit:
    """The best hit by words; what weights made at random think of meaning is another matter."""
    (hit,) = (hit for hit in found.hits if hit.why.words_rank == 1)
    assert hit.path == "session.py"
    return hit


def vectors_of(project: Project) -> dict[str, list[float]]:
    rows = [row for some in table_of(project).batches(["path", VECTOR], 1000) for row in some]
    return {row["path"]: row[VECTOR] for row in rows}


@pytest.mark.long
def test_it_swaps_in_and_out_while_search_goes_on(
    garden: Garden, web: Project, ollama: OllamaDouble, tiny
) -> None:
    over, notes = threading.Event(), set()
    meanings: list[float] = []

    def ask() -> None:
        while not over.is_set():
            found = search(garden, web)
            notes.add(found.note)
            meanings.append(by_words(found).why.meaning_score)

    searching = _Thread(ask)
    names = [table_of(web).embedder_name]
    until(lambda: bool(meanings), "the first answer")
    for wanted, pooling in ((OLLAMA, "auto"), (f"gguf:{tiny.gguf}", "cls"), ("static-1", "auto")):
        before = meanings[-1]
        garden.settings.set_for(web, "search.pooling", pooling)
        events = change(garden, web, wanted)
        changed = only(events, EmbedderChanged)
        assert isinstance(changed, EmbedderChanged) and isinstance(events[-1], Finished)
        assert changed.before == names[-1] and changed.chunks == FILES + 1
        names.append(changed.after)
        gone = (before, 0.0)  # 0: found by words alone, while the new one was being loaded
        until(lambda gone=gone: meanings[-1] not in gone or searching.failed, "its answers")
    over.set()
    searching.join()
    assert names[0] == names[-1] == "static-1" and len(set(names)) == 3
    assert meanings[-1] == meanings[0] and len(set(meanings) - {0.0}) == 3  # each had its say
    assert all("loaded" in note for note in notes if note)
    assert search(garden, web).note == ""
    index = Places.of_user().index(web.id)
    assert len(list(index.glob("*.lance"))) == 1


@pytest.mark.long
def test_vectors_are_those_of_the_reference(
    garden: Garden, web: Project, ollama: OllamaDouble, tiny
) -> None:
    change(garden, web, OLLAMA)
    text = "session.py\nrefresh_token\ndef refresh_token(session):\n    return rotate(session)\n"
    (expected,) = tiny.reference.embed(["search_document: " + text])
    assert np.dot(vectors_of(web)["session.py"], expected) > 0.999


@pytest.mark.long
def test_no_text_is_embedded_twice(garden: Garden, web: Project, ollama: OllamaDouble) -> None:
    events = change(garden, web, OLLAMA)
    told = [event for event in events if isinstance(event, ChunksEmbedded)]
    assert (told[0].done, told[-1].done, told[-1].total) == (0, FILES + 1, FILES + 1)
    first = len(ollama.texts)
    assert len(set(ollama.texts)) == first - told_probes(ollama) + 1
    change(garden, web, "static-1")
    again = [e for e in change(garden, web, OLLAMA) if isinstance(e, ChunksEmbedded)]
    assert again[-1].known == FILES + 1
    followed(garden, garden.runs.index(web, full=True).id)
    (Path(web.path) / "session.py").rename(Path(web.path) / "login.py")
    run_of(garden, web)
    fresh = [text for text in ollama.texts[first:] if "dimensions" not in text]
    assert len(fresh) == 1 and "login.py" in fresh[0]  # the place is part of the text
    assert table_of(web).unembedded() == 0


def told_probes(ollama: OllamaDouble) -> int:
    return sum("dimensions" in text for text in ollama.texts)


def test_without_the_server_words_answer_and_say_so(
    garden: Garden, web: Project, ollama: OllamaDouble
) -> None:
    change(garden, web, OLLAMA)
    assert search(garden, web).note == ""
    ollama.close()
    found = search(garden, web)
    assert by_words(found).why.meaning_rank == 0
    assert "does not answer" in found.note and "words alone" in found.note
    (Path(web.path) / "new.py").write_text("def zebra_crossing(): ...\n")
    events = run_of(garden, web)  # what can be done is done
    assert isinstance(events[-1], Finished) and isinstance(only(events, Indexed), Indexed)
    assert any(isinstance(e, Noted) and "1 chunk has no vector" in e.text for e in events)
    found = garden.index.search(web, "zebra")
    assert [hit.path for hit in found.hits] == ["new.py"]


def test_change_to_what_cannot_be_had_fails_and_leaves_the_old(
    garden: Garden, web: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    failed = change(garden, web, OLLAMA)[-1]
    assert isinstance(failed, Failed)
    assert isinstance(revive(failed.code, failed.what, failed.hint), OllamaDown)
    assert table_of(web).embedder_name == "static-1"
    assert by_words(search(garden, web)).why.meaning_rank > 0


@pytest.mark.long
def test_model_that_was_pulled_anew_is_told_and_then_taken(
    garden: Garden, web: Project, ollama: OllamaDouble
) -> None:
    change(garden, web, OLLAMA)
    assert search(garden, web).note == ""
    ollama.digest = "cd" * 32
    assert "another nomic-embed-text" in search(garden, web).note
    late = open_garden(Places.of_user())  # a screen that is opened only now
    assert "not the model that the index was made with" in search(late, web).note
    late.close()
    changed = only(run_of(garden, web), EmbedderChanged)
    assert isinstance(changed, EmbedderChanged) and changed.after == f"{OLLAMA}@{'cd' * 6}"
    assert search(garden, web).note == ""


def test_saved_file_is_found_at_once_and_embedded_soon_after(
    garden: Garden, web: Project, ollama: OllamaDouble
) -> None:
    ollama.remote = "https://ollama.com:443"
    garden.settings.set_for(web, "search.code_may_leave", "true")
    change(garden, web, OLLAMA)
    sent_out = [entry.action for entry in garden.audit.all()].count("code sent out")
    over = threading.Event()
    events = garden.index.watch(web, over.is_set)
    next(events), next(events)
    ollama.wait = 0.2
    (Path(web.path) / "new.py").write_text("def zebra_crossing(): ...\n")
    assert isinstance(next(events), Refreshed)
    found = garden.index.search(web, "zebra crossing", k=FILES + 2)
    assert ("new.py", 1) in {(hit.path, hit.why.words_rank) for hit in found.hits}
    until(lambda: table_of(web).unembedded() == 0, "the vector of the saved chunk")
    assert any("zebra" in text for text in ollama.texts)
    over.set()
    list(events)
    assert [entry.action for entry in garden.audit.all()].count("code sent out") == sent_out + 1


@pytest.mark.long
def test_stopped_change_goes_on_where_it_was(
    garden: Garden, web: Project, ollama: OllamaDouble
) -> None:
    ollama.wait = 0.3
    garden.settings.set_for(web, MODELS_KEY, OLLAMA)
    run = garden.runs.index(web)
    until(lambda: len(ollama.texts) > 16, "the first texts")
    garden.runs.stop(run.id)
    assert isinstance(followed(garden, run.id)[-1], Stopped)
    assert table_of(web).embedder_name == "static-1"
    assert by_words(search(garden, web)).why.meaning_rank > 0
    events = run_of(garden, web)
    told = [event for event in events if isinstance(event, ChunksEmbedded)]
    assert told[-1].known >= 16 and isinstance(only(events, EmbedderChanged), EmbedderChanged)


def test_code_that_is_sent_out_is_in_the_audit(
    garden: Garden, web: Project, ollama: OllamaDouble
) -> None:
    ollama.remote = "https://ollama.com:443"
    refused = change(garden, web, OLLAMA)[-1]
    assert isinstance(refused, Failed) and "runs at https://ollama.com:443" in refused.what
    assert ollama.texts == []
    garden.settings.set_for(web, "search.code_may_leave", "true")
    run_of(garden, web)
    run_of(garden, web)  # nothing is new, so nothing is sent
    told = [(entry.action, entry.detail) for entry in garden.audit.all()]
    assert told[-3:] == [
        ("code may leave", "search.code_may_leave = true"),
        ("code sent out", f"{OLLAMA}@{ollama.digest[:12]}"),
        ("embedder changed", f"static-1 to {OLLAMA}@{ollama.digest[:12]}"),
    ]
    garden.settings.set_for(web, "search.code_may_leave", "false")
    sent = len(ollama.texts)
    assert "code may not leave" in search(garden, web).note
    assert len(ollama.texts) == sent


@pytest.mark.long
def test_moved_file_of_the_same_model_is_found_where_it_is_now(
    garden: Garden, web: Project, tiny, tmp_path: Path
) -> None:
    there = tmp_path / tiny.gguf.name
    shutil.copyfile(tiny.gguf, there)
    change(garden, web, f"gguf:{there}")
    there.unlink()
    events = change(garden, web, f"gguf:{tiny.gguf}")
    changed = only(events, EmbedderChanged)
    assert isinstance(changed, EmbedderChanged) and changed.before == changed.after
    assert {e.known for e in events if isinstance(e, ChunksEmbedded)} <= {0, FILES + 1}
    until(lambda: search(garden, web).note == "", "the model from its new place")


def test_killed_model_is_opened_again(garden: Garden, web: Project, tiny) -> None:
    change(garden, web, f"gguf:{tiny.gguf}")
    until(lambda: search(garden, web).note == "", "the loaded model")
    (process,) = serving(tiny.gguf)
    os.kill(process, signal.SIGKILL)
    assert "words alone" in search(garden, web).note
    until(lambda: search(garden, web).note == "", "the model again")
    garden.close()
    until(lambda: not serving(tiny.gguf), "its end with the engine")


def serving(gguf: Path) -> list[int]:
    """The processes of llama.cpp that have this file."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if b"llama.server" in (words := entry.read_bytes()) and bytes(gguf) in words:
                found.append(int(entry.parent.name))
    return found


LONG = pytest.mark.long


@pytest.mark.parametrize(
    "when",
    [pytest.param("embedding", marks=LONG), pytest.param("building", marks=LONG), "swapping"],
)
def test_killed_at_any_point_the_old_or_the_new_answers(
    garden: Garden, web: Project, ollama: OllamaDouble, when: str
) -> None:
    index = Places.of_user().index(web.id)
    arrived = _trap(when, index, ollama)
    garden.settings.set_for(web, MODELS_KEY, OLLAMA)
    run = garden.runs.index(web)
    folder = Places.of_user().run(run.id)
    until(arrived, when)
    kill_run(folder)
    assert process_of(folder) == 0
    table = table_of(web)
    assert table.embedder_name in ("static-1", f"{OLLAMA}@{ollama.digest[:12]}")
    assert table.count() == FILES + 1 and problem_of(table) == ""
    assert by_words(search(garden, web))
    ollama.wait = 0.0
    garden.runs.resume(run.id)
    assert isinstance(followed(garden, run.id)[-1], Finished)
    assert table_of(web).embedder_name == f"{OLLAMA}@{ollama.digest[:12]}"
    assert len(list(index.glob("*.lance"))) == 1
    texts = [text for text in ollama.texts if "dimensions" not in text]
    assert len(texts) - len(set(texts)) <= 16  # at most the batch that was under way


def _trap(when: str, index: Path, ollama: OllamaDouble) -> Callable[[], bool]:
    if when == "embedding":
        ollama.wait = 0.3
        return lambda: len(ollama.texts) > 16
    if when == "building":
        return lambda: len(list(index.glob("chunks-*.lance"))) > 0
    return lambda: (index / "current").exists()


class _Thread:
    """Does something until it fails; the failure is told when it is joined."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._problem: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def failed(self) -> bool:
        return self._problem is not None

    def join(self) -> None:
        self._thread.join()
        if self._problem:
            raise self._problem

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as problem:
            self._problem = problem
