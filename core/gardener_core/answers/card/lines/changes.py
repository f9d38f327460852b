"""Say what changed a symbol last, and why."""

import re
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

from gardener_core.answers.card.evidence import Evidence
from gardener_core.answers.card.lines.symbol import plain
from gardener_core.answers.card.question import Question
from gardener_core.answers.card.source_text import LineShift, lines_of
from gardener_core.code.files.history import LineChange, open_history
from gardener_core.events.answer import CardLine
from gardener_core.search.terms import terms_of_text
from gardener_core.store.project.facts import Symbol

PATIENCE_SECONDS = 1.5
LOOKED_AT = 8
LEAST_SHARE = 0.65  # of the question's words that a changelog entry holds
SHORTEST_NAME = 4
SHORTEST_ENTRY = 15
_STYLE = re.compile(
    r"\b(black|ruff|format(?:ting|ted)?|lint(?:ing)?|pre-commit|flake8|typos?|whitespace|pyupgrade|"
    r"isort|types?|typing|mypy|annotations?|2to3|rename files?|prettier|eslint|gofmt|clippy)\b",
    re.IGNORECASE,
)
_NEWEST = re.compile(r"\b(last|latest|newest|when|recent\w*)\b", re.IGNORECASE)
CHANGELOG = re.compile(
    r"(^|/)(changelog|changes|history|news|releases?|release[-_]notes|whatsnew)"
    r"(\.(md|rst|txt))?$",
    re.IGNORECASE,
)
_VERSION = re.compile(r"^#*\s*(?:Version\s+)?\[?v?(\d+\.\d[\w.]*)\]?")
_ITEM = re.compile(r"^\s*[-*+]\s+")


@dataclass(frozen=True, slots=True)
class ChangelogEntry:
    """An entry of a changelog, at the line where it begins now."""

    path: str
    line: int
    version: str
    text: str


@dataclass(frozen=True, slots=True)
class SymbolHistory:
    """The commits that changed a symbol; `is_dirty` where its lines differ from the last one."""

    changes: tuple[LineChange, ...] = ()
    is_dirty: bool = False


def start_history(symbol: Symbol, evidence: Evidence, pool: Executor) -> Future[SymbolHistory]:
    """Ask git in a thread, as long as the other lines are made."""
    text = evidence.text(symbol.path)
    span = text.shift.span(symbol.line, symbol.last_line)
    return pool.submit(_history, evidence.root, symbol.path, text.lines, span)


def _history(root: Path, path: str, lines: Sequence[str], span: tuple[int, int]) -> SymbolHistory:
    with open_history(root) as history:
        committed = history.committed(path)
        if not committed:
            return SymbolHistory()
        back = LineShift.between(lines, lines_of(committed.decode("utf-8", "replace")))
        is_dirty = any(back.line(line) is None for line in range(span[0], span[1] + 1))
        found = history.changes_of(path, back.span(*span), LOOKED_AT, PATIENCE_SECONDS)
    return SymbolHistory(tuple(found), is_dirty)


def changed(
    question: Question,
    symbol: Symbol | None,
    history: SymbolHistory,
    evidence: Evidence,
    most: int,
) -> list[CardLine]:
    """The last commits that changed a symbol, style commits last; else entries of the changelog."""
    lines = _by_git(question, symbol, history, evidence, most) if symbol is not None else []
    if len(lines) < most:
        entries = _entries_for(question, symbol, evidence)[: most - len(lines)]
        lines += [
            evidence.cite_now("changelog", _entry(entry), entry.path, entry.line)
            for entry in entries
        ]
    return lines or [CardLine("changed", "", absent="no_history")]


def _by_git(
    question: Question,
    symbol: Symbol,
    history: SymbolHistory,
    evidence: Evidence,
    most: int,
) -> list[CardLine]:
    changes = list(history.changes)
    if not _NEWEST.search(question.text):
        changes.sort(key=_is_style)
    texts = [_said(change) for change in changes[:most]]
    if history.is_dirty:
        first = f"not committed yet; before: {texts[0]}" if texts else "not committed yet"
        texts = [first, *texts[1:]]
    return [evidence.cite_symbol("changed", text, symbol) for text in texts]


def _entry(entry: ChangelogEntry) -> str:
    return f"{entry.version}: {plain(entry.text)}".lstrip(": ")


def _is_style(change: LineChange) -> bool:
    return bool(_STYLE.search(change.subject))


def _said(change: LineChange) -> str:
    style = " (style)" if _is_style(change) else ""
    return f"{change.day} {change.id} {change.subject}{style}"


def _entries_for(
    question: Question, symbol: Symbol | None, evidence: Evidence
) -> list[ChangelogEntry]:
    """The entries that name the symbol, then those that hold most words of the question."""
    name = symbol.name if symbol and len(symbol.name) > SHORTEST_NAME else ""
    whole = _as_code(name) if name else None
    terms = set(question.terms)
    found = []
    for at, entry in enumerate(_changelog(evidence)):
        named = bool(whole and whole.search(entry.text))
        share = len(terms & set(terms_of_text(entry.text))) / len(terms) if terms else 0.0
        if named or share > LEAST_SHARE:
            found.append((not named, 0.0 if named else -share, at, entry))
    return [each[-1] for each in sorted(found, key=lambda each: each[:3])]


def _as_code(name: str) -> re.Pattern[str]:
    """A name in a sentence; one that is also a plain word only where it is marked as code."""
    if name.islower() and "_" not in name.strip("_"):
        return re.compile(rf"`[\w.]*\b{re.escape(name)}[()`]|\b{re.escape(name)}\(")
    return re.compile(rf"\b{re.escape(name)}\b")


def _changelog(evidence: Evidence) -> list[ChangelogEntry]:
    """The entries of the project's changelogs, newest first as they are written."""
    paths = [path for path in evidence.catalog.maps.files() if CHANGELOG.search(path)]
    return [entry for path in paths for entry in entries_of(path, evidence.text(path).lines)]


def entries_of(path: str, lines: Sequence[str]) -> list[ChangelogEntry]:
    """The entries of a changelog: list items and paragraphs, with the version above them."""
    entries: list[ChangelogEntry] = []
    version, text, start = "", "", 0
    for number, line in enumerate([*lines, ""], start=1):
        heading = _VERSION.match(line)
        if heading or _ITEM.match(line) or not line.strip() or line.startswith("#"):
            if len(text) >= SHORTEST_ENTRY:
                entries.append(ChangelogEntry(path, start, version, " ".join(text.split())))
            text = ""
        if heading and len(line) < 60:
            version = heading[1]
        elif line.strip() and not line.startswith(("#", "==", "--")):
            start = start if text else number
            text = f"{text} {_ITEM.sub('', line)}"
    return entries
