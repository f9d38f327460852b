"""Search the files themselves where there is no table."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.listing import LARGEST_BYTES, find_files, unreadable_reason
from gardener_core.code.languages.table import language_of
from gardener_core.code.roles import role_of
from gardener_core.code.secrets.detection import holds_secrets
from gardener_core.code.worker import FileRead
from gardener_core.code.workers import ReadingPool
from gardener_core.events.index import Retrieved
from gardener_core.search.fusion import Ranked, fuse
from gardener_core.search.query import Query, Scope, parse_query, within
from gardener_core.search.rows import rows_of_chunks
from gardener_core.search.scan.bm25 import rarity, scores
from gardener_core.search.scan.row_filter import fitting
from gardener_core.search.search import CANDIDATES, told
from gardener_core.search.terms import terms_of_question, terms_of_text

MOST_FILES = 40  # are parsed for one query
MOST_TEST_FILES = 10
SHORTEST_PART = 3

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Place:
    """A file that may hold what is looked for, and what speaks for it."""

    row: Row
    counts: Sequence[int]
    bytes: int


def scan(root: Path, pool: ReadingPool, query: str, results: int, scope: Scope) -> Retrieved:
    """The best chunks by words alone: all files are looked through, the likeliest are parsed.

    What the table would not hold is not shown: files left out stay out, secrets are hidden.
    """
    started = time.perf_counter()
    asked = parse_query(query)
    terms = terms_of_question(asked.text)
    condition = within(asked.condition, scope)
    files = fitting(list(_files(root)), condition) if terms or asked.condition else []
    if terms:
        ranked = _ranked(root, pool, files, asked, terms, scope)
    else:
        rows = _chunks(pool, files[: MOST_FILES + MOST_TEST_FILES], asked.condition)
        rows.sort(key=lambda row: (row["path"], row["line_start"]))
        ranked = [Ranked(row, 0, 0.0, 0, 0.0, (), 0.0) for row in rows]
    return told(ranked, terms, results, started, tests_apart=scope == "all")


def _files(root: Path) -> Iterator[Row]:
    """What is known of the files before they are read."""
    for path, found in find_files(root, stats=True).stats.items():
        if not holds_secrets(path) and found.bytes <= LARGEST_BYTES:
            yield {
                "path": path,
                "lang": language_of(path),
                "role": role_of(path),
                "changed": found.changed_ns / 1e9,
            }


def _ranked(
    root: Path,
    pool: ReadingPool,
    files: Sequence[Row],
    asked: Query,
    terms: Sequence[str],
    scope: Scope,
) -> list[Ranked]:
    wanted = list(dict.fromkeys(terms))
    places = list(_places(root, files, wanted))
    rarities = {
        term: rarity(len(files), sum(place.counts[at] > 0 for place in places))
        for at, term in enumerate(wanted)
    }
    weights = [rarities[term] for term in wanted]
    best = [place.row for place in sorted(places, key=lambda place: -_promise(place, weights))]
    code = [row for row in best if row["role"] != "test"][:MOST_FILES]
    most = MOST_FILES if scope == "tests" else MOST_TEST_FILES
    tests = [row for row in best if row["role"] == "test"][:most]
    rows = _chunks(pool, [*code, *tests], asked.condition)
    found = scores([row["terms"].split() for row in rows], terms, rarities)
    scored = [{**row, "_score": score} for row, score in zip(rows, found, strict=True) if score]
    scored.sort(key=lambda row: (-row["_score"], row["path"], row["line_start"]))
    return fuse(asked.text, scored[:CANDIDATES], [], 0.0, scope == "tests")


def _places(root: Path, files: Sequence[Row], terms: Sequence[str]) -> Iterator[_Place]:
    """Files that hold any of the terms, by a look for letters; parsing them comes later."""
    parts = [_sought(term) for term in terms]
    with ProjectFolder(root) as folder:
        for row in files:
            try:
                raw = folder.read(row["path"], LARGEST_BYTES)
            except OSError:
                continue
            small = raw.lower()
            named = set(terms_of_text(row["path"].rsplit(".", 1)[0]))
            counts = [
                small.count(part) + 2 * (term in named)
                for term, part in zip(terms, parts, strict=True)
            ]
            if any(counts) and not unreadable_reason(raw):
                yield _Place(row, counts, len(raw))


def _sought(term: str) -> bytes:
    """The letters that every word with this stem begins with: happy and happiness have happi."""
    cut = term[:-1] if term.endswith("i") and len(term) > SHORTEST_PART else term
    return cut.encode()


def _promise(place: _Place, weights: Sequence[float]) -> float:
    """How likely a file holds the best chunk; each further occurrence counts less."""
    return sum(
        weight * count / (count + 1.0) for count, weight in zip(place.counts, weights, strict=True)
    )


def _chunks(pool: ReadingPool, files: Sequence[Row], condition: str) -> list[dict[str, Any]]:
    changed = {row["path"]: row["changed"] for row in files}
    rows = [
        {**row, "changed": changed[read.path]}
        for read in pool.read(changed)
        if isinstance(read, FileRead)
        for row in rows_of_chunks(read)
    ]
    return [dict(row) for row in fitting(rows, condition)]
