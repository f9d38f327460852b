"""Each state of an Ollama server has words and a remedy of its own, and crosses a process."""

import json
from typing import get_args

import pytest
from support.ollama_handler import BUSY, CRASHED

from gardener_core.errors import (
    OLLAMA_ERRORS,
    EmbedderMissing,
    GardenError,
    Remedy,
    revive,
)
from gardener_core.models.ollama.states import (
    Failure,
    Status,
    is_too_old,
    knows_truncate,
    refusal,
    takes_adapters,
    version_of,
)

ADDRESS = "127.0.0.1:11434"
LLAMA_SERVER = {
    "code": 400,
    "message": "request (2622 tokens) exceeds the available context size (512 tokens)",
    "type": "exceed_context_size_error",
    "n_prompt_tokens": 2622,
    "n_ctx": 512,
}


def inside(detail: dict[str, object]) -> bytes:
    """An error of llama-server, as a server since 0.30 hands it on."""
    return json.dumps({"error": json.dumps({"error": detail})}).encode()


@pytest.mark.parametrize(
    ("code", "body", "state"),
    [
        (404, b'{"error": "model \\"bge-m3\\" not found, try pulling it first"}', "model missing"),
        (503, json.dumps({"error": BUSY}).encode(), "busy"),
        (500, b'{"error": "model requires more system memory (9.1 GiB)"}', "out of memory"),
        (500, json.dumps({"error": CRASHED}).encode(), "refused"),
        (400, b'{"error": "the input length exceeds the context length"}', "context too small"),
        (400, inside(LLAMA_SERVER), "context too small"),
        (400, inside({"code": 400, "message": "no images", "type": "invalid"}), "refused"),
        (400, b'{"error": "invalid input type"}', "refused"),
        (502, b"<html>Bad gateway</html>", "refused"),
        (0, CRASHED, "refused"),
        (500, b'{"error": "write /m/b-partial: no space left on device"}', "disk full"),
        (400, b'{"error": "LoRA adapters are no longer supported"}', "no adapters"),
        (500, b'{"error": "loras are not yet implemented"}', "no adapters"),
    ],
)
def test_an_error_shows_a_state(code: int, body: bytes | str, state: str) -> None:
    assert refusal(ADDRESS, code, body).state == state


def test_what_llama_server_counted_is_told() -> None:
    status = refusal(ADDRESS, 400, inside(LLAMA_SERVER))
    assert (status.tokens, status.context) == (2622, 512)
    assert "2,622 tokens" in status.what and "512 tokens" in status.what
    assert "no images" in refusal(ADDRESS, 400, inside({"message": "no images"})).what


def test_every_failure_has_words_a_remedy_and_a_class() -> None:
    failures = get_args(Failure)
    statuses = [Status(one, ADDRESS, "said", "0.5.0", "coder") for one in failures]
    errors = [status.error() for status in statuses]
    assert {type(error) for error in errors} == set(OLLAMA_ERRORS)
    assert len({error.what for error in errors}) == len(failures)
    assert all(ADDRESS in error.what and (error.hint or error.remedy) for error in errors)
    assert len({error.hint or str(error.remedy) for error in errors}) == len(failures)
    for error in errors:
        assert type(revive(error.code, error.what, error.hint)) is type(error)
    assert Status("model missing", ADDRESS, model="coder").remedy == Remedy("pull", "ollama:coder")
    assert not Status("up", ADDRESS).hint


def test_a_longer_context_is_advised_only_where_there_is_one() -> None:
    asked_for = Status("context too small", ADDRESS, model="m", context=4096, longest=32768)
    assert "models.context" in asked_for.hint and "32768" in asked_for.hint
    its_own = Status("context too small", ADDRESS, model="m", context=8192, longest=8192)
    assert "reads 8,192 tokens at most" in its_own.hint and "models.context" not in its_own.hint


def test_versions() -> None:
    assert version_of("0.34.2-rc1") == (0, 34, 2) and version_of("0.0.0") == version_of("x") == ()
    assert is_too_old("0.6.3") and not is_too_old("0.6.4") and not is_too_old("0.0.0")
    assert knows_truncate("0.12.6") and not knows_truncate("0.12.5") and knows_truncate("")


@pytest.mark.parametrize(
    ("version", "architecture", "takes"),
    [
        ("0.24.0", "llama", True), ("0.24.0", "qwen3", False), ("0.30.0", "qwen3", True),
        ("0.34.0", "gemma3", True), ("0.34.1", "llama", False), ("", "llama", False),
    ],
)  # fmt: skip
def test_which_servers_take_an_adapter(version: str, architecture: str, takes: bool) -> None:
    assert takes_adapters(version, architecture) == takes


def test_codes_of_before_are_still_revived() -> None:
    assert type(revive("embedder-missing", "a", "b")) is EmbedderMissing
    assert type(revive("of-a-later-version", "a", "b")) is GardenError
