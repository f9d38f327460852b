"""A project of somebody else on its way through the index: two versions of it as branches."""

import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gardener_core.events.index import Hit, Indexed, Refreshed, Retrieved, Stale
from gardener_core.events.run import Finished
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places
from support.kill_loop import Held
from support.killing import kill_run

PATIENCE_SECONDS = 120.0
MARK = "quincewalk"  # stands in nobody's code
AUTHOR = ("-c", "user.name=walk", "-c", "user.email=walk@localhost", "-c", "commit.gpgsign=false")


@dataclass(frozen=True, slots=True)
class Followed:
    """What was seen of an index run: what searches found while it went on, and how it ended."""

    seconds: float
    first_hit: float  # 0 where no search found it
    answered: int
    indexed: Indexed


def git(root: Path, *words: str) -> None:
    """One git command."""
    subprocess.run(["git", *AUTHOR, *words], cwd=root, check=True, capture_output=True)


def two_branches(root: Path, old: Path, new: Path) -> None:
    """A git tree with the old version on `main` and the new one on `next`; `main` is out."""
    shutil.copytree(old, root, symlinks=True)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "old")
    git(root, "checkout", "-q", "-b", "next")
    for path in root.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(new, root, symlinks=True, dirs_exist_ok=True)
    if new == old:
        _make_new(root)
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "new")
    git(root, "checkout", "-q", "main")


def _make_new(root: Path) -> None:
    """Where there is only one version: files moved, taken out and written to."""
    files = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    for number, path in enumerate(sorted(files)):
        if number % 11 == 0:
            path.rename(path.with_stem(f"{path.stem}_moved"))
        elif number % 17 == 0:
            path.unlink()
        elif number % 5 == 0:
            path.write_bytes(path.read_bytes() + b"\n// The next version.\n")


def index_while_searching(garden: Garden, project: Project, asked: str, path: str) -> Followed:
    """Run the index, and search all the while; every search must answer."""
    began = time.monotonic()
    run = garden.runs.index(project)
    first, answered = 0.0, 0
    told: list[Event] = []
    following = threading.Thread(
        target=lambda: told.extend(e for batch in garden.runs.follow(run.id) for e in batch)
    )
    following.start()
    while following.is_alive():
        found = garden.index.search(project, asked)
        answered += 1
        if not first and not found.note and any(hit.path == path for hit in found.hits):
            first = time.monotonic() - began
    following.join()
    assert isinstance(told[-1], Finished), told[-1]
    (indexed,) = (event for event in told if isinstance(event, Indexed))
    return Followed(time.monotonic() - began, first, answered, indexed)


class Watched:
    """A project that is watched, as the screen does it with the selected one."""

    def __init__(self, garden: Garden, project: Project) -> None:
        self._garden = garden
        self._project = project
        self.told: list[Event] = []
        self._more = threading.Condition()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        for event in self._garden.index.watch(self._project, self._ended.is_set):
            with self._more:
                self.told.append(event)
                self._more.notify_all()

    def wait_for(self, is_it: Callable[[Event], bool], known: int = 0) -> Event:
        """The first such event behind those that were known."""

        def first() -> Event | None:
            return next(filter(is_it, self.told[known:]), None)

        with self._more:
            event = self._more.wait_for(first, PATIENCE_SECONDS)
        assert event, f"it did not come; there was {self.told}"
        return event

    def begin(self) -> None:
        """Watch, until the first look is over."""
        self._thread.start()
        self.wait_for(lambda event: isinstance(event, Refreshed | Stale))

    def search(self, query: str) -> tuple[Hit, ...]:
        """What a search finds now."""
        return self._garden.index.search(self._project, query).hits

    def end(self) -> None:
        """No longer."""
        self._ended.set()
        self._thread.join(PATIENCE_SECONDS)


@contextmanager
def watched(garden: Garden, project: Project) -> Iterator[Watched]:
    """Watch a project for a while."""
    watch = Watched(garden, project)
    watch.begin()
    try:
        yield watch
    finally:
        watch.end()


def has_changed(event: Event) -> bool:
    """Whether it tells of files that are not as they were."""
    if isinstance(event, Refreshed):
        return event.changed + event.removed > 0
    return isinstance(event, Stale)


def saved_and_found(watch: Watched, path: Path, line: str, asked: str) -> float:
    """Append a line to a file; how long it takes until a search finds it."""
    known, began = len(watch.told), time.monotonic()
    with path.open("a") as file:
        file.write(line)
    watch.wait_for(has_changed, known)
    (hit, *_) = watch.search(asked)
    assert asked in hit.text
    return time.monotonic() - began


def switch(garden: Garden, project: Project, watch: Watched, branch: str) -> float:
    """Check a branch out, and do what the screen does until the index has followed."""
    known, began = len(watch.told), time.monotonic()
    git(project.path, "checkout", "-q", branch)
    if isinstance(watch.wait_for(has_changed, known), Stale):
        follow(garden, garden.runs.index(project).id)
    return time.monotonic() - began


def kill_at_random(garden: Garden, project: Project, kills: int, within: float, seed: int) -> int:
    """Full index runs killed at random moments, a search after each; how many were hit."""
    draw = random.Random(seed)
    hit = 0
    for turn in range(kills):
        run = garden.runs.index(project, full=turn % 2 == 0)
        time.sleep(draw.uniform(0.5, within))
        kill_run(Places.of_user().run(run.id), signal.SIGKILL)
        hit += garden.runs.find(run.id).state == "died"
        assert isinstance(garden.index.search(project, "open a connection"), Retrieved)
    return hit


def follow(garden: Garden, run: str) -> Indexed:
    """Wait for an index run to finish well."""
    told = [event for batch in garden.runs.follow(run) for event in batch]
    assert isinstance(told[-1], Finished), told[-1]
    (indexed,) = (event for event in told if isinstance(event, Indexed))
    return indexed


def held(project: Project) -> Held:
    """What the project's table holds."""
    return Held.of(Places.of_user().index(project.id), MARK)


def broken(garden: Garden, project: Project) -> str:
    """Overwrite the middle of the table's files, the newest first, until it is seen; what is told.

    Older versions have files too, whose damage harms nobody.
    """
    folder = Places.of_user().index(project.id)
    files = sorted(folder.rglob("data/*.lance"), key=lambda path: path.stat().st_mtime)
    for chosen in reversed(files):
        size = chosen.stat().st_size
        with chosen.open("r+b") as file:
            file.seek(size // 4)
            file.write(b"\xa5" * (size // 2))
        if problem := garden.index.check(project).problem:
            return problem
    raise AssertionError("damage in every file was not seen")
