"""A model is asked what the project knows, and judged by what it says."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from support.scripted_garden import a_project

from gardener_core.answers.explain.record import AskedOne, ExplainRecord
from gardener_core.answers.requests import AskRequest
from gardener_core.engine.client import Engine, never
from gardener_core.engine.protocol import Request
from gardener_core.events.answer import Answered, CardLine, Composed
from gardener_core.events.union import Event
from gardener_core.store.project.facts import Symbol
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_explaining import measure_explaining

LINES = (
    CardLine("does", "Put copies of an item on the shelf.", 1, "shop/stock.py", 3, 9),
    CardLine("where", "f", 2, "shop/stock.py", 3, 9),
    CardLine("called_by", "Lorry.unload: shelf.f()", 3, "shop/lorry.py", 5, 5),
)
WHOLE = Answered("card", True, (), "card", "", "", 0, 0.0, 0.0)
SYMBOLS = [Symbol("shop/stock.py", f"f{n}", f"f{n}", "function", 1, 2, "") for n in range(40)]


class Talker(Engine):
    """Answers by the first words of a question; the card knows everything but tests."""

    def __init__(self, says: Callable[[str], str]) -> None:
        super().__init__(Places(config=Path("/nowhere"), data=Path("/nowhere")))
        self.says = says

    def answer(self, request: Request, cancelled: Callable[[], bool] = never) -> Iterator[Event]:
        assert isinstance(request, AskRequest)
        words = request.question.split()
        unknown = (words[-1],) if "support" in words else ()
        yield Composed(LINES, "does", "answered", 0.0, unknown=unknown)
        said = self.says(request.question)
        invented = ("zap_all",) if "zap_all" in said else ()
        yield replace(
            WHOLE, text=said, model=request.base, names_checked=True, unknown_names=invented
        )


def measured(says: Callable[[str], str]) -> tuple[list[AskedOne], ExplainRecord]:
    request = AskRequest("p", "what", 5, base="m")
    *asked, record = measure_explaining(Talker(says), a_project(), request, "abc", SYMBOLS, 14)
    assert isinstance(record, ExplainRecord)
    return [one for one in asked if isinstance(one, AskedOne)], record


def knows(question: str) -> str:
    if "support" in question:
        return "The lines do not say so."
    return "It puts copies of an item on a shelf (`stock.py`), for `unload`."


def test_one_that_keeps_to_the_card_passes() -> None:
    asked, record = measured(knows)
    assert len(asked) == 14 == len(record.asked)
    assert {one.kind for one in asked} == {"does", "where", "called_by", "absent"}
    assert record.facts_kept.value == 1 and record.absent_answered.value == 0
    assert record.names_invented.value == 0 and record.names_invented.n == 20
    assert record.passed and record.model == "m"


def test_one_that_says_yes_to_everything_and_invents_fails() -> None:
    _, record = measured(lambda question: "Yes, `zap_all` does that.")
    assert record.facts_kept.value == 0 and record.absent_answered.value == 1
    assert record.names_invented.value == 1 and not record.passed and record.believes_questions


def test_what_is_asked_in_other_words_must_come_to_the_same() -> None:
    def wavers(question: str) -> str:
        return "It flies to the moon." if question.startswith("explain") else knows(question)

    def record_of(says: Callable[[str], str]) -> ExplainRecord:
        request = AskRequest("p", "what", 5, base="m")
        *_, record = measure_explaining(
            Talker(says), a_project(), request, "abc", SYMBOLS, 14, paraphrased=True
        )
        assert isinstance(record, ExplainRecord)
        return record

    steady, wavering = record_of(knows), record_of(wavers)
    assert steady.consistent is not None and steady.consistent.value == 1.0
    assert steady.asked[0].again == "explain in a sentence what f0 is for"
    assert wavering.consistent is not None and wavering.consistent.value < 0.7
    assert wavering.facts_kept == steady.facts_kept  # those of the first wording count
