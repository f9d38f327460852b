"""Measure searches, and grep on the same files."""

import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.git import Git, git_for, trusted_path
from gardener_core.code.files.listing import LARGEST_BYTES, find_files
from gardener_core.code.files.repository import Repository
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.opening import EmbedderAccess, open_embedder
from gardener_core.search.embedders.static import StaticEmbedder, load_static
from gardener_core.search.lance import Bitmap, BTree, IvfRq
from gardener_core.search.measuring.figures import (
    Line,
    Remark,
    Stopwatch,
    arguments,
    figure,
    peak_megabytes,
    print_lines,
    spread,
)
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable
from gardener_core.search.table_indices import WORDS
from gardener_core.system.places import Places
from gardener_core.system.processes.start import run

QUERIES = 200
GREPS = 5
GREP_SECONDS = 60.0
ROWS_A_BATCH = 20_000
TERMS_A_CHUNK = 60


def main() -> None:
    """Search the project's table, then made ones beside it."""
    root, folder, sizes = arguments()
    print_lines(_measured(root, folder, sizes))


def _measured(root: Path, folder: Path, sizes: Sequence[int]) -> Iterator[Line]:
    table = ChunkTable.open(folder)
    access = EmbedderAccess.of_user(Places.of_user(), code_may_leave=False)
    embedder = open_embedder(table.choice, access)
    rows = table.rows_where(2000, "name != ''")
    draw = random.Random(1)
    names = [row["name"] for row in draw.sample(rows, min(QUERIES, len(rows)))]
    yield from _searches(f"{table.count():,} chunks", table, embedder, names)
    yield from _greps(root, names)
    embedder.close()
    static = load_static()
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
            yield from _made(size, ChunkTable.open_or_create(Path(beside), static), static)
    yield figure("peak memory", peak_megabytes(), "MB", 1)


def _searches(
    size: str, table: ChunkTable, embedder: Embedder, words: Sequence[str]
) -> Iterator[Line]:
    search(table, embedder, "warm up", 10)
    walls = []
    whole = Stopwatch()
    for first, second in zip(words, (*words[1:], words[0]), strict=True):
        watch = Stopwatch()
        search(table, embedder, f"{first} {second}", 10)
        walls.append(watch.seconds * 1000)
    yield from spread(f"search, {size}", walls, "ms")
    cpu = whole.cpu_seconds * 1000 / len(words)
    yield figure(f"cpu a search, {size}", cpu, "ms", len(words))


def _greps(root: Path, words: Sequence[str]) -> Iterator[Line]:
    """The same words with grep, a process each time."""
    path = trusted_path(root.resolve())
    found = find_files(root)
    if not shutil.which("rg", path=path):
        yield Remark("rg is not installed, so it is not compared with; what is here is.")
    for name, options in (
        ("rg", ("--files-with-matches", "--fixed-strings", "--regexp")),
        ("grep", ("-rlF", "-D", "skip", "-e")),
    ):
        program = shutil.which(name, path=path)
        if program:
            yield from _grep(name, partial(_run, (program, *options), root), words)
    repository = Repository.around(root)
    if repository and found.is_safe_for_git:
        with git_for(repository, files=True, history=False) as git:
            if git:
                yield from _grep("git grep", partial(_run_git, git, root.resolve()), words)
    yield from _grep("our own look through the files", partial(_read_all, root, found.paths), words)


def _grep(name: str, ask: Callable[[str], bool], words: Sequence[str]) -> Iterator[Line]:
    seconds = []
    for word in words[:GREPS]:
        watch = Stopwatch()
        if not ask(word):
            return
        seconds.append(watch.seconds * 1000)
    yield from spread(f"{name} for one word", seconds, "ms")


def _run(command: Sequence[str], root: Path, word: str) -> bool:
    """Whether it could search; a status of 1 only says that nothing was found."""
    try:
        answer = run([*command, word, "."], GREP_SECONDS, folder=root)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode in (0, 1)


def _run_git(git: Git, root: Path, word: str) -> bool:
    """The same with git on a folder of our own, whatever it finds."""
    git.ask(root, "grep", "--untracked", "-l", "-F", "-e", word, seconds=GREP_SECONDS)
    return True


def _read_all(root: Path, paths: Sequence[str], word: str) -> bool:
    wanted = word.encode()
    with ProjectFolder(root) as folder:
        for path in paths:
            try:
                wanted in folder.read(path, LARGEST_BYTES)  # noqa: B015 - the look is what counts
            except OSError:
                continue
    return True


def _made(size: int, table: ChunkTable, embedder: StaticEmbedder) -> Iterator[Line]:
    """A table of random rows, terms with the frequencies of code."""
    generator = np.random.default_rng(1)
    vocabulary = np.array(embedder.terms)
    shares = 1 / np.arange(1, len(vocabulary) + 1)
    shares /= shares.sum()
    watch = Stopwatch()
    for start in range(0, size, ROWS_A_BATCH):
        table.add(_rows(start, min(ROWS_A_BATCH, size - start), generator, vocabulary, shares))
    yield figure(f"made {size:,} chunks", watch.seconds, "s", size)
    kinds: list[tuple[str, str, Any]] = [
        ("FTS", "terms", WORDS),
        ("BTree", "id", BTree()),
        ("Bitmap", "lang", Bitmap()),
    ]
    for name, column, config in kinds:
        yield from _build(table, name, column, config, size)
    words = [str(word) for word in generator.choice(vocabulary[:5000], QUERIES)]
    yield from _searches(f"{size:,} made chunks, no vector index", table, embedder, words)
    for name, config in (("IvfRq", IvfRq(distance_type="cosine")),):
        yield from _build(table, name, "vector", config, size)
        yield from _searches(f"{size:,} made chunks, {name}", table, embedder, words)


def _build(table: ChunkTable, name: str, column: str, config: Any, size: int) -> Iterator[Line]:
    watch = Stopwatch()
    table.indices.build(column, config)
    yield figure(f"building {name} over {size:,}", watch.seconds, "s", size)
    yield figure(f"cpu of building {name} over {size:,}", watch.cpu_seconds, "s", size)


def _rows(
    start: int, count: int, generator: Any, vocabulary: Any, shares: Any
) -> list[dict[str, Any]]:
    drawn = vocabulary[generator.choice(len(vocabulary), (count, TERMS_A_CHUNK), p=shares)]
    vectors = generator.standard_normal((count, load_static().dimensions)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        {
            "id": f"{start + at:032x}", "path": f"made/{(start + at) // 20}.py", "lang": "python",
            "kind": "function", "role": "code", "symbol": words[0], "name": words[0],
            "signature": "", "doc": "", "cx": 1, "changed": 0.0, "part": 0,
            "line_start": at, "line_end": at, "text": " ".join(words),
            "terms": " ".join(words), "vector": vectors[at],
        }
        for at, words in enumerate(drawn)
    ]  # fmt: skip
