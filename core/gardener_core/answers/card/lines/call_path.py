"""Find how one symbol reaches another by calls."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gardener_core.answers.card.evidence import Evidence, is_test
from gardener_core.answers.card.subject import NamedSymbols, Subjects
from gardener_core.events.answer import CardLine
from gardener_core.store.project.facts import Symbol

MOST_VISITED = 3000
MOST_STEPS = 11
MOST_STARTS = 12
LONGEST_QUOTE = 60
_MADE_BY = ("__init__", "constructor", "__call__")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Step:
    """A symbol that was reached, by a call in which file and line."""

    key: Key
    path: str
    line: int


def call_path(subjects: Subjects, evidence: Evidence) -> list[CardLine]:
    """The shortest chain of calls between the two symbols that a question names."""
    if len(subjects.named) < 2:
        return []
    first, second = _ends(subjects)
    goals = {(item.path, item.symbol) for item in second.symbols if not is_test(item.path)}
    starts = [item for item in first.symbols if not is_test(item.path)][:MOST_STARTS]
    for group in [starts[:1], starts] if len(starts) > 1 else [starts]:
        steps = _shortest([(item.path, item.symbol) for item in group], goals, evidence)
        if steps:
            return _lines(steps, evidence)
    ends = [named.symbols[0] for named in (first, second)]
    return [
        CardLine("step", "", absent="no_path"),
        *(evidence.cite_symbol("where", item.symbol, item) for item in ends),
    ]


def _ends(subjects: Subjects) -> tuple[NamedSymbols, NamedSymbols]:
    first, second = subjects.named[0], subjects.named[-1]
    return first, second


def _shortest(starts: list[Key], goals: set[Key], evidence: Evidence) -> list[_Step]:
    """Breadth first over calls; then overrides are followed too."""
    called: defaultdict[Key, list[_Step]] = defaultdict(list)
    for path, symbol, to_path, to_symbol, line in evidence.catalog.links.calls():
        called[path, symbol].append(_Step((to_path, to_symbol), path, line))
    for loosely in (False, True):
        came_from: dict[Key, _Step | None] = dict.fromkeys(starts)
        before: dict[Key, Key] = {}
        queue = deque(starts)
        while queue and len(came_from) < MOST_VISITED:
            key = queue.popleft()
            if key in goals and key not in starts:
                return _walked(key, before, came_from)
            for step in _next(key, loosely, called, evidence):
                if step.key not in came_from and not is_test(step.key[0]):
                    came_from[step.key] = step
                    before[step.key] = key
                    queue.append(step.key)
    return []


def _next(
    key: Key, loosely: bool, called: Mapping[Key, list[_Step]], evidence: Evidence
) -> Iterator[_Step]:
    path, name = key
    links = evidence.catalog.links
    yield from called.get(key, ())
    owner, _, method = name.rpartition(".")
    for item in evidence.symbols_of(path):
        inside, _, own = item.symbol.rpartition(".")
        made = inside == name and (loosely or own in _MADE_BY)
        if made:
            yield _Step((path, item.symbol), path, item.line)
    if owner:  # a call of a base's method may land in an override
        for link in links.subclasses(path, owner):
            override = evidence.symbol(link.path, f"{link.symbol}.{method}")
            if override is not None:
                yield _Step((override.path, override.symbol), override.path, override.line)


def _walked(key: Key, before: dict[Key, Key], came_from: dict[Key, _Step | None]) -> list[_Step]:
    steps = []
    while key in before:
        step = came_from[key]
        if step is not None:
            steps.append(step)
        key = before[key]
    return [_Step(key, "", 0), *reversed(steps)]


def _lines(steps: list[_Step], evidence: Evidence) -> list[CardLine]:
    start = _symbol(steps[0].key, evidence)
    lines = [evidence.cite_symbol("where", start.symbol, start)] if start else []
    for step in steps[1:][:MOST_STEPS]:
        code = evidence.source_line(step.path, step.line)[:LONGEST_QUOTE]
        name = step.key[1] or step.key[0]
        text = f"{name}: {code}" if code else name
        lines.append(evidence.cite("step", text, step.path, step.line, symbol=step.key[1]))
    return lines


def _symbol(key: Key, evidence: Evidence) -> Symbol | None:
    return evidence.symbol(*key)
