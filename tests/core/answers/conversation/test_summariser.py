"""A model's summary is stored where it holds, else first sentences are."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from gardener_core.answers.conversation.summariser import Summariser
from gardener_core.answers.explain.explainer import Explainer
from gardener_core.answers.explain.speaker import Prepared, PromptReading
from gardener_core.answers.requests import AskRequest, CompleteRequest, SummariseRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.engine.protocol import ROUTES, decode_request, encode_request
from gardener_core.events.answer import SummariesMade
from gardener_core.models.chat_template import ChatTurn
from gardener_core.models.serving.served import Piece
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.conversations import ConversationTable
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.summaries import SummaryTable
from gardener_core.system.places import Places

SYSTEM = ChatTurn("system", "You explain.")
GOOD = "The function `rotate` is in `store.py`. And more"


class Speaks:
    """A model that says what the test wants; `read` holds every prompt, piece by piece."""

    model, adapter, without, backend, identity = "coder", "", "", "llama.cpp", "id"
    loaded, context, speed, cites = 0, 4096, 90.0, False

    def __init__(self, said: str) -> None:
        self.said = said
        self.sent: list[Sequence[ChatTurn]] = []
        self.read: list[int] = []

    def count(self, text: str) -> int:
        return len(text.split())

    def prepare(self, messages: Sequence[ChatTurn]) -> Prepared:
        self.sent.append(messages)
        return Prepared("", 200, tuple(range(200)), tuple(messages))

    def stream(
        self, prompt: Prepared, tokens: int, cancelled: Callable[[], bool]
    ) -> Iterator[Piece]:
        self.read.append(len(prompt.ids))
        yield from (
            [Piece(word, 1) for word in self.said.split(" ")]
            if tokens == 1
            else [Piece(self.said, tokens)]
        )

    def reading(self, prompt: Prepared) -> PromptReading:
        return PromptReading("whole", 1)


class Explains(Explainer):
    """An explainer whose model is the test's."""

    def __init__(self, bases: ServedBases, places: Places, speaker: Speaks) -> None:
        super().__init__(bases, places)
        self.speaker = speaker
        self.beginnings["p", "id"] = SYSTEM

    def ready(self, request: AskRequest) -> Speaks:
        return self.speaker


class Talk:
    """A conversation of two exchanges, and a summariser for it."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(config=folder / "config", data=folder / "data")
        self.database = Database(self.places.database)
        with self.database.writing() as connection:
            connection.execute(
                "INSERT INTO projects (id, name, path, created) VALUES ('p', 'a', 'b', 1)"
            )
        self.chat = ConversationTable(self.database).begin("p", "t").id
        messages, above, self.answers = MessageTable(self.database), None, []
        for place in (1, 2):
            asked = messages.add(self.chat, above, "user", f"where is `rotate` {place}?")
            told = messages.add(self.chat, asked.number, "assistant", "In `store.py`. Surely.")
            above = told.number
            self.answers.append(above)

    def summarise(
        self,
        said: str,
        skipped: str = "",
        base: str = "ollama:x",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[SummariesMade, Speaks]:
        speaker = Speaks(said)
        bases = ServedBases(self.places)
        made = Summariser(bases, Explains(bases, self.places, speaker), lambda: self.database)
        request = SummariseRequest(
            AskRequest("p", "s", 5, base=base), self.chat, tuple(self.answers)
        )
        (done,) = made.summarise(request, skipped, cancelled)  # type: ignore[arg-type]
        bases.close()
        return done, speaker

    def kept(self) -> list[tuple[str, str, str]]:
        found = SummaryTable(self.database).of_chat(self.chat)
        return [(found[n].text, found[n].maker, found[n].model) for n in sorted(found)]


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(tmp_path)


def test_its_first_sentence_is_kept_with_its_name(talk: Talk) -> None:
    done, speaker = talk.summarise(GOOD)
    assert talk.kept() == [
        (f"where is `rotate` {n}? — The function `rotate` is in `store.py`.", "model", "coder")
        for n in (1, 2)
    ]
    assert (done.by_model, done.others, done.skipped) == (2, 0, "")
    system, user = speaker.sent[0]
    assert system == SYSTEM, "it begins as questions do, which is read already"
    assert "where is `rotate` 2?" in user.content, "the newest first"
    assert speaker.read[:3] == [96, 192, 200], "in parts, so that a question need not wait"
    again, speaker = talk.summarise("Something else is said here.")
    assert again.by_model == 0 and speaker.sent == []


@pytest.mark.parametrize(
    "said",
    [
        "",
        "It calls `burn_all` in store.py.",
        "It goes on without an end",
        "Yes.",
        "Where is rotate?",
    ],
)
def test_what_is_of_no_use_leaves_first_sentences(talk: Talk, said: str) -> None:
    done, _ = talk.summarise(said)
    assert [maker for _, maker, _ in talk.kept()] == ["sentences"] * 2
    assert talk.kept()[0][0] == "where is `rotate` 1? — In `store.py`."
    assert (done.by_model, done.others) == (0, 2)


@pytest.mark.parametrize("skipped", ["load", "battery"])
def test_a_busy_machine_has_first_sentences_at_once(talk: Talk, skipped: str) -> None:
    done, speaker = talk.summarise(GOOD, skipped)
    assert done.skipped == skipped and speaker.sent == []
    assert len(talk.kept()) == 2


def test_without_a_base_nothing_is_loaded(talk: Talk) -> None:
    assert talk.summarise(GOOD, base="")[0].skipped == "nothing"
    assert len(talk.kept()) == 2


def test_a_question_ends_it_and_nothing_half_is_kept(talk: Talk) -> None:
    calls = iter([False, False, *[True] * 99])
    done, _ = talk.summarise(GOOD, cancelled=lambda: next(calls))
    assert done.skipped == "changed"
    assert [maker for _, maker, _ in talk.kept()] == ["sentences"] * 2


def test_what_a_person_wrote_is_not_asked_for(talk: Talk) -> None:
    SummaryTable(talk.database).edit(talk.chat, talk.answers[0], "Mine.")
    talk.summarise(GOOD)
    assert [maker for _, maker, _ in talk.kept()] == ["person", "model"]


def test_its_lane_gives_way_to_whoever_wants_the_model() -> None:
    route = ROUTES[SummariseRequest]
    assert route.one_at_a_time and {AskRequest, CompleteRequest} <= set(route.gives_way_to)
    assert [kind for kind, other in ROUTES.items() if other.lane == route.lane] == [
        SummariseRequest
    ]
    request = SummariseRequest(AskRequest("p", "what", 5), "chat", (3, 4))
    assert decode_request(encode_request(7, request)) == (7, request)
