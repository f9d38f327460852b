"""An Ollama server without an embedder to compute with."""

from collections.abc import Iterator

import pytest
from support.ollama_double import OllamaDouble


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    double = OllamaDouble()
    yield double
    double.close()
