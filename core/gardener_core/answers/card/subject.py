"""Find the symbol that a question is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gardener_core.answers.card.evidence import Evidence, is_aside, is_test
from gardener_core.answers.card.question import Name, Question
from gardener_core.code.parsing.symbols import SECTIONS
from gardener_core.events.parts import CodeSpan
from gardener_core.search.terms import terms_of_text
from gardener_core.store.project.facts import Symbol

HITS_TRIED = 10
NAME_WEIGHT = 0.5
_BUILT_FOLDERS = frozenset({"dist", "build", "out", "esm", "umd", "cjs", "bundles"})
LONGEST_ALIAS = 3
MOST_PATH_TERMS = 4  # "path of calls from parse to render"; more words ask for something else
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


def find_subjects(
    question: Question, evidence: Evidence, rarities: Mapping[str, float]
) -> Subjects:
    """The subject by a name in code form, else by a plain name, else by the first hit."""
    found = _named(question, evidence)
    code = [each for each in found if each.name.is_code]
    undefined = tuple(
        name for name in question.code_names if all(name != each.name for each in found)
    )
    # Plain words are names where they are all that the question has.
    is_path = question.kind == "path" and bool(code or len(question.terms) <= MOST_PATH_TERMS)
    chosen = code or (found if len(question.terms) == 1 or is_path else [])
    if chosen:
        symbol = _method_of(chosen) or chosen[0].symbols[0]
        named = found if is_path else chosen
        return Subjects(symbol, True, tuple(named), undefined)
    return Subjects(_by_hits(question, evidence, rarities), False, (), undefined)


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
            ordered = _best_first(symbols, name, evidence)
            ordered.sort(key=lambda item: not _is_meant(item, question.about))
            found.append(NamedSymbols(name, tuple(ordered)))
    return found


def _is_meant(symbol: Symbol, about: CodeSpan | None) -> bool:
    """Whether a symbol is the one that was spoken of."""
    return about is not None and (symbol.path, symbol.symbol) == (about.path, about.symbol)


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _meant_by(name: Name, symbols: Sequence[Symbol]) -> list[Symbol]:
    """The symbols that a name can mean, those of its own spelling before others."""
    owner = name.word.rpartition(".")[0]
    if owner:
        wanted = f".{name.word.lower()}"
        whole = [item for item in symbols if f".{item.symbol.lower()}".endswith(wanted)]
        module = owner.rpartition(".")[2].lower()
        inside = whole or [item for item in symbols if module in _module_words(item)]
        inside = inside or [item for item in symbols if _owner_ends_with(item, module)]
        if inside or not _is_alias(owner):
            return inside
    exact = [item for item in symbols if item.name == name.last]
    if exact:
        return exact
    return list(symbols) if name.is_code or len(name.last) >= LONG_WORD else []


def _owner_ends_with(symbol: Symbol, owner: str) -> bool:
    """`Observer.schedule` where `Observer` only stands for a `BaseObserver`."""
    own = symbol.symbol.rpartition(".")[0].rpartition(".")[2].lower()
    return own.endswith(owner) or (bool(own) and owner.endswith(own))


def _is_alias(owner: str) -> bool:
    """Whether an owner is the short name by which users import the whole: `z.lazy`."""
    return len(owner) <= LONGEST_ALIAS and owner.islower()


def _module_words(symbol: Symbol) -> set[str]:
    """The names by which a module of this symbol is imported."""
    parts = symbol.path.lower().split("/")
    return {*parts[:-1], parts[-1].partition(".")[0]}


def _best_first(symbols: Sequence[Symbol], name: Name, evidence: Evidence) -> list[Symbol]:
    ranks = {(hit.path, hit.symbol): hit.rank for hit in reversed(evidence.hits)}
    last = len(evidence.hits) + 1

    def key(item: Symbol) -> tuple[bool, bool, int, bool, int, int, str, int]:
        return (
            is_test(item.path),
            is_aside(item.path),
            _build_rank(item.path),
            item.kind == "constant",
            item.symbol.count("."),
            ranks.get((item.path, item.symbol), last),
            item.path,
            item.line,
        )

    # Of overloads the longest is the one with a body.
    whole: dict[tuple[str, str], Symbol] = {}
    for item in symbols:
        other = whole.get((item.path, item.symbol))
        if other is None or item.last_line - item.line >= other.last_line - other.line:
            whole[item.path, item.symbol] = item
    return sorted(whole.values(), key=key)


def _method_of(named: Sequence[NamedSymbols]) -> Symbol | None:
    """`invoke of Group`: a method of a class that is named too."""
    owners = {item.symbol for each in named for item in each.symbols}
    for each in named:
        for item in each.symbols:
            owner = item.symbol.rpartition(".")[0]
            if owner in owners and "." not in each.name.word:
                return item
    return None


def _by_hits(
    question: Question, evidence: Evidence, rarities: Mapping[str, float]
) -> Symbol | None:
    """The symbol of the best hit, where names that hold rare words of the question gain."""
    found: list[tuple[float, int, Symbol]] = []
    for hit in evidence.code_hits[:HITS_TRIED]:
        symbol = evidence.symbol(hit.path, hit.symbol, hit.start_line) if hit.symbol else None
        if symbol is not None:
            share = name_share(hit.symbol, question.terms, rarities)
            found.append((hit.score + NAME_WEIGHT * share, -hit.rank, symbol))
    if not found:
        return None
    return _original(max(found, key=lambda each: each[:2])[2], evidence)


def name_share(name: str, terms: Sequence[str], rarities: Mapping[str, float]) -> float:
    """The share of a question's words, by rarity, that a name holds."""
    own = set(terms_of_text(name))
    whole = sum(rarities.get(term, 0.0) for term in terms)
    held = sum(rarities.get(term, 0.0) for term in terms if term in own)
    return held / whole if whole else 0.0


def _original(symbol: Symbol, evidence: Evidence) -> Symbol:
    """Where a build keeps copies of a symbol, the one that people write."""
    rank = _build_rank(symbol.path)
    if not rank:
        return symbol
    named = evidence.catalog.symbols.named(symbol.symbol)
    written = [
        item
        for item in named
        if item.symbol == symbol.symbol
        and _build_rank(item.path) < rank
        and not is_test(item.path)
        and not is_aside(item.path)
    ]
    return min(written, key=lambda item: _build_rank(item.path), default=symbol)


def _build_rank(path: str) -> int:
    """How much a file looks like the output of a build, 0 for not at all."""
    parts = path.lower().split("/")
    if _BUILT_FOLDERS & set(parts[:-1]) or path.endswith((".cjs", ".min.js")):
        return 2
    return int(path.endswith(".js") and not {"src", "lib"} & set(parts[:-1]))
