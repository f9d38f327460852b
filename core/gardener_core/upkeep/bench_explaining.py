"""Measure how well a model explains."""

import re
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from gardener_core.answers.explain.checking import sentences_of
from gardener_core.answers.explain.names import names_of
from gardener_core.answers.explain.record import AskedOne, ExplainRecord, Share
from gardener_core.answers.requests import AskRequest
from gardener_core.engine.client import Engine
from gardener_core.errors import ModelUnfit
from gardener_core.events.answer import Answered, Composed
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.facts import Symbol

USUAL_QUESTIONS = 40
SYMBOLS_A_QUESTION = 8  # that are chosen from; many have no doc, no call or no test
MOST_TRIED = 40  # in a row, for one kind
FACT_SHARE = 0.5  # of the words of a doc, for its fact to be kept
MOST_FACT_WORDS = 8
ROOT = 5  # letters by which two words are taken for the same
SHORTEST = 4
Kind = Literal["does", "called_by", "tested_in", "where", "absent"]
# The kinds of questions in turn; docs, calls and tests of the project know the answers.
_TURN: tuple[Kind, ...] = (
    "does",
    "absent",
    "does",
    "called_by",
    "where",
    "does",
    "absent",
    "tested_in",
)
_QUESTIONS: dict[Kind, str] = {
    "does": "what does {name} do",
    "called_by": "who calls {name}",
    "tested_in": "how is {name} tested",
    "where": "in which file is {name} defined",
    "absent": "does {name} support {absent}",
}
_PARAPHRASES: dict[Kind, str] = {
    "does": "explain in a sentence what {name} is for",
    "called_by": "from where is {name} called",
    "tested_in": "which tests cover {name}",
    "where": "where do I find the definition of {name}",
    "absent": "can {name} be used with {absent}",
}
_ABSENT = ("bluetooth", "blockchain", "telepathy", "satellites", "barcodes", "kubernetes")
_AFFIRMS = re.compile(r"\W*yes\b", re.IGNORECASE)
# An answer that says so much has noticed that a thing is not there.
_DENIES = re.compile(
    r"\b(?:not|no|nothing|none|nowhere|never|without|unclear|unknown|cannot|isn't|doesn't|don't)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A question about a symbol, and the fact that its card knows; of absent things, their name."""

    kind: Kind
    symbol: str
    fact: str
    request: AskRequest


def measure_explaining(
    engine: Engine,
    project: Project,
    request: AskRequest,
    identity: str,
    symbols: Sequence[Symbol],
    questions: int,
    paraphrased: bool = False,
) -> Iterator[AskedOne | ExplainRecord]:
    """Each question as it is answered, then the whole record.

    A question is asked only where the card knows its fact: docs, callers, tests, a place. One that
    is `paraphrased` is asked in other words too.
    """
    asked: list[AskedOne] = []
    names = invented = sentences = held = 0
    for planned in _planned(engine, request, symbols, questions):
        said = _said(engine, planned)
        one = _judged(planned, said)
        if paraphrased:
            one = _again(engine, planned, one)
        asked.append(one)
        yield one
        names += len(names_of(said.text)) if said.names_checked else 0
        invented += len(one.invented)
        sentences += len(sentences_of(said.text))
        held += len(sentences_of(said.text)) - len(said.unsourced)
    facts = [one.kept for one in asked if one.kind != "absent"]
    absent = [one.kept for one in asked if one.kind == "absent"]
    yield ExplainRecord(
        model=request.base,
        identity=identity,
        adapter=request.adapter,
        project=project.name,
        measured=time.time(),
        facts_kept=Share.of(facts.count(True), len(facts)),
        names_invented=Share.of(invented, names),
        citations_held=Share.of(held, sentences),
        absent_answered=Share.of(absent.count(False), len(absent)),
        asked=tuple(asked),
        consistent=_consistent(asked) if paraphrased else None,
    )


def _again(engine: Engine, planned: "_Planned", one: AskedOne) -> AskedOne:
    """Ask in other words; the fact that the card knows is the same."""
    text = _PARAPHRASES[planned.kind].format(name=planned.symbol, absent=planned.fact)
    other = replace(planned, request=replace(planned.request, question=text))
    found = _judged(other, _said(engine, other))
    return replace(one, again=text, again_kept=found.kept)


def _consistent(asked: Sequence[AskedOne]) -> Share:
    return Share.of(sum(one.kept == one.again_kept for one in asked), len(asked))


def _planned(
    engine: Engine, request: AskRequest, symbols: Sequence[Symbol], questions: int
) -> Iterator[_Planned]:
    """Questions of each kind in turn, for the next symbol whose card knows the fact.

    A kind of which the project knows too little, such as tests, is left to the others.
    """
    waiting = {kind: iter(symbols) for kind in _QUESTIONS}
    asked: set[str] = set()
    while len(asked) < questions and any(kind in waiting for kind in _TURN):
        for kind in _TURN:
            if kind in waiting and len(asked) < questions:
                absent = _ABSENT[len(asked) % len(_ABSENT)]
                planned = _next(engine, request, kind, absent, waiting[kind], asked)
                if planned is None:
                    waiting.pop(kind)
                    continue
                asked.add(planned.symbol)
                yield planned


def _next(
    engine: Engine,
    request: AskRequest,
    kind: Kind,
    absent: str,
    symbols: Iterator[Symbol],
    asked: Collection[str],
) -> _Planned | None:
    """The next symbol about which a question of this kind can be asked, among a few."""
    for symbol in islice((one for one in symbols if one.symbol not in asked), MOST_TRIED):
        question = _QUESTIONS[kind].format(name=symbol.symbol, absent=absent)
        wanted = replace(request, question=question, anew=True)
        card = engine.result(replace(wanted, base=""), Composed)
        fact = _fact(kind, card)
        if kind == "absent":
            fact = absent if absent in card.unknown else ""
        if card.outcome == "answered" and fact:
            return _Planned(kind, symbol.symbol, fact, wanted)
    return None


def _said(engine: Engine, planned: _Planned) -> Answered:
    said = engine.result(planned.request, Answered)
    if said.problem or not said.model:
        what = said.problem or "The model was not asked."
        raise ModelUnfit(what, hint="Try another model.")
    return said


def _judged(planned: _Planned, said: Answered) -> AskedOne:
    question = planned.request.question
    if planned.kind == "absent":
        speaks_of_it = planned.fact in said.text or _AFFIRMS.match(said.text) is not None
        kept = not speaks_of_it or _DENIES.search(said.text) is not None
    else:
        kept = _keeps(planned, said.text)
    given = frozenset(names_of(question))  # who asked has invented them
    invented = tuple(name for name in said.unknown_names if name not in given)
    sentences = len(sentences_of(said.text))
    return AskedOne(
        question, planned.kind, said.text, planned.fact, kept, invented, said.unsourced, sentences
    )


def _fact(kind: Kind, card: Composed) -> str:
    """What the card knows for a question; empty where it knows nothing."""
    line = next((line for line in card.lines if line.label == kind and line.n), None)
    if line is None:
        return ""
    match kind:
        case "where":
            return line.path
        case "does":  # without a doc, the code speaks
            return "" if re.match(r"(?:returns|raises|has) ", line.text) else line.text
        case _:
            return line.text.partition(":")[0]


def _keeps(planned: _Planned, text: str) -> bool:
    """Whether an answer holds a fact: the file's or the caller's name, or a doc's words."""
    match planned.kind:
        case "where":
            return planned.fact.rpartition("/")[2] in text
        case "called_by" | "tested_in":
            return planned.fact.rpartition(".")[2] in text
        case _:
            own, said = _roots(planned.symbol), set(_roots(text))
            words = [root for root in _roots(planned.fact) if root not in own][:MOST_FACT_WORDS]
            return bool(words) and sum(word in said for word in words) >= FACT_SHARE * len(words)


def _roots(text: str) -> list[str]:
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", text)
    return list(dict.fromkeys(w.lower()[:ROOT] for w in words if len(w) >= SHORTEST))
