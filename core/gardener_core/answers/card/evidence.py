"""What a card may rest on: symbols, links, text and hits of a project."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gardener_core.answers.card.source_text import FileText, SourceTexts, lines_of
from gardener_core.code.parsing.symbols import SECTIONS
from gardener_core.code.roles import role_of
from gardener_core.events.answer import Absence, CardLabel, CardLine
from gardener_core.events.index import Hit
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.facts import Symbol

MOST_COUNTED = 1000  # chunks with a term; above it a term is common anyway
MOST_MENTIONS = 400
# Documents and data: what they define is no code.
_ASIDE = frozenset({"example", "stub"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A line of the project that holds a word."""

    path: str
    line: int
    symbol: str
    role: str
    text: str


class Evidence:
    """One project for one question: its index, its files as they are now, the hits."""

    def __init__(
        self,
        root: Path,
        catalog: Catalog,
        texts: SourceTexts,
        table: ChunkTable | None,
        hits: Sequence[Hit],
    ) -> None:
        self.root = root
        self.catalog = catalog
        self.hits = hits
        self._texts = texts
        self._table = table
        self._symbols: dict[str, list[Symbol]] = {}
        self._files: dict[str, FileText] = {}

    @property
    def code_hits(self) -> list[Hit]:
        """The hits in code that is neither a test nor a document."""
        return [hit for hit in self.hits if hit.role != "test" and is_code(hit)]

    @property
    def document_hits(self) -> list[Hit]:
        """The hits in documents."""
        return [hit for hit in self.hits if hit.role != "test" and not is_code(hit)]

    def symbols_of(self, path: str) -> list[Symbol]:
        """The symbols of a file, from top to bottom."""
        if path not in self._symbols:
            self._symbols[path] = self.catalog.symbols.of_file(path)
        return self._symbols[path]

    def symbol(self, path: str, name: str, line: int = 1) -> Symbol | None:
        """A symbol of a file; of overloads the one nearest to the line."""
        named = [item for item in self.symbols_of(path) if item.symbol == name]
        return min(named, key=lambda item: abs(item.line - line), default=None)

    def text(self, path: str) -> FileText:
        """A file as it stands in the folder now."""
        if path not in self._files:
            self._files[path] = self._texts.of(path, self.catalog.changed_ns(path))
        return self._files[path]

    def source_line(self, path: str, indexed_line: int) -> str:
        """A line that the index knows by its number, as it stands now; empty if it changed."""
        text = self.text(path)
        now = text.shift.line(indexed_line)
        return text.line(now) if now else ""

    def source(self, symbol: Symbol) -> Sequence[str]:
        """The lines of a symbol now."""
        text = self.text(symbol.path)
        first, last = text.shift.span(symbol.line, symbol.last_line)
        return text.lines[first - 1 : last]

    def doc(self, symbol: Symbol) -> str:
        """The documentation of a symbol as it was indexed."""
        return self._table.contents.doc_of(symbol.path, symbol.symbol) if self._table else ""

    def rarities(self, terms: Sequence[str], kept: dict[str, int]) -> Mapping[str, float]:
        """The weight of each term in this project; `kept` are counts of an unchanged table."""
        if self._table is None:
            return dict.fromkeys(terms, 1.0)
        chunks = kept.get("") or self._table.count()
        kept[""] = chunks
        for term in terms:
            if term not in kept:
                kept[term] = self._table.contents.count_term(term, MOST_COUNTED)
        return {
            term: math.log(1 + (chunks - kept[term] + 0.5) / (kept[term] + 0.5)) for term in terms
        }

    def mentions(self, word: str, accept: Callable[[str], bool]) -> list[Mention]:
        """The lines of code and documents that hold a word and are accepted."""
        if self._table is None:
            return []
        found = []
        for row in self._table.contents.rows_with(word, MOST_MENTIONS):
            for number, text in enumerate(lines_of(row["text"]), start=row["line_start"]):
                if word in text and accept(text):
                    found.append(
                        Mention(row["path"], number, row["symbol"], row["role"], text.strip())
                    )
        return found

    def cite(
        self,
        label: CardLabel,
        text: str,
        path: str,
        first: int,
        last: int = 0,
        symbol: str = "",
        grade: Literal["", "sure", "likely"] = "",
        absent: Absence = "",
        more: int = 0,
    ) -> CardLine:
        """A line with its place, by line numbers of the index; it is numbered later."""
        file = self.text(path)
        shift = file.shift
        start, end = shift.span(first, max(first, last))
        changed = not file.lines or any(
            shift.line(number) is None for number in (first, max(first, last))
        )
        return CardLine(
            label=label,
            text=" ".join(text.split()),
            n=1,
            path=path,
            start_line=start,
            end_line=min(end, max(len(file.lines), start)),
            symbol=symbol,
            grade=grade,
            more=more,
            absent=absent,
            moved=changed,
        )

    def cite_now(self, label: CardLabel, text: str, path: str, line: int) -> CardLine:
        """A line that was read in the file as it is now."""
        return CardLine(label, " ".join(text.split()), 1, path, line, line)

    def cite_symbol(self, label: CardLabel, text: str, symbol: Symbol) -> CardLine:
        """A line that rests on a whole symbol."""
        return self.cite(
            label, text, symbol.path, symbol.line, symbol.last_line, symbol=symbol.symbol
        )


def is_code(hit: Hit) -> bool:
    """Whether a hit is code, and not a part of a document or of data."""
    return hit.kind not in SECTIONS and hit.kind != "text"


def is_test(path: str) -> bool:
    """Whether a file is a test."""
    return role_of(path) == "test"


def is_aside(path: str) -> bool:
    """Whether a file is an example, a stub or another file that only goes along."""
    return role_of(path) in _ASIDE
