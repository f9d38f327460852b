"""Search a project's files while it has no table."""

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
from gardener_core.search.scan.row_filter import matching_rows
from gardener_core.search.search import CANDIDATES, as_result
from gardener_core.search.terms import terms_of_question, terms_of_text

MOST_FILES = 40  # parsed for one query
MOST_TEST_FILES = 10
SHORTEST_PART = 3

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file that may hold a hit, with the counts of the terms."""

    row: Row
    counts: Sequence[int]
    bytes: int


def scan(root: Path, pool: ReadingPool, query: str, results: int, scope: Scope) -> Retrieved:
    """The best chunks by words alone: all files are searched, the likeliest are parsed.

    What the table would not hold is not shown: skipped files stay out, secrets are hidden.
    """
    started = time.perf_counter()
    parsed = parse_query(query)
    terms = terms_of_question(parsed.text)
    condition = within(parsed.condition, scope)
    files = matching_rows(list(_files(root)), condition) if terms or parsed.condition else []
    if terms:
        ranked = _ranked(root, pool, files, parsed, terms, scope)
    else:
        rows = _chunks(pool, files[: MOST_FILES + MOST_TEST_FILES], parsed.condition)
        rows.sort(key=lambda row: (row["path"], row["line_start"]))
        ranked = [Ranked(row, 0, 0.0, 0, 0.0, (), 0.0) for row in rows]
    return as_result(ranked, terms, results, started, tests_apart=scope == "all")


def _files(root: Path) -> Iterator[Row]:
    """What is known of files before they are read."""
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
    parsed: Query,
    terms: Sequence[str],
    scope: Scope,
) -> list[Ranked]:
    wanted = list(dict.fromkeys(terms))
    candidates = list(_candidates(root, files, wanted))
    rarities = {
        term: rarity(len(files), sum(candidate.counts[at] > 0 for candidate in candidates))
        for at, term in enumerate(wanted)
    }
    weights = [rarities[term] for term in wanted]
    best = [
        candidate.row
        for candidate in sorted(candidates, key=lambda candidate: -_likelihood(candidate, weights))
    ]
    code = [row for row in best if row["role"] != "test"][:MOST_FILES]
    most = MOST_FILES if scope == "tests" else MOST_TEST_FILES
    tests = [row for row in best if row["role"] == "test"][:most]
    rows = _chunks(pool, [*code, *tests], parsed.condition)
    found = scores([row["terms"].split() for row in rows], terms, rarities)
    scored = [{**row, "_score": score} for row, score in zip(rows, found, strict=True) if score]
    scored.sort(key=lambda row: (-row["_score"], row["path"], row["line_start"]))
    return fuse(parsed.text, scored[:CANDIDATES], [], 0.0, scope == "tests")


def _candidates(root: Path, files: Sequence[Row], terms: Sequence[str]) -> Iterator[_Candidate]:
    """Files that contain any of the terms as letters; they are not parsed yet."""
    parts = [_stem_bytes(term) for term in terms]
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
                yield _Candidate(row, counts, len(raw))


def _stem_bytes(term: str) -> bytes:
    """The letters that every word with this stem has: happy and happiness have happ."""
    cut = term[:-1] if term.endswith("i") and len(term) > SHORTEST_PART else term
    return cut.encode()


def _likelihood(candidate: _Candidate, weights: Sequence[float]) -> float:
    """How likely a file has the best chunk; each further occurrence counts less."""
    return sum(
        weight * count / (count + 1.0)
        for count, weight in zip(candidate.counts, weights, strict=True)
    )


def _chunks(pool: ReadingPool, files: Sequence[Row], condition: str) -> list[dict[str, Any]]:
    changed = {row["path"]: row["changed"] for row in files}
    rows = [
        {**row, "changed": changed[read.path]}
        for read in pool.read(changed)
        if isinstance(read, FileRead)
        for row in rows_of_chunks(read)
    ]
    return [dict(row) for row in matching_rows(rows, condition)]
