"""A base stays loaded with its recent adapters, and completes code as it is written."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.ollama_double import CODER, GENERATIONS, Behaviour, OllamaDouble
from support.processes import children_of, is_running, until
from support.served import place_adapters, place_base

from gardener_core.answers.completion import Completer
from gardener_core.answers.fill_in import fill_in_prompt
from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.served_adapters import MOST_ADAPTERS, ServedAdapters
from gardener_core.errors import (
    BadInput,
    MemoryShort,
    ModelMissing,
    OllamaBrokeOff,
    OllamaContextTooSmall,
)
from gardener_core.events.answer import Completed, Token
from gardener_core.events.run import Noted
from gardener_core.models.llama.client import Llama
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.system.places import Places

PROJECT = "0123456789ab"
PREFIX = "import os\n\n\ndef main(path):\n    "
ASKED = CompleteRequest(PROJECT, "seedling", "", PREFIX, 8)


def keep_going() -> bool:
    return False


@pytest.fixture
def places(grown, trained, base_gguf: Path, tmp_path: Path) -> Places:
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    place_base(places, grown, base_gguf)
    files = (trained.adapter, trained.gguf)
    place_adapters(places, PROJECT, tmp_path / "p", files, MOST_ADAPTERS + 2)
    return places


@pytest.fixture
def completer(places: Places) -> Iterator[Completer]:
    completer = Completer(places)
    yield completer
    completer.close()


def test_the_recent_adapters_are_served_and_the_one_that_was_chosen(places: Places) -> None:
    served, base = ServedAdapters(places), ModelStore(places).get("seedling")
    newest = [f"v{number}" for number in range(MOST_ADAPTERS + 1, 1, -1)]
    assert [path.name for path in served.recent(base, None)] == newest
    chosen = served.folder(PROJECT, "v0", base)
    assert [path.name for path in served.recent(base, chosen)] == ["v0", *newest[:-1]]
    (places.adapters(PROJECT) / newest[0] / GGUF).write_bytes(b"cut")
    assert [path.name for path in served.recent(base, None)] == [*newest[1:], "v1"]
    other = replace(base, sha256="0" * 64)
    assert served.recent(other, None) == (), "they belong to other weights"


def test_it_is_told_as_it_is_written_and_what_answered(completer: Completer) -> None:
    told = list(completer.complete(replace(ASKED, adapter="v0"), keep_going))
    *tokens, done = told
    assert isinstance(done, Completed) and all(isinstance(item, Token) for item in tokens)
    assert "".join(token.text for token in tokens if isinstance(token, Token)) == done.text
    assert (done.model, done.adapter, done.backend) == ("seedling", "v0", "llama.cpp")
    assert 0 < done.seconds_to_first_token <= done.seconds
    assert done.ended in ("tokens", "scope", "model") and done.tokens <= 8
    *_, alone = completer.complete(ASKED, keep_going)
    assert isinstance(alone, Completed) and alone.text != done.text


def test_a_cancelled_one_ends_with_what_there_is(completer: Completer) -> None:
    *_, done = completer.complete(replace(ASKED, tokens=200), lambda: True)
    assert isinstance(done, Completed) and done.tokens < 20


def test_an_engine_that_was_killed_is_started_again(completer: Completer) -> None:
    before = set(children_of(os.getpid(), b"llama.server"))
    *_, whole = completer.complete(ASKED, keep_going)
    (process,) = set(children_of(os.getpid(), b"llama.server")) - before
    os.kill(process, signal.SIGKILL)
    until(lambda: not is_running(process), "its end")
    *_, again = completer.complete(ASKED, keep_going)
    assert isinstance(again, Completed) and isinstance(whole, Completed)
    assert again.text == whole.text


def test_more_context_than_memory_is_refused(completer: Completer) -> None:
    with pytest.raises(MemoryShort, match="seedling with a context of 2,048 tokens"):
        list(completer.complete(replace(ASKED, context=2048, memory_bytes=10_000_000), keep_going))


def test_code_between_two_parts_is_asked_for_as_the_base_learned(llama: Llama) -> None:
    before, after, between = (
        llama.special(f"<|fim_{part}|>") for part in ("prefix", "suffix", "middle")
    )
    ids = fill_in_prompt(llama, "seedling", "a = ", "\nb = 2")
    assert ids == [before, *llama.tokenize("a = "), after, *llama.tokenize("\nb = 2"), between]
    assert fill_in_prompt(llama, "seedling", "a = ", "") == llama.tokenize("a = ")


def test_a_base_without_the_tokens_says_so() -> None:
    class Plain:
        def tokenize(self, text: str) -> list[int]:
            return [1] * len(text)

        def special(self, text: str) -> int | None:
            return None

    with pytest.raises(BadInput, match="starter cannot fill in code"):
        fill_in_prompt(Plain(), "starter", "a", "b")


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    double = OllamaDouble()
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{double.port}")
    yield double
    double.close()


BY_OLLAMA = replace(ASKED, base=f"ollama:{CODER}", fallback="seedling")


def test_a_model_of_ollama_answers_and_is_named(completer: Completer, double: OllamaDouble) -> None:
    *tokens, done = completer.complete(BY_OLLAMA, keep_going)
    assert isinstance(done, Completed)
    assert (done.model, done.backend, done.adapter) == (f"ollama:{CODER}", "ollama", "")
    assert "".join(token.text for token in tokens if isinstance(token, Token)) == done.text != ""
    assert done.prompt_read == "whole"


def test_a_prompt_that_was_cut_or_does_not_fit_is_said(
    completer: Completer, double: OllamaDouble
) -> None:
    long = replace(BY_OLLAMA, prefix="x = 1\n" * 100, context=512, fallback="")
    for generation in GENERATIONS:
        double.version = double.generation = generation
        if generation == "0.12.5":
            *_, note, done = completer.complete(long, keep_going)
            assert isinstance(note, Noted) and "cut the code to the 512 tokens" in note.text
            assert isinstance(done, Completed) and done.prompt_read == "cut" and done.text
        else:
            with pytest.raises(OllamaContextTooSmall, match="512 tokens"):
                list(completer.complete(long, keep_going))


@pytest.mark.parametrize("behaviour", ["error before", "busy", "dropped", "500"])
def test_where_ollama_cannot_another_base_answers_and_that_is_said(
    completer: Completer, double: OllamaDouble, behaviour: Behaviour
) -> None:
    double.behaviours = [behaviour]
    first, *_, done = completer.complete(BY_OLLAMA, keep_going)
    assert isinstance(first, Noted) and first.text.endswith("seedling answers instead.")
    assert isinstance(done, Completed) and (done.model, done.adapter) == ("seedling", "")


def test_an_answer_that_has_begun_is_not_begun_again_by_another(
    completer: Completer, double: OllamaDouble
) -> None:
    double.behaviours = ["died"]
    written = ""
    with pytest.raises(OllamaBrokeOff, match="mid-answer"):
        for event in completer.complete(BY_OLLAMA, keep_going):
            assert isinstance(event, Token)
            written += event.text
    assert written, "what came before it died is given"


def test_cancelling_one_that_hangs_keeps_what_was_written(
    completer: Completer, double: OllamaDouble
) -> None:
    double.behaviours = ["hangs inside"]
    *_, done = completer.complete(BY_OLLAMA, double.is_hung.is_set)
    assert isinstance(done, Completed) and done.text.startswith("def ")


def test_a_base_that_is_not_here_is_replaced_by_one_that_is(completer: Completer) -> None:
    first, *_, done = completer.complete(
        replace(ASKED, base="gone", adapter="v1", fallback="seedling"), keep_going
    )
    assert isinstance(first, Noted) and "gone" in first.text
    assert isinstance(done, Completed) and (done.model, done.adapter) == ("seedling", "")
    with pytest.raises(ModelMissing):
        list(completer.complete(replace(ASKED, base="gone"), keep_going))
