"""Say who calls a symbol, and what it calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gardener_core.answers.card.evidence import Evidence, is_aside, is_test
from gardener_core.events.answer import CardLine
from gardener_core.store.project.facts import Symbol
from gardener_core.store.project.links import Grade, Link

MOST_NAMED = 6
LONGEST_QUOTE = 70
MOST_CLASSES = 4


@dataclass(frozen=True, slots=True)
class Caller:
    """A symbol that calls another, at the line of the first call."""

    path: str
    symbol: str
    line: int
    grade: Grade
    passed: bool
    calls: int


def callers_of(symbol: Symbol, evidence: Evidence) -> list[Caller]:
    """Every caller, those in code before examples and tests, sure ones first."""
    links = evidence.catalog.links
    found = links.callers(symbol.path, symbol.symbol)
    if symbol.name in ("constructor", "__init__"):
        owner = symbol.symbol.rpartition(".")[0]
        found = [*found, *(links.callers(symbol.path, owner) if owner else [])]
    return _callers(link for link in found if not _is_recursion(link, symbol))


def _is_recursion(link: Link, symbol: Symbol) -> bool:
    return (link.path, link.symbol) == (symbol.path, symbol.symbol)


def _callers(links: Iterable[Link]) -> list[Caller]:
    grouped: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        key = (link.path, link.symbol or f":{link.line}")
        grouped.setdefault(key, []).append(link)
    found = []
    for (path, _), group in grouped.items():
        first = min(group, key=lambda link: (link.grade != "sure", link.line))
        lines = {link.line for link in group}
        passed = all(link.sort == "passed" for link in group)
        found.append(Caller(path, first.symbol, first.line, first.grade, passed, len(lines)))
    return sorted(
        found,
        key=lambda one: (
            is_test(one.path), is_aside(one.path), one.grade != "sure", one.path, one.line
        ),
    )  # fmt: skip


def called_by(symbol: Symbol, evidence: Evidence, most: int, quoted: bool) -> list[CardLine]:
    """The callers, each with the line of its call; quoted where this is what was asked."""
    every = callers_of(symbol, evidence)
    callers = [one for one in every if is_test(symbol.path) or not is_test(one.path)]
    if not callers:
        return [_no_call(symbol, evidence)]
    lines = [_called_by(one, evidence, quoted) for one in callers[:most]]
    return _with_rest(lines, len(callers) - most)


def _called_by(one: Caller, evidence: Evidence, quoted: bool) -> CardLine:
    text = one.symbol or one.path.rpartition("/")[2]
    text += " (passes it on)" if one.passed else ""
    code = evidence.source_line(one.path, one.line) if quoted else ""
    if code:
        text += f": {code[:LONGEST_QUOTE]}"
    return evidence.cite("called_by", text, one.path, one.line, symbol=one.symbol, grade=one.grade)


def _no_call(symbol: Symbol, evidence: Evidence) -> CardLine:
    subclasses = evidence.catalog.links.subclasses(symbol.path, symbol.symbol)
    names = list(dict.fromkeys(link.symbol for link in subclasses if link.symbol))
    if names:
        text = f"subclassed by {', '.join(names[:MOST_CLASSES])}"
        more = max(0, len(names) - MOST_CLASSES)
        first = subclasses[0]
        return evidence.cite(
            "called_by", text, first.path, first.line, symbol=first.symbol, more=more
        )
    return CardLine("called_by", "", absent="no_call")


def calls(symbol: Symbol, evidence: Evidence, most: int = MOST_NAMED) -> list[CardLine]:
    """What a symbol calls in the project, in one line; common and special methods last."""
    links = evidence.catalog.links.callees(symbol.path, symbol.symbol)
    links = [link for link in links if link.sort == "call" and not _to_itself(link)]
    if not links:
        return []
    ordered = sorted(links, key=lambda link: (link.grade != "sure", _is_special(link), link.line))
    named: dict[str, Link] = {}
    for link in ordered:
        named.setdefault(link.to_symbol, link)
    shown = list(named.values())[:most]
    text = ", ".join(_called(link, evidence) for link in shown)
    first = min(link.line for link in shown)
    last = max(link.line for link in shown)
    return [
        evidence.cite(
            "calls", text, symbol.path, first, last, symbol.symbol, more=len(named) - len(shown)
        )
    ]


def _called(link: Link, evidence: Evidence) -> str:
    likely = " (likely)" if link.grade == "likely" else ""
    now = evidence.text(link.path).shift.line(link.line)
    return f"{link.to_symbol}{f' :{now}' if now else ''}{likely}"


def _to_itself(link: Link) -> bool:
    return (link.path, link.symbol) == (link.to_path, link.to_symbol)


def _is_special(link: Link) -> bool:
    return link.to_symbol.rpartition(".")[2].startswith("__")


def namesakes(
    symbols: Sequence[Symbol], chosen: Symbol, evidence: Evidence, most: int
) -> list[CardLine]:
    """Other symbols of the same name, with the number of their callers."""
    lines = []
    for other in symbols:
        is_chosen = (other.path, other.symbol) == (chosen.path, chosen.symbol)
        if is_chosen or is_test(other.path) or is_aside(other.path):
            continue
        count = len(callers_of(other, evidence))
        text = f"{other.symbol}, {count} caller{'' if count == 1 else 's'}"
        lines.append(evidence.cite_symbol("namesake", text, other))
        if len(lines) == most:
            break
    return lines


def _with_rest(lines: list[CardLine], rest: int) -> list[CardLine]:
    """The number of the rest stands on the last line that is shown."""
    return lines if rest <= 0 else [*lines[:-1], with_more(lines[-1], rest)]


def with_more(line: CardLine, more: int) -> CardLine:
    """The same line, saying how many more there are."""
    return replace(line, more=more)
