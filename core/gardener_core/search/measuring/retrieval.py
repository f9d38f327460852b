"""Measure search with questions made from the project itself."""

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from gardener_core.code.chunks import chunk_file
from gardener_core.code.docs.documented import without_docs
from gardener_core.code.files.listing import SourceText, list_files, read_file
from gardener_core.code.roles import why_not_ours
from gardener_core.code.worker import FileRead
from gardener_core.errors import GardenError
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.opening import EmbedderAccess, open_embedder
from gardener_core.search.fusion import Ranked, fuse
from gardener_core.search.measuring.figures import (
    Line,
    Measured,
    Remark,
    Stopwatch,
    arguments,
    figure,
    print_lines,
)
from gardener_core.search.measuring.fusion_weight import GRID, WeightChoice, choose
from gardener_core.search.measuring.grep import Grep
from gardener_core.search.measuring.mrr import NOWHERE, AnswerRanks, RankScores
from gardener_core.search.measuring.questions import (
    SEED,
    Answer,
    RetrievalQuestion,
    commit_questions,
    doc_questions,
)
from gardener_core.search.measuring.records import WORDS, Arm, Retrieval, write_record
from gardener_core.search.rows import rows_of_file
from gardener_core.search.table import ChunkTable
from gardener_core.search.terms import terms_of_question
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.facts import FileFacts
from gardener_core.system.places import Places

LISTED = 100
MOST_CHUNKS = 20_000
EMBEDDING_SECONDS = 120
MOST_GREPPED = 30_000
ROWS_A_WRITE = 5_000
SECONDS_A_REMARK = 10
VECTORS, GREP = "vectors", "grep-like"
KINDS = ("docs", "commits")


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with the rank of its best answer, by weight and by other ways of ranking."""

    kind: str
    question: RetrievalQuestion
    by_weight: Mapping[float, float]
    by_others: Mapping[str, float]


def main() -> None:
    """Measure the live table, print the figures, keep the record."""
    root, folder, (most, may_leave) = arguments()
    access = EmbedderAccess.of_user(Places.of_user(), bool(may_leave))
    try:
        embedder = open_embedder(ChunkTable.open(folder).choice, access)
    except GardenError as problem:
        sys.exit(f"{problem.what} {problem.hint}")
    print_lines(measure(root, folder, most, embedder))
    embedder.close()


def measure(root: Path, folder: Path, most: int, embedder: Embedder) -> Iterator[Line]:
    """Ask at most so many questions of two kinds, and rank in every way; sets no weight."""
    watch = Stopwatch()
    catalog = Catalog(folder.parent / "catalog.db")
    asked: list[AskedQuestion] = []
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        bare = ChunkTable.open_or_create(Path(beside), embedder)
        sources: list[SourceText] = []
        yield from _fill(bare, root, embedder, sources)
        docs = sorted(doc_questions(sources), key=lambda item: item.text)
        docs = random.Random(SEED).sample(docs, min(most, len(docs)))
        chunks = bare.count()
        yield Remark(f"{len(docs)} docs as questions, over {chunks:,} chunks without any docs.")
        yield from _ask("docs", docs, bare, embedder, asked)
    own = ChunkTable.open(folder)
    if own.fits(embedder):
        commits = list(islice(commit_questions(root, _known(catalog), most), most))
        yield Remark(
            f"{len(commits)} commits as questions, over {own.count():,} chunks as they are."
        )
        yield from _ask("commits", commits, own, embedder, asked)
    if not asked:
        yield Remark("There is nothing to ask: no docs that say enough, and no commits.")
        return
    choice = choose([(item.kind, item.by_weight) for item in asked], embedder.dense_weight)
    weight = embedder.dense_weight if choice is None else choice.weight
    arms = tuple(_arms(asked, weight))
    for arm in arms:
        yield from _figures(arm)
    measured = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    found = Retrieval(
        measured=measured,
        embedder=embedder.name,
        arms=arms,
        weight=None if choice is None else choice.weight,
        gain=choice.gain if choice else 0.0,
        gain_low=choice.low if choice else 0.0,
        gain_high=choice.high if choice else 0.0,
        chunks=chunks,
        seconds=round(watch.seconds, 1),
    )
    record = write_record(folder.parent, map(_record_of, asked), found)
    yield Remark(_about_weight(embedder, choice, len(asked)))
    yield figure("the whole measurement", watch.seconds, "s", len(asked))
    yield Remark(f"Every question with its ranks: {record}")


def _fill(
    table: ChunkTable, root: Path, embedder: Embedder, taken: list[SourceText]
) -> Iterator[Remark]:
    """Fill a table with files without their docs, in random order, until it is full or time is up.

    `taken` gets the files as they are.
    """
    paths = list_files(root)
    random.Random(SEED).shuffle(paths)
    rows: list[dict[str, Any]] = []
    written = 0
    watch, reported = Stopwatch(), 0.0
    for path in paths:
        source = read_file(root, path)
        if not isinstance(source, SourceText) or why_not_ours(path, source.raw):
            continue
        bare = replace(source, raw=without_docs(path, source.raw))
        facts = FileFacts(path, "", (), (), b"", b"")
        read = FileRead(path, "", source.encoding, tuple(chunk_file(bare)), facts, ())
        rows += [{**row, "changed": 0.0} for row in rows_of_file(read, embedder)]
        taken.append(source)
        if len(rows) >= ROWS_A_WRITE:
            table.add(rows)
            written, rows = written + len(rows), []
        if watch.seconds > reported + SECONDS_A_REMARK:
            reported = watch.seconds
            yield Remark(
                f"Without docs: {len(taken):,} of {len(paths):,} files in {reported:.0f} s."
            )
        if written + len(rows) >= MOST_CHUNKS or watch.seconds > EMBEDDING_SECONDS:
            break
    if rows:
        table.add(rows)
    table.compact()


def _known(catalog: Catalog) -> set[Answer]:
    """The symbols of the catalog."""
    return {(path, symbol) for _, path, symbol, _ in catalog.sources.all_named()}


def _ask(
    kind: str,
    questions: Sequence[RetrievalQuestion],
    table: ChunkTable,
    embedder: Embedder,
    asked: list[AskedQuestion],
) -> Iterator[Remark]:
    if not questions:
        return
    watch, reported = Stopwatch(), 0.0
    grep = _Grepped(table) if table.count() <= MOST_GREPPED else None
    for question in questions:
        text, answers = question.text, question.answers
        words = table.by_words(terms_of_question(text), LISTED)
        vector = embedder.embed_query(text)
        meaning = table.by_vector(vector, LISTED) if vector.any() else []
        by_weight = {
            weight: _rank(fuse(text, words, meaning if weight else [], weight), answers)
            for weight in sorted({*GRID, embedder.dense_weight})
        }
        by_others = {VECTORS: _rank(fuse(text, [], meaning, 1.0), answers)}
        if grep:
            by_others[GREP] = grep.rank(text, answers)
        asked.append(AskedQuestion(kind, question, by_weight, by_others))
        if watch.seconds > reported + SECONDS_A_REMARK:
            reported = watch.seconds
            yield Remark(f"{kind}: asked {len(asked)} questions so far, in {reported:.0f} s.")


class _Grepped:
    """All texts of a table, searched for words."""

    def __init__(self, table: ChunkTable) -> None:
        rows = table.rows_where(MOST_GREPPED, "")
        self._grep = Grep([row["text"] for row in rows])
        self._places = AnswerRanks([_place(row) for row in rows])

    def rank(self, text: str, answers: frozenset[Answer]) -> float:
        return self._places.rank(self._grep.scores(text), answers, minimum=1.0)


def _rank(ranked: Sequence[Ranked], answers: frozenset[Answer]) -> float:
    places = dict.fromkeys(_place(item.row) for item in ranked)
    found = (rank for rank, place in enumerate(places, start=1) if place[:2] in answers)
    return float(next(found, NOWHERE))


def _place(row: Mapping[str, Any]) -> tuple[str, str, int]:
    return row["path"], row["symbol"], 0 if row["symbol"] else row["line_start"]


def _arms(asked: Sequence[AskedQuestion], weight: float) -> Iterator[Arm]:
    """Every way of ranking, for each kind of question."""
    for kind in KINDS:
        own = [item for item in asked if item.kind == kind]
        if not own:
            continue
        yield _arm(kind, WORDS, [item.by_weight[0.0] for item in own])
        yield _arm(kind, VECTORS, [item.by_others[VECTORS] for item in own])
        yield _arm(kind, "joined", [item.by_weight[weight] for item in own])
        if GREP in own[0].by_others:
            yield _arm(kind, GREP, [item.by_others[GREP] for item in own])


def _arm(kind: str, name: str, values: Sequence[float]) -> Arm:
    ranks = RankScores(np.array(values))
    low, high = ranks.interval()
    return Arm(
        questions=kind,
        arm=name,
        mrr=round(ranks.mrr(), 4),
        low=round(low, 4),
        high=round(high, 4),
        recall_1=round(ranks.recall(1), 4),
        recall_5=round(ranks.recall(5), 4),
        recall_10=round(ranks.recall(10), 4),
        n=len(values),
    )


def _figures(arm: Arm) -> Iterator[Line]:
    name = f"{arm.questions}, {arm.arm}"
    yield Measured(f"{name}, MRR@10", arm.mrr, "", arm.n, arm.low, arm.high)
    for k, value in ((1, arm.recall_1), (5, arm.recall_5), (10, arm.recall_10)):
        yield Measured(f"{name}, recall@{k}", value, "", arm.n, value, value)


def _record_of(item: AskedQuestion) -> dict[str, Any]:
    """A question as it is recorded; a rank of null says that it was not found."""
    ranks = {f"weight {weight:g}": rank for weight, rank in item.by_weight.items()}
    found = {**ranks, **item.by_others}
    return {
        "kind": item.kind,
        "source": item.question.source,
        "question": item.question.text,
        "expected": sorted(item.question.answers),
        "ranks": {arm: None if rank == NOWHERE else rank for arm, rank in found.items()},
    }


def _about_weight(embedder: Embedder, choice: WeightChoice | None, n: int) -> str:
    """The weight to count with, and its gain."""
    if choice is None:
        return (
            f"{n} questions are too few to choose a weight; the usual one of {embedder.name} is "
            f"{embedder.dense_weight:g}."
        )
    if choice.tried == 0:
        return f"{embedder.name} does not help here: no weight was better than 0."
    gained = f"MRR@10 {choice.gain:+.3f} over words (95 %: {choice.low:+.3f} to {choice.high:+.3f})"
    confirmed = f"{gained} on the half that did not choose it."
    if choice.weight == 0:
        return (
            f"{embedder.name} does not help here, so its weight should be 0: "
            f"{choice.tried:g} had {confirmed}"
        )
    return f"{embedder.name} fits here with a weight of {choice.weight:g}: {confirmed}"
