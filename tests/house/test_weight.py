"""The light packages load nothing heavy, as a fresh process shows."""

import subprocess
import sys

import pytest

HEAVY = {
    "torch", "transformers", "peft", "accelerate", "tokenizers", "safetensors", "lancedb",
    "pyarrow", "pandas", "numpy", "nomic", "xllamacpp", "gguf", "tree_sitter", "Stemmer",
    "ollama", "httpx", "pydantic", "requests",
}  # fmt: skip


@pytest.mark.parametrize(
    "module",
    [
        "gardener_core.garden.door",
        "gardener_core.cli.main",
        "gardener_core.jobs.runner",
        "gardener_core.jobs.child",
        "gardener_core.jobs.follow",
        "gardener_core.engine.client",
        "gardener_core.engine.stdio",
        "gardener_core.models.store",
        "gardener_core.models.llama.client",
    ],
)
def test_module_is_light(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []


def test_engine_does_not_load_torch() -> None:
    code = "import sys, gardener_core.engine.main; print('torch' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
