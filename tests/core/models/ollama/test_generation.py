"""A stream of an Ollama server is whole, or an error; a server that comes back is waited for."""

import threading
import time
from collections.abc import Iterator

import pytest
from support.ollama_generating import PIECES, Behaviour, GeneratingDouble

from gardener_core.errors import OllamaBusy, OllamaDown, OllamaModelMissing, OllamaRefused
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.generation import OllamaPrompt, Waiting, continue_code

PROMPT = OllamaPrompt("qwen2.5-coder:0.5b", "import os\n", tokens=32, context=2048)
BRIEF = (0.01, 0.02)


@pytest.fixture
def double() -> Iterator[GeneratingDouble]:
    double = GeneratingDouble()
    yield double
    double.close()


def asked(
    double: GeneratingDouble, prompt: OllamaPrompt = PROMPT, waits: tuple[float, ...] = BRIEF
) -> list[str | Waiting]:
    return list(continue_code(Ollama("127.0.0.1", double.port), prompt, lambda: False, waits))


def test_pieces_come_and_the_context_is_said_and_nothing_is_cut(double: GeneratingDouble) -> None:
    assert asked(double) == list(PIECES)
    (body,) = double.asked
    assert body["options"] == {"num_ctx": 2048, "num_predict": 32, "temperature": 0, "seed": 0}
    assert body["raw"] is True and body["truncate"] is False and body["shift"] is False


def test_a_suffix_is_given_in_the_form_of_the_model(double: GeneratingDouble) -> None:
    asked(double, OllamaPrompt("m", "def f(", 8, 512, suffix="    return 1\n"))
    (body,) = double.asked
    assert body["suffix"] == "    return 1\n" and "raw" not in body


@pytest.mark.parametrize(
    ("behaviour", "error", "words"),
    [
        ("error inside", OllamaRefused, "llama-server process has terminated"),
        ("cut", OllamaDown, "stopped in mid-answer"),
        ("error before", OllamaModelMissing, "model 'x' not found"),
        ("refused", OllamaRefused, "502: <html>Bad gateway"),
        ("not json", OllamaDown, "no object"),
        ("busy", OllamaBusy, "server busy"),
        ("dropped", OllamaDown, "does not answer"),
    ],
)
def test_what_is_not_a_whole_answer_is_an_error(
    double: GeneratingDouble, behaviour: Behaviour, error: type[Exception], words: str
) -> None:
    double.behaviours = [behaviour]
    with pytest.raises(error, match=words):
        asked(double)


def test_a_busy_server_is_asked_again_and_that_is_said(double: GeneratingDouble) -> None:
    double.behaviours = ["busy", "dropped", "whole"]
    first, second, *rest = asked(double)
    assert isinstance(first, Waiting) and "busy" in first.reason and first.seconds == BRIEF[0]
    assert isinstance(second, Waiting) and rest == list(PIECES)


def test_nothing_is_asked_again_once_a_piece_has_come(double: GeneratingDouble) -> None:
    double.behaviours = ["cut", "whole"]
    with pytest.raises(OllamaDown):
        asked(double)
    assert len(double.asked) == 1


def test_a_server_that_comes_back_is_asked_at_once(double: GeneratingDouble) -> None:
    port, came_back, again = double.port, [0.0], []
    double.close()

    def come_back() -> None:
        again.append(GeneratingDouble(port))
        came_back[0] = time.monotonic()

    pieces = continue_code(Ollama("127.0.0.1", port), PROMPT, lambda: False, (60.0,))
    assert isinstance(next(pieces), Waiting)
    threading.Thread(target=come_back).start()
    assert next(pieces) == PIECES[0]
    assert time.monotonic() - came_back[0] < 3
    again[0].close()
