"""What an Ollama server answers is one error each, and crosses a process by its code."""

import pytest

from gardener_core.errors import (
    EmbedderMissing,
    GardenError,
    OllamaBusy,
    OllamaDown,
    OllamaModelMissing,
    OllamaOutOfMemory,
    OllamaRefused,
    revive,
)
from gardener_core.models.ollama.client import ErrorStatus, Ollama


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (404, "model \"bge-m3\" not found, try pulling it first", OllamaModelMissing),
        (503, "server busy, please try again.  maximum pending requests exceeded", OllamaBusy),
        (500, "model requires more system memory (9.1 GiB) than is available (1.2 GiB)",
         OllamaOutOfMemory),
        (500, "llama-server process has terminated: exit status 1", OllamaRefused),
        (400, "invalid input type", OllamaRefused),
    ],
)  # fmt: skip
def test_an_error_status_has_a_class(status: int, message: str, kind: type[GardenError]) -> None:
    error = ErrorStatus(status, message).error("127.0.0.1:11434", "/api/embed")
    assert type(error) is kind and message in error.what and error.hint
    assert type(revive(error.code, error.what, error.hint)) is kind


def test_a_text_that_is_too_long_is_told_apart() -> None:
    too_long = ErrorStatus(400, "the input length exceeds the context length")
    assert too_long.is_too_long and not ErrorStatus(400, "invalid input type").is_too_long


def test_no_server_and_no_address() -> None:
    with pytest.raises(OllamaDown, match=r"does not answer at 127\.0\.0\.1:9"):
        Ollama.of({"OLLAMA_HOST": "127.0.0.1:9"}).version()
    with pytest.raises(OllamaDown, match="no address"):
        Ollama.of({"OLLAMA_HOST": "http://[::1"})


def test_codes_of_before_are_still_revived() -> None:
    assert type(revive("embedder-missing", "a", "b")) is EmbedderMissing
    assert type(revive("of-a-later-version", "a", "b")) is GardenError
