"""Rows of a question, what the product shows of it, and a cited answer."""

import random
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from gardener_core.code.docs.sentences import first_sentence
from gardener_core.code.roles import role_of
from gardener_core.events.answer import CardLine, Composed
from gardener_core.events.index import Hit
from gardener_core.models.chat_template import ChatTurn
from gardener_core.search.measuring.questions import subject_of
from gardener_core.training.data.cleaning import CleanFile
from gardener_core.training.data.kept.report import Tally
from gardener_core.training.data.kept.row import DataRow, Generator, Origin
from gardener_core.training.data.makers.doc_rows import informative_docs
from gardener_core.training.data.makers.forms import BaseForm

# How people ask; the answer is always text that somebody wrote about this code.
_DOES = (
    "what does {} do", "what is {} for", "explain {}", "What does `{}` do?", "purpose of {}?",
)  # fmt: skip
_CHANGED = (
    "why was {} changed last", "last change of {} and its reason", "Why did `{}` change?",
)  # fmt: skip
_ABSENT = (
    "These lines do not answer that.",
    "What is given here does not answer the question.",
    "The given lines do not say.",
)
_TESTED = ("how is {} tested", "is {} tested", "what test exercises `{}`")
ABSENT_SHARE = 0.2
MOST_NEAREST = 3
CHANGED_SHARE = 0.25  # of the symbols are asked for their last change besides
TESTED_SHARE = 0.25
TEMPLATE_TOKENS = 24
_COMMIT = re.compile(
    r"(?:not committed yet; before: )?\d{4}-\d\d-\d\d ([0-9a-f]{6,}) (.+?)(?: \(style\))?$"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A card with the hits behind it, without anything of a held-out file."""

    card: Composed
    hits: tuple[Hit, ...]

    def without(self, path: str, symbol: str, text: str) -> "Shown":
        """The nearest other code, which does not answer the question: no line says the name."""
        name = symbol.rpartition(".")[2]
        hits = tuple(
            hit
            for hit in self.hits
            if (hit.path, hit.symbol) != (path, symbol)
            and name not in hit.text
            and text not in hit.text
        )
        lines = tuple(
            CardLine(
                "nearest", hit.symbol or hit.path, n, hit.path, hit.start_line, hit.end_line,
                hit.symbol,
            )
            for n, hit in enumerate(hits[:MOST_NEAREST], start=1)
        )  # fmt: skip
        return Shown(replace(self.card, lines=lines, subject=None, outcome="not_found"), hits)


class Library(Protocol):
    """What the product shows of a question, and what a model reads of that."""

    def shown(self, question: str) -> Shown:
        """The card of a question, and the hits."""
        ...

    def turns(
        self, question: str, shown: Shown, count: Callable[[str], int], most: int
    ) -> tuple[ChatTurn, ...]:
        """The turns before the answer, of about so many tokens at most."""
        ...


@dataclass(slots=True)
class QuestionRows:
    """Makes rows of the documented functions of a file; what cannot be used is counted."""

    library: Library
    form: BaseForm
    most: int
    commit: str
    tally: Tally
    draw: random.Random
    docs: Mapping[tuple[str, str], str] = field(default_factory=dict)  # by path and symbol
    commits: Collection[str] = ()  # whose subject says why something small was changed

    def of_file(self, file: CleanFile) -> Iterator[DataRow]:
        """A row for each function that has a doc, for some also its last change and a test."""
        if role_of(file.path) == "test":
            return  # nobody asks what a test does
        raw = file.text.encode()
        for item in informative_docs(file):
            first = raw.count(b"\n", 0, item.start) + 1
            last = raw.count(b"\n", 0, max(item.start, item.end - 1)) + 1
            origin = Origin(file.path, first, last, item.symbol, self.commit)
            row = self._of_doc(origin, first_sentence(item.doc, item.name))
            if row:
                yield row
            if self.draw.random() < CHANGED_SHARE:
                row = self._of_commit(origin)
                if row:
                    yield row
            if self.draw.random() < TESTED_SHARE:
                row = self._of_test(origin)
                if row:
                    yield row

    def _of_doc(self, origin: Origin, sentence: str) -> DataRow | None:
        question = self.draw.choice(_DOES).format(origin.symbol)
        is_absent = self.draw.random() < ABSENT_SHARE
        shown = self.library.shown(question)
        line = _line_with(shown.card, origin, sentence)
        if line is None:
            self._drop("the card does not quote the doc")
            return None
        if not is_absent:
            return self._row("doc", origin, question, shown, f"{sentence} [{line.n}]")
        others = shown.without(origin.path, origin.symbol, sentence)
        if not others.card.lines:
            self._drop("nothing else was found")
            return None
        return self._row("absent", origin, question, others, self.draw.choice(_ABSENT))

    def _of_commit(self, origin: Origin) -> DataRow | None:
        question = self.draw.choice(_CHANGED).format(origin.symbol)
        shown = self.library.shown(question)
        if not _is_about(shown.card, origin):
            self._drop("the card is about something else")
            return None
        for line in shown.card.lines:
            found = _COMMIT.match(line.text) if line.label == "changed" and line.n else None
            if found and found[1] in self.commits:
                source = replace(origin, commit=found[1])
                answer = f"{subject_of(found[2]).rstrip('.')}. [{line.n}]"
                return self._row("commit", source, question, shown, answer)
        self._drop("no commit that says why")
        return None

    def _of_test(self, origin: Origin) -> DataRow | None:
        """What a test says that it tests; one that says nothing quotes nothing."""
        question = self.draw.choice(_TESTED).format(origin.symbol)
        shown = self.library.shown(question)
        if _is_about(shown.card, origin):
            for line in shown.card.lines:
                said = self.docs.get((line.path, line.symbol))
                if line.label == "tested_in" and line.n and said:
                    return self._row("test", origin, question, shown, f"{said} [{line.n}]")
        self._drop("no test that says what it tests")
        return None

    def _row(
        self, generator: Generator, origin: Origin, question: str, shown: Shown, answer: str
    ) -> DataRow:
        room = self.most - self.form.count(answer) - TEMPLATE_TOKENS
        asked = self.library.turns(question, shown, self.form.count, room)
        turns = (*asked, ChatTurn("assistant", answer))
        said = tuple((turn.role, turn.content) for turn in turns)
        self.tally.keep()
        return DataRow("answers", generator, origin, self.form.chat(turns), turns=said)

    def _drop(self, reason: str) -> None:
        self.tally.drop(reason)


def _is_about(card: Composed, origin: Origin) -> bool:
    subject = card.subject
    return (
        card.outcome == "answered"
        and subject is not None
        and (subject.path, subject.symbol) == (origin.path, origin.symbol)
    )


def _line_with(card: Composed, origin: Origin, sentence: str) -> CardLine | None:
    """The numbered line of a card that quotes a sentence about this very symbol."""
    if not _is_about(card, origin):
        return None
    words = _plain(sentence)
    lines: Sequence[CardLine] = [line for line in card.lines if line.n and line.label == "does"]
    return next((line for line in lines if words and words in _plain(line.text)), None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
