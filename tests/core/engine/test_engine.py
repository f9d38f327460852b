"""The engine answers, survives, and ends when nobody needs it."""

import os
import pty
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import ANY

import pytest
from support.engines import index_project, running_engine
from support.processes import is_running, until

from gardener_core.engine.client import Engine
from gardener_core.engine.outbox import MOST_TOKENS_WAITING, Outbox
from gardener_core.engine.protocol import AskRequest, SearchRequest, WatchRequest, decode_reply
from gardener_core.errors import EngineLost, ProjectMissing, Remedy
from gardener_core.events.answer import Answered, Composed, Token
from gardener_core.events.index import Refreshed, Retrieved, Stale, Watching
from gardener_core.events.run import Noted, Stopped
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places

SEARCH = SearchRequest("p", "refresh token", 5)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    places = Places.of_user()
    root = tmp_path / "code"
    root.mkdir()
    (root / "a.py").write_text("def refresh_token():\n    return 1\n")
    index_project(places, root)
    return places


@pytest.fixture
def engine(places: Places) -> Iterator[Engine]:
    with running_engine(places) as engine:
        yield engine


def test_search_and_ask_go_through(engine: Engine) -> None:
    (found,) = engine.answer(SEARCH)
    assert isinstance(found, Retrieved) and found.hits[0].path == "a.py"
    events = list(engine.answer(AskRequest("p", "refresh token", 5)))
    assert [type(event) for event in events] == [Retrieved, Composed, Answered]


def test_error_comes_back_as_itself(engine: Engine) -> None:
    with pytest.raises(ProjectMissing) as told:
        list(engine.answer(SearchRequest("nix", "x", 5)))
    assert told.value.remedy == Remedy("list projects")
    assert list(engine.answer(SEARCH))  # and it goes on


def test_killed_engine_is_started_again_once_with_the_reason(engine: Engine) -> None:
    list(engine.answer(SEARCH))
    first = engine.process_id
    os.kill(first, signal.SIGSTOP)
    answers = engine.answer(SEARCH)
    os.kill(first, signal.SIGKILL)
    *notes, found = answers
    assert isinstance(found, Retrieved)
    assert engine.process_id != first
    assert all(isinstance(note, Noted) and "signal 9" in note.text for note in notes)


def test_request_in_flight_is_asked_again(engine: Engine) -> None:
    list(engine.answer(SEARCH))
    first = engine.process_id
    os.kill(first, signal.SIGSTOP)  # it takes the request and does not answer

    def kill_at_first_look() -> bool:
        if is_running(first):
            os.kill(first, signal.SIGKILL)
        return False

    note, found = engine.answer(SEARCH, kill_at_first_look)
    assert isinstance(note, Noted) and "killed by signal 9" in note.text
    assert isinstance(found, Retrieved)


def test_engine_that_always_dies_is_told(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = places.data / "blocker"
    blocker.mkdir()
    (blocker / "lancedb.py").write_text("raise ImportError('broken on purpose')\n")
    monkeypatch.setenv("PYTHONPATH", str(blocker))
    with pytest.raises(EngineLost) as told:
        list(Engine(places).answer(SEARCH))
    assert "broken on purpose" in told.value.what
    assert str(places.engine_log) in told.value.hint


def test_stray_prints_go_to_the_log(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    noisy = places.data / "noisy"
    noisy.mkdir()
    (noisy / "sitecustomize.py").write_text(
        "import threading, os\n"
        "t = threading.Timer(0.5, lambda: (os.write(1, b'raw noise\\n'), print('noise')))\n"
        "t.daemon = True; t.start()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(noisy))
    engine = Engine(places)
    until(lambda: bool(list(engine.answer(SEARCH))), "an answer")
    until(lambda: "raw noise" in places.engine_log.read_text(), "the noise in the log")
    assert list(engine.answer(SEARCH))
    engine.close()


def test_engine_ends_when_its_screen_closes(engine: Engine) -> None:
    list(engine.answer(SEARCH))
    process = engine.process_id
    engine.close()
    until(lambda: not is_running(process), "the engine's end")


@pytest.mark.parametrize("how", ["kill", "terminal"])
def test_engine_ends_when_its_screen_dies(places: Places, how: str) -> None:
    code = (
        "import os; from gardener_core.engine.client import Engine; "
        "from gardener_core.engine.protocol import SearchRequest; "
        "from gardener_core.system.places import Places; "
        "d = Engine(Places.of_user()); list(d.answer(SearchRequest('p', 'x', 1))); "
        "print('ready', d.process_id, flush=True); os.read(0, 1)"
    )
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", code])
    said = b""
    while b"\n" not in said:
        said += os.read(terminal, 1000)
    process = int(said.split()[1])
    assert is_running(process)
    if how == "kill":
        os.kill(child, signal.SIGKILL)
    else:
        os.close(terminal)
    until(lambda: not is_running(process), "the engine's end")
    os.waitpid(child, 0)


def test_outbox_never_waits_and_drops_pieces_but_no_facts() -> None:
    reader, writer = os.pipe()
    outbox = Outbox(writer)
    for _ in range(MOST_TOKENS_WAITING + 3000):  # nobody reads; put returns all the same
        outbox.put(1, Token("x" * 100))
    fact = Noted("a fact")
    outbox.put(1, fact)
    told = []
    with os.fdopen(reader, "rb") as lines:
        while (reply := decode_reply(lines.readline())) != (1, fact):
            told.append(reply)
    assert MOST_TOKENS_WAITING <= len(told) < MOST_TOKENS_WAITING + 3000
    outbox.close(1)


def test_saved_file_is_searchable_while_it_is_watched(places: Places, engine: Engine) -> None:
    root = places.data.parent / "code"
    over = threading.Event()
    events = engine.answer(WatchRequest("p", str(root)), over.is_set)
    assert isinstance(next(events), Watching)
    assert isinstance(next(events), Refreshed)  # what changed before
    (root / "b.py").write_text("def zebra_crossing(): ...\n")
    saved = time.monotonic()
    assert next(events) == Refreshed("p", 1, 0, ANY)
    seconds = time.monotonic() - saved
    (found,) = engine.answer(SearchRequest("p", "zebra crossing", 5))
    assert isinstance(found, Retrieved) and found.hits[0].path == "b.py"
    assert seconds < 3.0  # 0.3 on a quiet machine; kept by the benchmark
    (root / "b.py").unlink()
    assert next(events) == Refreshed("p", 0, 1, ANY)
    for number in range(60):
        (root / f"many{number}.py").write_text("x = 1\n")
    told = next(events)
    assert isinstance(told, Stale) and told.files > 50
    over.set()
    *_, last = events
    assert isinstance(last, Stopped)


def test_links_follow_a_saved_file(places: Places, engine: Engine) -> None:
    root = places.data.parent / "code"
    over = threading.Event()
    events = engine.answer(WatchRequest("p", str(root)), over.is_set)
    assert isinstance(next(events), Watching)
    assert isinstance(next(events), Refreshed)
    catalog = Catalog(places.catalog("p"))
    (root / "b.py").write_text("from a import refresh_token\n\n\ndef again(): refresh_token()\n")
    assert next(events) == Refreshed("p", 1, 0, ANY)
    assert [each.symbol for each in catalog.symbols.of_file("b.py")] == ["again"]
    until(lambda: bool(catalog.links.callers("a.py", "refresh_token")), "the link")
    assert catalog.sources.stale() == 0
    over.set()
    list(events)


def test_another_watch_ends_the_first(places: Places, engine: Engine) -> None:
    root = str(places.data.parent / "code")
    first = engine.answer(WatchRequest("p", root))
    assert isinstance(next(first), Watching)
    second = engine.answer(WatchRequest("p", root))
    assert isinstance(next(second), Watching)
    *_, last = first
    assert isinstance(last, Stopped)
