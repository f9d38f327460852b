"""Kill an index run again and again, and look at what it leaves behind."""

import random
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from gardener_core.events.run import Finished
from gardener_core.garden.door import Garden
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.check import problem_of
from gardener_core.search.lance import MatchQuery, lancedb
from gardener_core.search.table import ChunkTable
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places
from support.killing import kill_run

MARK = "zebra"
EVERYTHING = 10_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds, by id, and how many rows the word index finds."""

    texts: dict[str, tuple[str, str]]
    marked: int

    @classmethod
    def of(cls, folder: Path, mark: str = MARK) -> "Held":
        table = lancedb.connect(folder).open_table("chunks")
        rows = table.search().limit(EVERYTHING).select(["id", "path", "text"]).to_list()
        ids = Counter(row["id"] for row in rows)
        assert not [key for key, count in ids.items() if count > 1], "ids stand there twice"
        texts = {row["id"]: (row["path"], row["text"]) for row in rows}
        query = table.search(MatchQuery(mark, "terms"), query_type="fts").limit(EVERYTHING)
        found = {row["id"] for row in query.select(["id", "_score"]).to_list()}
        assert found == {key for key, (_, text) in texts.items() if mark in text}
        return cls(texts, len(found))


def write_tree(root: Path, files: int, turn: int) -> None:
    """Files that change from turn to turn: some are new, some gone, some shorter."""
    root.mkdir(exist_ok=True)
    draw = random.Random(turn)
    for number in range(files):
        path = root / f"m{number:04}.py"
        if draw.random() < 0.1:
            path.unlink(missing_ok=True)
        elif draw.random() < 0.7 or not path.exists():
            functions = range(draw.randint(1, 12))
            body = (f"def f{number}_{k}():\n    return '{MARK} {turn}'\n\n\n" for k in functions)
            path.write_text("".join(body))


def kill_again_and_again(
    garden: Garden, project: Project, kills: int, files: int, seed: int
) -> int:
    """So many runs, killed at random moments; the table is whole each time. How many were hit."""
    draw = random.Random(seed)
    places = Places.of_user()
    hit = 0
    for turn in range(kills):
        write_tree(project.path, files, turn)
        run = garden.runs.index(project, full=turn % 3 == 0)
        threading.Event().wait(draw.uniform(0.7, 3.0))
        folder = places.run(run.id)
        kill_run(folder, signal.SIGKILL)
        hit += garden.runs.find(run.id).state == "died"
        if places.index(project.id).exists():
            table = ChunkTable.open_or_create(places.index(project.id), load_static())
            assert problem_of(table) == ""
    return hit


def as_if_new(garden: Garden, project: Project) -> tuple[Held, Held]:
    """What the table holds after one more run, and what a fresh index of the tree holds."""
    places = Places.of_user()
    assert _finished(garden, garden.runs.index(project).id)
    mended = Held.of(places.index(project.id))
    garden.projects.remove(project)
    new = garden.projects.add(project.path, "fresh")
    assert _finished(garden, garden.runs.index(new).id)
    return mended, Held.of(places.index(new.id))


def _finished(garden: Garden, run: str) -> bool:
    events = [event for batch in garden.runs.follow(run) for event in batch]
    return isinstance(events[-1], Finished)
