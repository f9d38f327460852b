"""Answer with quotes from the best hits, or abstain."""

import re
import time
from collections.abc import Callable, Iterator, Sequence

from gardener_core.events.answer import Answered, Token
from gardener_core.events.index import Hit, Retrieved
from gardener_core.events.parts import Citation
from gardener_core.events.union import Event
from gardener_core.search.terms import terms_of_question, terms_of_text

MOST_QUOTES = 3
MOST_LINES = 14
# One hit must contain at least this share of the question's words.
NEEDED_COVERAGE = 0.5
# Further quotes must score nearly as well as the first; scores are scaled, 1 is the best.
LARGEST_GAP = 0.6
_FENCE = re.compile("`{3,}")
# Words of questions that code seldom contains, so their absence tells nothing.
_FRAME_WORDS = frozenset(
    terms_of_text(
        "which file files function class method code call calls called change changed changes "
        "configure configured default defined happen happens handle implement implemented live "
        "located made make makes project show source stand tell use used uses using work works"
    )
)


def answer_with_quotes(
    question: str, found: Retrieved, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    """Yield what was retrieved, the quotes one by one, and the whole answer."""
    started = time.perf_counter()
    yield found
    hits = _worth_quoting(question, found.hits)
    pieces = _quotes(question, hits) if hits else [_not_found(found.hits)]
    quoted: list[str] = []
    first = 0.0
    for piece in pieces:
        if cancelled():
            break
        quoted.append(piece)
        first = first or time.perf_counter() - started
        yield Token(piece)
    yield Answered(
        text="".join(quoted),
        found=bool(hits),
        citations=tuple(
            _citation(number, question, hit) for number, hit in enumerate(hits[: len(quoted)], 1)
        ),
        backend="quotes",
        model="",
        adapter="",
        tokens=0,
        seconds_to_first_token=round(first + found.seconds, 4),
        seconds=round(time.perf_counter() - started + found.seconds, 4),
    )


def coverage(question: str, hit: Hit) -> float:
    """The share of the question's informative words that the hit contains."""
    words = set(terms_of_question(question))
    words = words - _FRAME_WORDS or words
    return len(words & set(hit.why.terms)) / len(words) if words else 0.0


def _worth_quoting(question: str, hits: Sequence[Hit]) -> list[Hit]:
    good = [hit for hit in hits if coverage(question, hit) >= NEEDED_COVERAGE]
    return [hit for hit in good if hit.score >= good[0].score - LARGEST_GAP][:MOST_QUOTES]


def _quotes(question: str, hits: Sequence[Hit]) -> list[str]:
    pieces = []
    for number, hit in enumerate(hits, start=1):
        start, lines = _window(question, hit)
        place = f"{hit.path}:{start}-{start + len(lines) - 1}"
        name = f" {hit.kind} {hit.symbol}" if hit.symbol else ""
        pieces.append(f"[{number}] {place}{name}\n{_fenced(lines, hit.language)}\n\n")
    return pieces


def _fenced(lines: Sequence[str], language: str) -> str:
    """Code between fences that are longer than any in the code itself."""
    code = "\n".join(lines)
    inside = max((len(fence) for fence in _FENCE.findall(code)), default=0)
    fence = "`" * max(3, inside + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def _not_found(hits: Sequence[Hit]) -> str:
    if not hits:
        return "Not found: no word of this question stands in the project."
    nearest = "\n".join(dict.fromkeys(f"  {hit.path}" for hit in hits))
    return f"Not found. The nearest files are:\n{nearest}\n"


def _citation(number: int, question: str, hit: Hit) -> Citation:
    start, lines = _window(question, hit)
    return Citation(number, hit.path, start, start + len(lines) - 1, hit.symbol)


def _window(question: str, hit: Hit) -> tuple[int, list[str]]:
    """The consecutive lines with most of the question's words."""
    lines = [line.removesuffix("\r") for line in hit.text.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) <= MOST_LINES:
        return hit.start_line, lines
    words = set(terms_of_question(question))
    weight = [len(words & set(terms_of_text(line))) for line in lines]
    starts = range(len(lines) - MOST_LINES + 1)
    best = max(starts, key=lambda at: (sum(weight[at : at + MOST_LINES]), -at))
    return hit.start_line + best, lines[best : best + MOST_LINES]
