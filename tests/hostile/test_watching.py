"""Watching stays inside the project and ends on request."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import ANY

import pytest
from support.engines import index_project, running_engine
from support.processes import children_of, is_running, needs_proc, until

from gardener_core.engine.client import Engine
from gardener_core.engine.lanes.change_feed import ChangeFeed
from gardener_core.engine.lanes.change_watcher import FilesChanged, Gone, Ready, Report
from gardener_core.engine.protocol import SearchRequest, WatchRequest
from gardener_core.errors import EngineLost
from gardener_core.events.index import Refreshed, Retrieved, Watching
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places

DEADLINE_SECONDS = 20.0
MOST_BYTES = 200_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "code"
    (root / "src").mkdir(parents=True)
    (root / "src" / "a.py").write_text("def refresh_token():\n    return 1\n")
    return root


@pytest.fixture
def feed(root: Path) -> Iterator[ChangeFeed]:
    with ChangeFeed(root) as feed:
        yield feed


def wait_for(feed: ChangeFeed, kind: type[Report]) -> Report:
    """The next report of a kind; those before it are let go."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        for report in feed.wait(1.0):
            if isinstance(report, kind):
                return report
    raise AssertionError(f"no {kind.__name__} came")


def watches(process: int) -> int:
    """How many folders the system tells a process of."""
    found = 0
    for entry in Path(f"/proc/{process}/fdinfo").iterdir():
        with contextlib.suppress(OSError):  # closed since it was listed
            found += entry.read_text().count("inotify wd:")
    return found


def resident_bytes(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@needs_proc
@pytest.mark.parametrize("target", ["/", "/proc", "/sys", "..", "src"])
def test_links_are_not_followed(root: Path, target: str) -> None:
    (root / "link").symlink_to(target)
    (root / "src" / "link").symlink_to(target)
    with ChangeFeed(root) as feed:
        assert wait_for(feed, Ready) == Ready("")
        assert watches(feed.process_id) == 2  # the project and `src`
        assert resident_bytes(feed.process_id) < MOST_BYTES
        (root / "src" / "a.py").write_text("x = 2\n")
        assert wait_for(feed, FilesChanged) == FilesChanged(secrets=False)


@needs_proc
def test_folders_that_are_ignored_are_not_watched(root: Path) -> None:
    for number in range(50):
        (root / "node_modules" / str(number)).mkdir(parents=True)
    (root / ".gitignore").write_text("node_modules/\n")
    with ChangeFeed(root) as feed:
        wait_for(feed, Ready)
        assert watches(feed.process_id) == 2


@needs_proc
def test_folders_that_come_and_go_are_followed(root: Path, feed: ChangeFeed) -> None:
    wait_for(feed, Ready)
    (root / "new" / "inner").mkdir(parents=True)
    until(lambda: watches(feed.process_id) == 4, "watches of new folders")
    (root / "new" / "inner" / "b.py").write_text("x = 1\n")
    wait_for(feed, FilesChanged)
    (root / "new").rename(root / "renamed")
    until(lambda: watches(feed.process_id) == 4, "watches after the new name")
    feed.wait(0)
    (root / "renamed" / "inner" / "b.py").write_text("x = 2\n")
    wait_for(feed, FilesChanged)
    shutil.rmtree(root / "renamed")
    until(lambda: watches(feed.process_id) == 2, "the end of watches")
    (root / ".gitignore").write_text("src/\n")
    until(lambda: watches(feed.process_id) == 1, "the end of a watch that a rule ends")


def test_more_folders_than_can_be_watched_are_looked_at_now_and_then(root: Path) -> None:
    for number in range(30):
        (root / f"d{number}").mkdir()
    with ChangeFeed(root, most_folders=20) as feed:
        assert wait_for(feed, Ready) == Ready("it has more than 20 folders")
        (root / "d7" / "b.py").write_text("x = 1\n")
        assert wait_for(feed, FilesChanged)
        (root / "d7" / "b.py").unlink()
        assert wait_for(feed, FilesChanged)


AT_LIMIT = """
import sys
from pathlib import Path
from gardener_core.engine.lanes.change_feed import ChangeFeed
if __name__ == "__main__":
    root = Path(sys.argv[1])
    with ChangeFeed(root) as feed:
        print(feed.wait(20.0), flush=True)
        (root / "d7" / "b.py").touch()
        print(feed.wait(20.0), flush=True)
"""


@pytest.mark.parametrize("limit", ["max_inotify_watches", "max_inotify_instances"])
def test_limit_of_the_system_is_told_and_changes_are_seen(root: Path, limit: str) -> None:
    """In a namespace of users, whose limits are nobody else's."""
    for number in range(30):
        (root / f"d{number}").mkdir()
    (root.parent / "at_limit.py").write_text(AT_LIMIT)
    lower = f"echo 10 > /proc/sys/user/{limit}"
    if subprocess.run(["unshare", "-Ur", "sh", "-c", lower], check=False).returncode:
        pytest.skip("there are no namespaces of users here")
    if limit.endswith("instances"):
        lower = lower.replace("10", "0")
    script = f"{lower}; exec {sys.executable} {root.parent / 'at_limit.py'} {root}"
    answer = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", script], capture_output=True, text=True, check=True
    )
    ready, changed = answer.stdout.splitlines()
    assert "this system cannot report changes" in ready
    assert changed == "[FilesChanged(secrets=True)]"


def test_folder_that_is_gone_is_told_and_waited_for(root: Path, feed: ChangeFeed) -> None:
    wait_for(feed, Ready)
    root.rename(root.parent / "away")
    wait_for(feed, Gone)
    (root.parent / "away").rename(root)
    assert wait_for(feed, Ready) == Ready("")
    (root / "src" / "a.py").write_text("x = 3\n")
    wait_for(feed, FilesChanged)


def test_watcher_that_is_killed_is_started_again_and_not_for_ever(root: Path) -> None:
    with ChangeFeed(root) as feed:
        wait_for(feed, Ready)
        os.kill(feed.process_id, signal.SIGKILL)
        wait_for(feed, Ready)
        (root / "src" / "a.py").write_text("x = 3\n")
        wait_for(feed, FilesChanged)
        with pytest.raises(EngineLost):
            while True:
                os.kill(feed.process_id, signal.SIGKILL)
                wait_for(feed, Ready)


# The whole engine.


@pytest.fixture
def places(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    places = Places.of_user()
    for number in range(4):
        (root / f"m{number}.py").write_text(f"def number_{number}():\n    return {number}\n")
    index_project(places, root)
    return places


@pytest.fixture
def engine(places: Places) -> Iterator[Engine]:
    with running_engine(places) as engine:
        yield engine


@needs_proc
@pytest.mark.parametrize("state", ["watching", "stopped", "gone"])
def test_engine_ends_within_two_seconds_with_all_it_started(
    engine: Engine, root: Path, state: str
) -> None:
    (root / "everything").symlink_to("/")
    events = engine.answer(WatchRequest("p", str(root)))
    assert isinstance(next(events), Watching)
    assert isinstance(next(events), Refreshed)
    started = children_of(engine.process_id, b"spawn_main")
    assert started
    if state == "stopped":  # as deaf as a process can be
        for process in started:
            os.kill(process, signal.SIGSTOP)
    elif state == "gone":
        root.rename(root.parent / "away")
        assert isinstance(next(events), Noted)
    began = time.monotonic()
    engine.close()
    until(lambda: not any(map(is_running, {engine.process_id, *started})), "the end of all")
    assert time.monotonic() - began < 2.0


def test_search_goes_on_while_a_watcher_is_deaf(engine: Engine, root: Path) -> None:
    events = engine.answer(WatchRequest("p", str(root)))
    assert isinstance(next(events), Watching)
    for process in children_of(engine.process_id, b"spawn_main"):
        os.kill(process, signal.SIGSTOP)
    (found,) = engine.answer(SearchRequest("p", "refresh token", 5))
    assert isinstance(found, Retrieved) and found.hits[0].path == "src/a.py"


def test_folder_that_is_suddenly_empty_keeps_its_index(
    engine: Engine, root: Path, places: Places
) -> None:
    over = threading.Event()
    events = engine.answer(WatchRequest("p", str(root)), over.is_set)
    assert isinstance(next(events), Watching)
    assert isinstance(next(events), Refreshed)
    disk = root.parent / "disk"
    root.rename(disk)  # what unmounting leaves: the folder, and nothing in it
    root.mkdir()
    while "nothing was removed" not in last_of(events, Noted).text:  # type: ignore[attr-defined]
        pass
    assert len(Catalog(places.catalog("p")).files()) == 5
    root.rmdir()
    disk.rename(root)
    told = last_of(events, Refreshed)
    assert told == Refreshed("p", ANY, 0, ANY)
    assert len(Catalog(places.catalog("p")).files()) == 5
    (found,) = engine.answer(SearchRequest("p", "refresh token", 5))
    assert isinstance(found, Retrieved) and found.hits
    over.set()
    list(events)


def last_of(events: Iterator[Event], kind: type[Event]) -> Event:
    """The first event of a kind; a few files that went first are a refresh before it."""
    for event in events:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"no {kind.__name__}")


def test_folder_that_goes_away_and_comes_back_is_watched_again(engine: Engine, root: Path) -> None:
    over = threading.Event()
    events = engine.answer(WatchRequest("p", str(root)), over.is_set)
    assert isinstance(next(events), Watching)
    assert isinstance(next(events), Refreshed)
    root.rename(root.parent / "away")
    told = next(events)
    assert isinstance(told, Noted) and "is not there" in told.text
    (root.parent / "away").rename(root)
    assert isinstance(last_of(events, Watching), Watching)
    (root / "b.py").write_text("def zebra_crossing(): ...\n")
    while not (told := last_of(events, Refreshed)).changed:  # type: ignore[attr-defined]
        pass
    (found,) = engine.answer(SearchRequest("p", "zebra crossing", 5))
    assert isinstance(found, Retrieved) and found.hits[0].path == "b.py"
    over.set()
    list(events)
