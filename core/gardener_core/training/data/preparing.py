"""Prepare the rows of a run, stage by stage."""

import random
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gardener_core.code.docs.sentences import first_sentence
from gardener_core.errors import NothingToLearn
from gardener_core.evaluation.split import SourceFile, Split, too_small
from gardener_core.events.run import PhaseAdvanced
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.pace import Pace
from gardener_core.training.data.cleaning import Choices, Cleaner, CleanFile
from gardener_core.training.data.dividing import Known, divided
from gardener_core.training.data.figures import FigureCounter
from gardener_core.training.data.kept.folder import DataItem
from gardener_core.training.data.kept.report import DataReport, Recent, ShareCount, Stage, Tally
from gardener_core.training.data.kept.row import DataRow, Share
from gardener_core.training.data.makers.code_rows import FILL_IN_ROWS, file_rows, fill_in_rows
from gardener_core.training.data.makers.doc_rows import (
    code_to_doc_rows,
    doc_to_code_rows,
    informative_docs,
)
from gardener_core.training.data.makers.forms import BaseForm
from gardener_core.training.data.makers.question_rows import Library, QuestionRows
from gardener_core.training.data.makers.replay_rows import ForeignFile, foreign_rows
from gardener_core.training.data.mix import Mix, Quotas, quotas
from gardener_core.training.data.near_copies import NearCopies
from gardener_core.training.data.validating import Validator
from gardener_core.training.data.writing import SEED, RowWriter

Preparing = Generator[PhaseAdvanced, Any, None]


@dataclass(frozen=True, slots=True)
class DataPlan:
    """Everything that the rows depend on.

    `library` shows what the product would show of a question; where there is none, `missing` says
    why, as of every other share that cannot be had.
    """

    base: BaseModel
    split: Split
    collected: Stage
    left_out: tuple[DataItem, ...]
    mix: Mix
    sequence_tokens: int
    wanted: int
    commit: str = ""
    commits: frozenset[str] = frozenset()
    choices: Choices = field(default_factory=dict)
    library: Library | None = None
    missing: Mapping[Share, str] = field(default_factory=dict)
    foreign: Callable[[], Iterable[ForeignFile]] = tuple
    imported: Callable[[], Iterable[DataRow]] = tuple
    recent: Recent = field(default_factory=Recent)
    # What the adapter that is updated has learned from; none where a run begins from the base.
    known: Known | None = None
    interruptible: Interruptible = field(default_factory=Interruptible)


def prepare(plan: DataPlan, target: Path) -> Generator[PhaseAdvanced, Any, DataReport]:
    """Make the rows of a plan in a folder; the same plan makes the same rows."""
    yield PhaseAdvanced("preparing", 0, len(plan.split.train), "files")
    form = BaseForm(plan.base, TextTokens(plan.base.folder))
    copies = yield from _held_out(plan)
    cleaner = Cleaner(copies, plan.choices)
    files = yield from _cleaned(plan, cleaner)
    earlier: list[CleanFile] = []
    if plan.known is not None:
        with plan.interruptible:
            files, earlier = divided(files, plan.known)
        if not files:
            raise _nothing_new()
    code_tokens = 0
    pace = Pace()
    for done, file in enumerate(files):
        with plan.interruptible:
            code_tokens += sum(form.count(file.text[start:end]) for start, end in file.runs)
        if pace.is_due():
            yield PhaseAdvanced("preparing", done, len(files), "files", file.path)
    work = _Work(plan, form, files, copies, earlier)
    wanted = quotas(plan.mix, {**plan.missing, **work.impossible()}, code_tokens, plan.wanted)
    with RowWriter(target) as writer:
        yield from work.write(writer, wanted)
        packed = writer.pack(plan.sequence_tokens + 1)
        if not packed:
            raise too_small(f"{code_tokens} tokens to learn from")
        report = work.report(writer, wanted, cleaner, packed)
        with plan.interruptible:
            writer.finish(report, [*plan.left_out, *cleaner.items])
    return report


def _held_out(plan: DataPlan) -> Generator[PhaseAdvanced, Any, NearCopies]:
    copies, pace = NearCopies(), Pace()
    for file in (*plan.split.held_out, *plan.split.dev):
        with plan.interruptible:
            copies.add(file.text)
        if pace.is_due():
            yield PhaseAdvanced("preparing", 0, len(plan.split.train), "files", file.path)
    return copies


def _cleaned(plan: DataPlan, cleaner: Cleaner) -> Generator[PhaseAdvanced, Any, list[CleanFile]]:
    files, pace = [], Pace()
    for done, file in enumerate(plan.split.train):
        if pace.is_due():
            yield PhaseAdvanced("preparing", done, len(plan.split.train), "files", file.path)
        with plan.interruptible:
            clean = cleaner.clean(file)
        if clean is not None:
            files.append(clean)
    cleaner.items += [_measured(file, "held out") for file in plan.split.held_out]
    cleaner.items += [_measured(file, "for stopping early") for file in plan.split.dev]
    return files


def _measured(file: SourceFile, reason: str) -> DataItem:
    return DataItem(file.path, "", 1, file.text.count("\n") + 1, False, reason)


class _Work:
    """Makes rows share by share, until each has its tokens."""

    def __init__(
        self,
        plan: DataPlan,
        form: BaseForm,
        files: Sequence[CleanFile],
        copies: NearCopies,
        earlier: Sequence[CleanFile] = (),
    ) -> None:
        self._plan = plan
        self._form = form
        self._files = list(files)
        self._earlier = list(earlier)
        random.Random(SEED).shuffle(self._files)
        random.Random(SEED).shuffle(self._earlier)
        self._most = plan.sequence_tokens + 1
        self._formatted = Tally("format", "rows")
        self._augmented = Tally("augment", "rows")
        self._validator = Validator(form, self._most, copies)
        self._figures = FigureCounter()

    def impossible(self) -> dict[Share, str]:
        """The shares that this base cannot have."""
        if self._form.has_chat:
            return {}
        return {"answers": f"{self._plan.base.name} has no chat template"}

    def write(self, writer: RowWriter, wanted: Quotas) -> Preparing:
        """Write the rows of every share; the code has what the others did not fill."""
        spent = 0
        others: list[tuple[Share, Iterator[DataRow]]] = [
            ("answers", self._answers()), ("docs", self._docs(self._files)),
            ("earlier", self._known()), ("replay", self._replay()),
        ]  # fmt: skip
        for share, rows in others:
            quota = wanted.tokens.get(share, 0)
            yield from self._fill(writer, rows, quota, self._augmented)
            spent += quota - writer.tokens[share]
        left = wanted.tokens["code"] + spent
        if self._form.fills_in and "docs" in self._plan.mix:
            holes = int(left * FILL_IN_ROWS)
            yield from self._fill(writer, self._holes(self._files), holes, self._formatted)
        rows = self._whole(self._files)
        yield from self._fill(writer, rows, left - writer.tokens["code"], self._formatted)
        yield from self._fill(writer, iter(self._plan.imported()), 2**62, self._augmented)

    def _fill(
        self, writer: RowWriter, rows: Iterator[DataRow], quota: int, tally: Tally
    ) -> Preparing:
        """Write rows until their tokens are as many as wanted."""
        pace, spent = Pace(), 0
        while spent < quota:
            with self._plan.interruptible:
                row = next(rows, None)
                if row is None:
                    return
                made = self._validator.encoded(row)
            if row.share != "answers":  # those are counted where they are made
                tally.keep()
            if made is not None:
                writer.write(*made)
                self._figures.add(made[0])
                spent += len(made[1])
            if pace.is_due():
                done = sum(writer.tokens.values())
                yield PhaseAdvanced("preparing", done, self._plan.wanted, "tokens", row.origin.path)

    def _whole(self, files: Sequence[CleanFile]) -> Iterator[DataRow]:
        commit = self._plan.commit
        return _in_turn(file_rows(f, self._form, self._most, commit) for f in files)

    def _holes(self, files: Sequence[CleanFile]) -> Iterator[DataRow]:
        draw = random.Random(SEED)
        return _in_turn(
            fill_in_rows(file, self._form, self._most, self._plan.commit, draw) for file in files
        )

    def _docs(self, files: Sequence[CleanFile]) -> Iterator[DataRow]:
        commit = self._plan.commit
        return _in_turn(
            make(file, self._form, commit)
            for file in files
            for make in (doc_to_code_rows, code_to_doc_rows)
        )

    def _known(self) -> Iterator[DataRow]:
        """Rows of what the adapter knows already, as it read them before."""
        holes = self._form.fills_in and "docs" in self._plan.mix
        made = _in_turn(
            [
                self._whole(self._earlier),
                self._holes(self._earlier if holes else ()),
                self._docs(self._earlier if "docs" in self._plan.mix else ()),
            ]
        )
        return (replace(row, share="earlier") for row in made)

    def _answers(self) -> Iterator[DataRow]:
        if self._plan.library is None:
            return iter(())
        made = QuestionRows(
            self._plan.library, self._form, self._most, self._plan.commit, self._augmented,
            random.Random(SEED), _said_by(self._files), self._plan.commits,
        )  # fmt: skip
        return _in_turn(made.of_file(file) for file in self._files)

    def _replay(self) -> Iterator[DataRow]:
        return foreign_rows(self._plan.foreign(), self._form, self._most)

    def report(
        self, writer: RowWriter, wanted: Quotas, cleaner: Cleaner, packed: int
    ) -> DataReport:
        """All counts."""
        plan = self._plan
        split = Tally("split", "files")
        split.keep(len(plan.split.train))
        split.drop("held out", len(plan.split.held_out))
        split.drop("for stopping early", len(plan.split.dev))
        split.drop("over 400,000 characters", plan.split.left_out)
        split.drop("empty", plan.collected.left - split.came)
        split.reasons = Counter({why: n for why, n in split.reasons.items() if n})
        cleaner.tally.reasons = +cleaner.tally.reasons
        stages = (split, cleaner.tally, self._formatted, self._augmented, self._validator.tally)
        return DataReport(
            base=plan.base.name,
            stages=(plan.collected, *(tally.stage() for tally in stages)),
            shares=tuple(
                ShareCount(
                    share, part, writer.rows[share], writer.tokens[share], writer.learned[share],
                    wanted.missing.get(share, "") or _short(writer, wanted, share),
                )
                for share, part in [*plan.mix.items(), *_imported(writer)]
            ),
            figures=self._figures.figures(self._validator, cleaner.items, self._files),
            rows=sum(writer.rows.values()),
            packed=packed,
            sequence_tokens=plan.sequence_tokens,
            wanted=plan.wanted,
            recent=plan.recent,
        )  # fmt: skip


def _nothing_new() -> NothingToLearn:
    return NothingToLearn(
        "All the code that is to learn from now is known to the adapter.",
        hint="It is up to date; what went away or moved needs no training.",
    )


def _said_by(files: Sequence[CleanFile]) -> dict[tuple[str, str], str]:
    """The first sentence of each doc, by path and symbol."""
    return {
        (file.path, item.symbol): first_sentence(item.doc, item.name)
        for file in files
        for item in informative_docs(file)
    }


def _imported(writer: RowWriter) -> list[tuple[Share, float]]:
    return [("imported", 0.0)] if writer.rows["imported"] else []


def _short(writer: RowWriter, wanted: Quotas, share: Share) -> str:
    """Why a share has clearly fewer tokens than it could have."""
    if share == "code" or writer.tokens[share] >= 0.9 * wanted.tokens.get(share, 0):
        return ""
    return "the project has no more of it" if writer.rows[share] else "the project has none"


def _in_turn(makers: Iterable[Iterator[DataRow]]) -> Iterator[DataRow]:
    """One row of each maker in turn, so that a part of all covers the whole project."""
    waiting = deque(makers)
    while waiting:
        maker = waiting.popleft()
        row = next(maker, None)
        if row is not None:
            waiting.append(maker)
            yield row
