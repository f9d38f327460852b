"""Make questions from a project's docs and commits."""

import random
import re
import time
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.docs.documented import code_without_doc, documented
from gardener_core.code.docs.sentences import (
    SHORTEST_CODE_CHARACTERS,
    first_sentence,
    is_informative,
)
from gardener_core.code.files.history import Commit, Touched, open_history
from gardener_core.code.files.listing import SourceText
from gardener_core.code.languages.table import language_of
from gardener_core.code.parsing.queries import parse
from gardener_core.code.parsing.symbols import SECTIONS
from gardener_core.code.roles import role_of
from gardener_core.code.secrets.detection import find_secrets, hide

SEED = 0
COMMITS_BACK = 1500
MOST_FILES = 5
MOST_LINES = 200
MOST_SYMBOLS = 8
MAX_SECONDS = 60
# Prefixes of commit subjects: `fix(parser): ...`, `[parser] ...`.
_KIND = re.compile(
    r"^(?:(?:build|chore|ci|docs?|feat|feature|fix|perf|refactor|style|tests?)(?:\([^)]*\))?!?:"
    r"|\[[^\]]*\])\s*", re.I
)  # fmt: skip
_NUMBERS = re.compile(r"\s*\(?#\d+\)?")
_CHORES = re.compile(
    r"^(?:bump|release|merge|revert|version|v?\d+\.\d|update changelog|changelog|typo|lint|format"
    r"|reformat|black|ruff|upgrade|update (?:depend|requirement|copyright))\b", re.I
)  # fmt: skip

Answer = tuple[str, str]  # a path and a symbol


@dataclass(frozen=True, slots=True)
class RetrievalQuestion:
    """A question, the symbols that answer it, and its source."""

    text: str
    answers: frozenset[Answer]
    source: str = ""


def doc_questions(sources: Iterable[SourceText]) -> Iterator[RetrievalQuestion]:
    """A question for each informative first sentence that only one function has."""
    symbols_of: dict[str, set[Answer]] = {}
    for source in sources:
        if role_of(source.path) == "test":
            continue
        for item in documented(source.path, source.raw):
            sentence = first_sentence(item.doc, item.name)
            is_long = len(code_without_doc(source.raw, item)) >= SHORTEST_CODE_CHARACTERS
            if item.is_function and is_informative(sentence) and is_long:
                symbols_of.setdefault(sentence, set()).add((source.path, item.symbol))
    for sentence, symbols in symbols_of.items():
        if len(symbols) == 1:
            yield RetrievalQuestion(
                hide(sentence, find_secrets(sentence)), frozenset(symbols), "doc"
            )


def commit_questions(root: Path, known: Set[Answer], most: int) -> Iterator[RetrievalQuestion]:
    """A question for each small, informative commit of a person, for at most a minute.

    The answers are the symbols that it touched and that still exist.
    """
    asked: set[str] = set()
    end = time.monotonic() + MAX_SECONDS
    with open_history(root) as history:
        fit = [commit for commit in history.commits(COMMITS_BACK) if is_suitable(commit)]
        random.Random(SEED).shuffle(fit)
        for commit in fit:
            subject = subject_of(commit.subject)
            if subject in asked:
                continue
            symbols = {
                (touched.path, symbol)
                for touched in history.touched_by(commit)
                for symbol in symbols_at(touched)
            }
            answers = {each for each in symbols & known if role_of(each[0]) != "test"}
            if answers and len(symbols) <= MOST_SYMBOLS:
                asked.add(subject)
                text = hide(subject, find_secrets(subject))
                yield RetrievalQuestion(text, frozenset(answers), f"commit {commit.id}")
            if len(asked) == most or time.monotonic() > end:
                return


def subject_of(subject: str) -> str:
    """The subject of a commit without prefix and issue numbers."""
    return _NUMBERS.sub("", _KIND.sub("", subject)).strip()


def symbols_at(touched: Touched) -> set[str]:
    """The innermost symbols around the lines that a commit changed."""
    raw = touched.raw
    spans = [
        (raw.count(b"\n", 0, item.start) + 1, raw.count(b"\n", 0, max(item.end - 1, 0)) + 1, item)
        for item in parse(language_of(touched.path), touched.path, raw).definitions
        if item.kind not in SECTIONS and item.kind != "constant"
    ]
    found = set()
    for first, last in touched.spans:
        for line in range(first, min(last, first + MOST_LINES) + 1):
            around = [item for start, end, item in spans if start <= line <= end]
            if around:
                found.add(max(around, key=lambda item: item.start).symbol)
    return found


def is_suitable(commit: Commit) -> bool:
    """Whether a commit is small, by a person, and about code other than tests."""
    subject = subject_of(commit.subject)
    code = [path for path, _ in commit.lines if role_of(path) != "test"]
    return (
        commit.is_by_a_person
        and is_informative(subject)
        and not _CHORES.match(subject)
        and len(code) > 0
        and len(commit.lines) <= MOST_FILES
        and sum(count for _, count in commit.lines) <= MOST_LINES
    )
