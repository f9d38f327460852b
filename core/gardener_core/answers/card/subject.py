"""Find the symbol that a question is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.answers.card.evidence import Evidence, is_aside, is_test
from gardener_core.answers.card.question import Name, Question
from gardener_core.code.parsing.symbols import SECTIONS
from gardener_core.store.project.facts import Symbol

HITS_TRIED = 6
LONG_WORD = 6  # so long a word is hardly a symbol's name by chance, whatever its case


@dataclass(frozen=True, slots=True)
class NamedSymbols:
    """A name of the question and the symbols that it may mean, the likeliest first."""

    name: Name
    symbols: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a question is about: `symbol`, or nothing that the index knows as a symbol.

    `is_named` says that the question names it. `undefined` are names of code that no symbol has.
    """

    symbol: Symbol | None
    is_named: bool
    named: tuple[NamedSymbols, ...]
    undefined: tuple[Name, ...]


def find_subjects(question: Question, evidence: Evidence) -> Subjects:
    """The subject by a name in code form, else by a plain name, else by the first hit."""
    found = _named(question, evidence)
    code = [each for each in found if each.name.is_code]
    undefined = tuple(
        name for name in question.code_names if all(name != each.name for each in found)
    )
    plain = [each for each in found if not each.name.is_code]
    chosen = code or [each for each in plain if _is_meant(each, question, evidence)]
    if chosen:
        owner_first = _method_of(chosen)
        symbol = owner_first or chosen[0].symbols[0]
        return Subjects(symbol, True, tuple(chosen), undefined)
    return Subjects(_first_hit(evidence), False, (), undefined)


def _named(question: Question, evidence: Evidence) -> list[NamedSymbols]:
    names = question.names
    if not names:
        return []
    alike = evidence.catalog.symbols.spelled_alike(name.last for name in names)
    alike = [item for item in alike if item.kind not in SECTIONS]
    found = []
    for name in names:
        symbols = _meant_by(name, [item for item in alike if _same(item.name, name.last)])
        if symbols:
            found.append(NamedSymbols(name, tuple(_best_first(symbols, name, evidence))))
    return found


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _meant_by(name: Name, symbols: Sequence[Symbol]) -> list[Symbol]:
    """The symbols that a name can mean, those of its own spelling before others."""
    owner = name.word.rpartition(".")[0]
    if owner:
        wanted = f".{name.word.lower()}"
        whole = [item for item in symbols if f".{item.symbol.lower()}".endswith(wanted)]
        module = owner.rpartition(".")[2].lower()
        return whole or [item for item in symbols if module in _module_words(item)]
    exact = [item for item in symbols if item.name == name.last]
    if exact:
        return exact
    return list(symbols) if name.is_code or len(name.last) >= LONG_WORD else []


def _module_words(symbol: Symbol) -> set[str]:
    """The names by which a module of this symbol is imported."""
    parts = symbol.path.lower().split("/")
    return {*parts[:-1], parts[-1].partition(".")[0]}


def _best_first(symbols: Sequence[Symbol], name: Name, evidence: Evidence) -> list[Symbol]:
    ranks = {(hit.path, hit.symbol): hit.rank for hit in reversed(evidence.hits)}
    last = len(evidence.hits) + 1

    def key(item: Symbol) -> tuple[bool, bool, bool, int, int, str, int]:
        return (
            is_test(item.path),
            is_aside(item.path),
            item.kind == "constant",
            item.symbol.count("."),
            ranks.get((item.path, item.symbol), last),
            item.path,
            item.line,
        )

    return sorted(symbols, key=key)


def _is_meant(named: NamedSymbols, question: Question, evidence: Evidence) -> bool:
    """Whether a plain word is meant as a name: it stands alone, or the first hit has it."""
    if len(question.terms) == 1:
        return True
    hits = evidence.code_hits[:1]
    return any(hit.symbol == item.symbol for hit in hits for item in named.symbols)


def _method_of(named: Sequence[NamedSymbols]) -> Symbol | None:
    """`invoke of Group`: a method of a class that is named too."""
    owners = {item.symbol for each in named for item in each.symbols}
    for each in named:
        for item in each.symbols:
            owner = item.symbol.rpartition(".")[0]
            if owner in owners and "." not in each.name.word:
                return item
    return None


def _first_hit(evidence: Evidence) -> Symbol | None:
    for hit in evidence.code_hits[:HITS_TRIED]:
        symbol = evidence.symbol(hit.path, hit.symbol, hit.start_line) if hit.symbol else None
        if symbol is not None:
            return symbol
    return None
