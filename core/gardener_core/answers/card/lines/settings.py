"""Say how something is configured."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gardener_core.answers.card.evidence import Evidence, is_aside, is_test
from gardener_core.answers.card.lines.fields import fields
from gardener_core.answers.card.question import Question
from gardener_core.answers.card.subject import Subjects
from gardener_core.events.answer import CardLine
from gardener_core.search.terms import terms_of_path, terms_of_text
from gardener_core.store.project.facts import Symbol

MOST_FILES_READ = 6
LINES_ABOVE = 3
SHORTEST_WORD = 3
MOST_SHOWN = 4
# Words that ask for configuration and do not say which.
_ASKING = frozenset(
    terms_of_text(
        "configure configuration config set setting settings change default defaults variable "
        "variables option options environment env read turn disable enable take control value "
        "values flag flags parameter parameters argument customize override adjust allow limit"
    )
)
_DEFAULT = re.compile(
    r"[(,]\s*\*{0,2}(\w+)\s*(?::\s*[^=,()]+(?:\[[^\]]*\])?[^=,()]*)?"
    r"=\s*([^,()]+(?:\([^)]*\))?)"
)
# Constants in capitals, and those whose name says what they are for.
_MEANT_TO_CHANGE = re.compile(
    r"^_?[A-Z][A-Z0-9_]{2,}$|[Dd]efault|[Ss]etting|[Cc]onfig|[Oo]ption|^Env"
)
_BONUS: Mapping[str, float] = {
    "environment": 0.12, "constant": 0.12, "option": 0.10, "key": 0.06, "field": 0.06,
    "parameter": 0.04,
}  # fmt: skip
_IN_LINE, _IN_PATH = 0.45, 0.2
_EXACT_NAME, _IN_CAPITALS = 0.6, 0.1
_PLAIN = frozenset({"default", "options", "option", "config", "settings", "value", "name"})
_LEAST_SHARE = 0.15
_LEAST_OF_BEST = 0.45


@dataclass(frozen=True, slots=True)
class Knob:
    """Something that can be set, by which kind of setting; lines are those of the index."""

    name: str
    kind: str
    path: str
    line: int
    text: str
    symbol: str = ""


def configured_by(symbol: Symbol, evidence: Evidence) -> list[CardLine]:
    """What sets a symbol: the configuration that it reads, the defaults of its parameters."""
    points = [
        Knob(point.name, point.kind, point.path, point.line, point.default)
        for point in evidence.catalog.configuration.of_file(symbol.path)
        if symbol.line <= point.line <= symbol.last_line
    ]
    defaults = list(_defaults(symbol))
    knobs = list({knob.name: knob for knob in (*points, *defaults)}.values())
    if not knobs:
        return []
    shown = knobs[:MOST_SHOWN]
    text = ", ".join(_short(knob) for knob in shown)
    first = shown[0]
    more = len(knobs) - len(shown)
    return [
        evidence.cite(
            "configured_by", text, first.path, first.line, symbol=symbol.symbol, more=more
        )
    ]


def settings(
    question: Question,
    subjects: Subjects,
    evidence: Evidence,
    rarities: Mapping[str, float],
    most: int,
) -> list[CardLine]:
    """The settings that fit a question best, each with the line that defines or reads it."""
    scored = _scored(question, subjects, evidence, rarities)
    best = scored[0][0] if scored else 0.0
    lines: list[CardLine] = []
    seen: set[str] = set()
    for score, knob in scored:
        if score < _LEAST_OF_BEST * best or len(lines) == most:
            break
        if knob.name.lower() not in seen:
            seen.add(knob.name.lower())
            lines.append(_setting(knob, evidence))
    return lines


def _setting(knob: Knob, evidence: Evidence) -> CardLine:
    source = evidence.source_line(knob.path, knob.line)
    quoted = source if knob.kind != "parameter" and knob.name.strip("-") in source else ""
    text = quoted or f"{knob.symbol}({knob.name}={knob.text})" if knob.symbol else quoted
    kind = "" if knob.kind in ("constant", "field") else f"{knob.kind}: "
    shown = text or f"{knob.name} {knob.text}".strip()
    name = "" if knob.name.strip("-") in shown else f"{knob.name}: "
    return evidence.cite(
        "setting", f"{kind}{name}{shown}", knob.path, knob.line, symbol=knob.symbol
    )


def _scored(
    question: Question, subjects: Subjects, evidence: Evidence, rarities: Mapping[str, float]
) -> list[tuple[float, Knob]]:
    terms = [term for term in question.terms if term not in _ASKING]
    weights = {term: rarities.get(term, 1.0) for term in terms}
    words = set(re.findall(r"\w{3,}", question.text.lower()))
    whole = sum(weights.values()) or 1.0
    spans = _spans(subjects, evidence)
    about_environment = bool({"env", "environment"} & words)
    nearby = {path for path, *_ in spans}
    readable = {path for path, *_ in spans[:MOST_FILES_READ]}
    found = []
    parts = [term[: len(term) - 1] for term in terms if len(term) > 1]
    for knob in _all_knobs(question, subjects, evidence):
        written = f"{knob.name} {knob.text} {knob.path}".lower()
        if terms and knob.path not in nearby and not any(part in written for part in parts):
            continue
        share = _share(knob, weights, evidence, knob.path in readable) / whole
        near = max((bonus for path, first, last, bonus in spans
                    if path == knob.path and first <= knob.line <= last), default=0.0)  # fmt: skip
        bare = knob.name.strip("-").lower()
        score = share + near + _BONUS.get(knob.kind, 0.0) - 0.1 * knob.name.startswith("_")
        score += _EXACT_NAME * (bare in words and bare not in _PLAIN)
        score += _IN_CAPITALS * knob.name.isupper()
        score += 0.35 * (about_environment and knob.kind == "environment")
        everything = not terms and (knob.kind == "environment" or not about_environment)
        if share > _LEAST_SHARE or everything or (subjects.is_named and near):
            found.append((score, knob))
    return sorted(found, key=lambda each: (-each[0], each[1].path, each[1].line))


def _share(knob: Knob, weights: Mapping[str, float], evidence: Evidence, read: bool) -> float:
    """How much of the question the knob's name, its line or its path holds."""
    name, path = set(terms_of_text(knob.name)), set(terms_of_path(knob.path))
    around: set[str] = set(terms_of_text(knob.text))
    if read:
        text = evidence.text(knob.path)
        above = text.lines[max(0, knob.line - 1 - LINES_ABOVE) : knob.line - 1]
        comments = (line for line in above if line.lstrip().startswith(("#", "//", "*", "/*")))
        around |= set(terms_of_text(" ".join([*comments, *text.lines[knob.line - 1 : knob.line]])))
    total = 0.0
    for term, weight in weights.items():
        if term in name:
            total += weight
        elif term in around:
            total += weight * _IN_LINE
        elif term in path:
            total += weight * _IN_PATH
    return total


def _spans(subjects: Subjects, evidence: Evidence) -> list[tuple[str, int, int, float]]:
    """Where hits and the named subject are, and what a setting in there gains."""
    spans = []
    symbol = subjects.symbol
    if symbol is not None and subjects.is_named:
        spans.append((symbol.path, symbol.line, symbol.last_line, 1.5))
    for hit in evidence.hits[:10]:
        spans.append((hit.path, hit.start_line, hit.end_line, 0.35 / hit.rank))
    return spans


def _all_knobs(question: Question, subjects: Subjects, evidence: Evidence) -> Iterator[Knob]:
    catalog = evidence.catalog
    knobs: list[Knob] = [
        Knob(point.name, point.kind, point.path, point.line, point.default)
        for point in catalog.configuration.holding()
    ]
    knobs += [
        Knob(item.name, "constant", item.path, item.line, item.signature)
        for item in catalog.symbols.of_kind("constant")
        if _MEANT_TO_CHANGE.search(item.name)
    ]
    knobs += [
        Knob(name, "field", path, line, "") for name, path, line in fields(subjects, evidence)
    ]
    words = [word for word in question.words if len(word) >= SHORTEST_WORD]
    words = [word for word in words if not set(terms_of_text(word)) <= _ASKING]
    for symbol in catalog.symbols.with_signatures(words) if words else ():
        knobs += _defaults(symbol)
    if subjects.symbol is not None:
        knobs += _defaults(subjects.symbol)
    yield from (
        knob for knob in dict.fromkeys(knobs) if not is_test(knob.path) and not is_aside(knob.path)
    )


def _defaults(symbol: Symbol) -> Iterable[Knob]:
    return [
        Knob(match[1], "parameter", symbol.path, symbol.line, match[2].strip(), symbol.symbol)
        for match in _DEFAULT.finditer(symbol.signature)
        if symbol.kind in ("function", "method")
    ]


def _short(knob: Knob) -> str:
    if knob.kind == "parameter":
        return f"{knob.name}={knob.text}"
    return f"{knob.name} ({knob.kind})"
