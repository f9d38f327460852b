"""An answer of Ollama is whole, or an error in the right words; a server that returns is met."""

import threading
import time
from collections.abc import Iterator

import pytest
from support.ollama_double import CODER, GENERATIONS, PIECES, Behaviour, Generation, OllamaDouble

from gardener_core.errors import (
    OllamaBrokeOff,
    OllamaBusy,
    OllamaContextTooSmall,
    OllamaDown,
    OllamaModelMissing,
    OllamaOutOfMemory,
    OllamaRefused,
    OllamaSilent,
    OllamaTooOld,
)
from gardener_core.models.ollama import client
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.generation import (
    OllamaPrompt,
    PromptRead,
    Waiting,
    continue_code,
)
from gardener_core.models.ollama.wire import Endpoint, Patience

PROMPT = OllamaPrompt(CODER, "import os\n", tokens=32, context=2048)
LONG = OllamaPrompt(CODER, "x" * 5000, tokens=32, context=2048)
BRIEF = (0.01, 0.02)


@pytest.fixture(params=GENERATIONS)
def each(request: pytest.FixtureRequest) -> Iterator[OllamaDouble]:
    generation: Generation = request.param
    double = OllamaDouble(generation=generation)
    yield double
    double.close()


def server_at(port: int) -> Ollama:
    return Ollama(Endpoint("127.0.0.1", port))


def never() -> bool:
    return False


def asked(
    double: OllamaDouble, prompt: OllamaPrompt = PROMPT, waits: tuple[float, ...] = BRIEF
) -> list[str | Waiting | PromptRead]:
    return list(continue_code(server_at(double.port), prompt, never, waits))


def texts(items: list[str | Waiting | PromptRead]) -> list[str]:
    return [item for item in items if isinstance(item, str)]


def test_pieces_come_and_the_context_is_said_and_nothing_is_cut(each: OllamaDouble) -> None:
    items = asked(each)
    assert texts(items) == list(PIECES)
    assert [item.reading for item in items if isinstance(item, PromptRead)] == ["whole"]
    (body,) = each.completed
    assert body["options"] == {"num_ctx": 2048, "num_predict": 32, "temperature": 0, "seed": 0}
    assert body["raw"] is True and body["truncate"] is False and body["shift"] is False


def test_a_prompt_that_is_too_long_is_refused_or_marked(each: OllamaDouble) -> None:
    if each.generation == "0.12.5":
        items = asked(each, LONG)
        assert texts(items) == list(PIECES) and PromptRead("cut", 2048, 2048) in items
        return
    with pytest.raises(OllamaContextTooSmall, match="2,048 tokens") as refused:
        asked(each, LONG)
    assert "Raise models.context" in refused.value.hint and "32768" in refused.value.hint


def test_a_model_that_reads_less_than_was_asked_for_says_so(each: OllamaDouble) -> None:
    each.held[CODER].context = 1024
    prompt = OllamaPrompt(CODER, "x" * 1500, tokens=8, context=2048)
    if each.generation == "0.12.5":
        assert PromptRead("cut", 1024, 1024) in asked(each, prompt)
        return
    with pytest.raises(OllamaContextTooSmall) as refused:
        asked(each, prompt)
    if each.generation == "0.34.2":  # the only one that tells what it gave
        assert "1,500 tokens" in refused.value.what and "1,024 tokens at most" in refused.value.hint


def test_what_an_old_server_does_not_tell_is_marked(double: OllamaDouble) -> None:
    double.version = double.generation = "0.12.5"
    fits = OllamaPrompt(CODER, "x" * 1000, tokens=8, context=1100)
    assert PromptRead("whole", 0, 1100) in asked(double, fits), "fewer bytes than tokens"
    tight = OllamaPrompt(CODER, "x" * 1090, tokens=8, context=1100)
    assert PromptRead("whole", 1090, 1100) in asked(double, tight), "by its counts"
    pushed_out = OllamaPrompt(CODER, "x" * 1098, tokens=8, context=1100)
    assert PromptRead("cut", 1098, 1100) in asked(double, pushed_out)
    double.held[CODER].context = 0  # it does not say how much the model reads
    assert PromptRead("unknown", 1090, 1100) in asked(double, tight)


def test_one_that_is_too_old_is_not_asked(double: OllamaDouble) -> None:
    double.version = "0.6.3"
    with pytest.raises(OllamaTooOld, match=r"is version 0\.6\.3, and 0\.6\.4 or later"):
        asked(double)
    assert double.completed == []


def test_a_suffix_is_given_in_the_form_of_the_model(double: OllamaDouble) -> None:
    asked(double, OllamaPrompt(CODER, "def f(", 8, 512, suffix="    return 1\n"))
    (body,) = double.completed
    assert body["suffix"] == "    return 1\n" and "raw" not in body


@pytest.mark.parametrize(
    ("behaviour", "error", "words"),
    [
        ("error inside", OllamaRefused, "llama-server process has terminated"),
        ("500", OllamaRefused, "failed: 500: llama-server process has terminated"),
        ("cut", OllamaBrokeOff, "broke off in mid-answer: its stream ended too early"),
        ("died", OllamaBrokeOff, "broke off in mid-answer"),
        ("half line", OllamaBrokeOff, "broke off in mid-answer"),
        ("error before", OllamaModelMissing, f"no model {CODER}"),
        ("refused", OllamaRefused, "502: <html>Bad gateway"),
        ("not json", OllamaRefused, "no JSON object"),
        ("busy", OllamaBusy, "server busy"),
        ("dropped", OllamaDown, "does not answer"),
        ("out of memory", OllamaOutOfMemory, "too little memory for"),
    ],
)
def test_what_is_not_a_whole_answer_is_an_error(
    double: OllamaDouble, behaviour: Behaviour, error: type[Exception], words: str
) -> None:
    double.behaviours = [behaviour]
    written: list[str] = []
    with pytest.raises(error, match=words):
        for item in continue_code(server_at(double.port), PROMPT, never, BRIEF):
            if isinstance(item, str):
                written.append(item)
    begun = {"error inside": 1, "cut": 2, "died": 2, "half line": 1}
    assert written == list(PIECES[: begun.get(behaviour, 0)]), "what was written is given"


@pytest.mark.parametrize("behaviour", ["hangs", "hangs inside"])
def test_one_that_hangs_is_an_error_in_time(double: OllamaDouble, behaviour: Behaviour) -> None:
    double.behaviours = [behaviour]
    endpoint = Endpoint("127.0.0.1", double.port)
    lines = endpoint.stream("/api/generate", {"model": CODER, "prompt": ""}, Patience(0.2, 0.2))
    with pytest.raises(client.RequestFailed) as failed:
        list(lines)
    assert failed.value.status.state == "silent"
    assert failed.value.status.what.endswith("said nothing for 0.2 s.")
    assert type(failed.value.status.error()) is OllamaSilent


@pytest.mark.parametrize("behaviour", ["hangs", "hangs inside"])
def test_cancelling_ends_it_at_once_wherever_it_waits(
    double: OllamaDouble, behaviour: Behaviour
) -> None:
    double.behaviours = [behaviour]
    cancelled_at: list[float] = []

    def cancelled() -> bool:
        if not cancelled_at and double.is_hung.is_set():
            cancelled_at.append(time.monotonic())
        return bool(cancelled_at)

    written = texts(list(continue_code(server_at(double.port), PROMPT, cancelled)))
    assert time.monotonic() - cancelled_at[0] < 1
    assert written == list(PIECES[: 2 if behaviour == "hangs inside" else 0])


def test_cancelling_ends_the_waiting_for_a_server_at_once() -> None:
    cancelled = threading.Event()
    pieces = continue_code(server_at(9), PROMPT, cancelled.is_set, (60.0,))
    assert isinstance(next(pieces), Waiting)
    cancelled.set()
    began = time.monotonic()
    assert list(pieces) == [] and time.monotonic() - began < 1


def test_a_busy_server_is_asked_again_and_that_is_said(double: OllamaDouble) -> None:
    double.behaviours = ["busy", "dropped", "whole"]
    first, second, *rest = asked(double)
    assert isinstance(first, Waiting) and "busy" in first.reason and first.seconds == BRIEF[0]
    assert isinstance(second, Waiting) and texts(rest) == list(PIECES)


def test_nothing_is_asked_again_once_a_piece_has_come(double: OllamaDouble) -> None:
    double.behaviours = ["died", "whole"]
    with pytest.raises(OllamaBrokeOff):
        asked(double)
    assert len(double.completed) == 1


def test_a_server_that_comes_back_is_asked_at_once(double: OllamaDouble) -> None:
    port, came_back, again = double.port, [0.0], []
    double.close()

    def come_back() -> None:
        again.append(OllamaDouble(port=port))
        came_back[0] = time.monotonic()

    pieces = continue_code(server_at(port), PROMPT, never, (60.0,))
    assert isinstance(next(pieces), Waiting)
    threading.Thread(target=come_back).start()
    assert texts([next(pieces), next(pieces)])
    assert time.monotonic() - came_back[0] < 3
    again[0].close()
