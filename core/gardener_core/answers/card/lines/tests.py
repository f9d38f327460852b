"""Say which tests cover a symbol or a topic."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from gardener_core.answers.card.evidence import Evidence, Mention, is_code, is_test
from gardener_core.answers.card.lines.calls import Caller, callers_of
from gardener_core.answers.card.question import Question
from gardener_core.events.answer import CardLine
from gardener_core.search.terms import terms_of_text
from gardener_core.store.project.facts import Symbol

MOST_CALLERS = 8  # whose tests are looked at where none calls the symbol itself
LONGEST_COMMON_NAME = 4
_IMPORT = re.compile(r"^\s*(?:from|import|#include|use|require)\b|^\s*[\w.]+,?\s*$")
_NO_SUBJECT = frozenset(terms_of_text("test tests spec get set is init"))


@dataclass(frozen=True, slots=True)
class _Test:
    """A test of a symbol, and how it reaches it: by a call, by its name, through a caller."""

    path: str
    line: int
    symbol: str
    how: str

    @property
    def is_through(self) -> bool:
        return self.how.startswith("through")


def tested_in(symbol: Symbol, evidence: Evidence, most: int) -> list[CardLine]:
    """The tests that call a symbol, name it or call its callers; likeliest first."""
    if is_test(symbol.path):
        return []
    tests = _tests_of(symbol, evidence)
    if not tests:
        return [CardLine("tested_in", "", absent="no_test")]
    shown = [_line(test, evidence) for test in tests[:most]]
    rest = len(tests) - len(shown)
    return [*shown[:-1], replace(shown[-1], more=rest)] if rest else shown


def test_files(question: Question, evidence: Evidence) -> list[CardLine]:
    """The test files that are named after the topic."""
    topic = {term for term in question.terms if term not in _NO_SUBJECT}
    found = []
    for path in dict.fromkeys(hit.path for hit in evidence.hits if hit.role == "test"):
        name = set(terms_of_text(PurePosixPath(path).stem)) - _NO_SUBJECT
        if topic and topic <= name:
            tests = [item for item in evidence.symbols_of(path) if "test" in item.name.lower()]
            text = f"{len(tests)} tests in {path}" if tests else path
            found.append(evidence.cite("tested_in", text, path, 1))
    return found


def nearest_tests(evidence: Evidence, most: int) -> list[CardLine]:
    """The best hits among the tests."""
    hits = [hit for hit in evidence.hits if hit.role == "test" and hit.symbol and is_code(hit)]
    return [
        evidence.cite("tested_in", hit.symbol, hit.path, hit.start_line, hit.end_line, hit.symbol)
        for hit in hits[:most]
    ]


def run_command(test: CardLine) -> list[CardLine]:
    """The command that runs a test, where the way to run tests is plain from its file."""
    path = PurePosixPath(test.path)
    match path.suffix:
        case ".py":
            name = test.symbol.replace(".", "::")
            text = f"pytest {path}{f'::{name}' if name else ''}"
        case ".go":
            text = f"go test -run {test.symbol.partition('.')[0] or '.'} ./{path.parent}"
        case ".rs":
            text = f"cargo test {test.symbol.rpartition('.')[2]}".rstrip()
        case _:
            return []
    return [replace(test, label="run", text=text, more=0)]


def _tests_of(symbol: Symbol, evidence: Evidence) -> list[_Test]:
    callers = callers_of(symbol, evidence)
    found = {
        (one.path, one.symbol): _Test(one.path, one.line, one.symbol, "")
        for one in callers
        if is_test(one.path)
    }
    for mention in _named_in_tests(symbol, evidence):
        key = (mention.path, mention.symbol)
        test = _Test(mention.path, mention.line, mention.symbol, "names it")
        found.setdefault(key, test)
    if not found:
        for owner in _reaching(symbol, callers, evidence):
            for one in callers_of(owner, evidence):
                if is_test(one.path):
                    test = _Test(one.path, one.line, one.symbol, f"through {owner.name}")
                    found.setdefault((one.path, one.symbol), test)
            if len(found) >= MOST_CALLERS:
                break
    return sorted(found.values(), key=lambda test: _unlikelihood(test, symbol))


def _reaching(symbol: Symbol, callers: Sequence[Caller], evidence: Evidence) -> Iterator[Symbol]:
    """The symbols by which a test may reach one: its callers, its class."""
    for caller in callers:
        if caller.symbol and not is_test(caller.path):
            found = evidence.symbol(caller.path, caller.symbol, caller.line)
            if found is not None:
                yield found
    owner = symbol.symbol.rpartition(".")[0]
    found = evidence.symbol(symbol.path, owner) if owner else None
    if found is not None:
        yield found


def _named_in_tests(symbol: Symbol, evidence: Evidence) -> list[Mention]:
    """Lines of tests with the name, where no other word could be meant."""
    name = symbol.name
    common = "_" not in name.strip("_") and name.islower()
    if common or len(name) <= LONGEST_COMMON_NAME:
        return []
    whole = re.compile(rf"\b{re.escape(name)}\b")
    mentions = evidence.mentions(
        name, lambda line: bool(whole.search(line)) and not _IMPORT.match(line)
    )
    return [mention for mention in mentions if mention.role == "test"]


def _unlikelihood(test: _Test, symbol: Symbol) -> tuple[bool, bool, int, int, bool, str, int]:
    """Tests that look made for the symbol come first."""
    name = set(terms_of_text(symbol.name)) - _NO_SUBJECT
    file = set(terms_of_text(PurePosixPath(symbol.path).stem)) - _NO_SUBJECT
    return (
        test.is_through,
        "test" not in test.symbol.lower(),
        -len(name & set(terms_of_text(test.symbol))),
        -len(file & set(terms_of_text(PurePosixPath(test.path).stem))),
        bool(test.how),
        test.path,
        test.line,
    )


def _line(test: _Test, evidence: Evidence) -> CardLine:
    name = test.symbol or PurePosixPath(test.path).name
    text = f"{name} ({test.how})" if test.how else name
    return evidence.cite("tested_in", text, test.path, test.line, symbol=test.symbol)
