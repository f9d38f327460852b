"""What can be done with a model depends on its form."""

from dataclasses import asdict, replace
from pathlib import Path

from gardener_core.models.model import BaseModel, GgufModel, OllamaModel, abilities

FOLDER = BaseModel(
    "seedling", "base", "transformers", Path("/m"), 9, "ab", True, 2048, "llama",
    Path("/m"), Path("/m/base.f32.gguf"),
)  # fmt: skip
GGUF = GgufModel(Path("/m.gguf"), 9, "qwen2", "coder", 32_768, 896, "")
OLLAMA = OllamaModel("coder:latest", "ab", 9, "qwen2", "")


def test_a_folder_is_trained_only_where_its_shape_is_known() -> None:
    assert abilities(FOLDER) == {"complete", "score", "train", "export"}
    assert abilities(replace(FOLDER, trainable=False)) == {"score"}


def test_a_gguf_with_a_pooling_embeds_and_another_one_completes() -> None:
    assert abilities(GGUF) == {"complete"}
    assert abilities(replace(GGUF, pooling="mean")) == {"embed"}


def test_an_ollama_model_can_do_what_its_server_says() -> None:
    assert abilities(OLLAMA) == frozenset()
    known = replace(OLLAMA, capabilities=("completion", "tools", "insert"))
    assert abilities(known) == {"complete"}
    assert abilities(replace(OLLAMA, capabilities=("embedding",))) == {"embed"}


def test_the_fields_of_a_folder_are_those_of_the_models_command() -> None:
    assert list(asdict(FOLDER)) == [
        "name", "role", "format", "path", "bytes", "sha256", "trainable", "context",
        "architecture", "folder", "gguf",
    ]  # fmt: skip
