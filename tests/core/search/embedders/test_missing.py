"""What cannot be had says what is missing; nothing runs or leaves that nobody allowed."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.ollama_double import OllamaDouble

from gardener_core.errors import (
    EmbedderMissing,
    EngineLost,
    ModelMissing,
    ModelUnfit,
    OllamaDown,
    OllamaModelMissing,
    OllamaRefused,
    Remedy,
)
from gardener_core.models.encoders.child import ChildEncoder
from gardener_core.models.encoders.nomic_local import FILE
from gardener_core.search.embedders.embedder import Embedder

Open = Callable[..., Embedder]
NOWHERE = "127.0.0.1:9"


def test_ollama_that_does_not_run(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", NOWHERE)
    with pytest.raises(OllamaDown, match=NOWHERE) as told:
        opened("ollama:nomic-embed-text")
    assert told.value.hint == "Run: ollama serve"


def test_ollama_that_lacks_the_model(ollama: OllamaDouble, opened: Open) -> None:
    with pytest.raises(OllamaModelMissing, match="no model bge-m3") as told:
        opened("ollama:bge-m3")
    assert told.value.remedy == Remedy("pull", "ollama:bge-m3")
    with pytest.raises(OllamaRefused, match="does not embed"):
        opened("ollama:qwen2.5-coder:1.5b")


def test_another_model_under_the_same_name_is_refused(ollama: OllamaDouble, opened: Open) -> None:
    embedder = opened("ollama:nomic-embed-text")
    ollama.digest = "ab" * 32
    with pytest.raises(EmbedderMissing, match="another"):
        embedder.embed_query("token")
    assert opened("ollama:nomic-embed-text").name != embedder.name


def test_code_stays_here_unless_it_may_leave(
    ollama: OllamaDouble, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = f"http://elsewhere.invalid:{ollama.host.partition(':')[2]}"
    monkeypatch.setenv("OLLAMA_HOST", far)
    for wanted in ("ollama:nomic-embed-text", "nomic:hosted"):
        with pytest.raises(EmbedderMissing, match="another machine") as told:
            opened(wanted)
        assert told.value.remedy == Remedy("let code leave")
    with pytest.raises(OllamaDown, match="does not answer at elsewhere"):
        opened("ollama:nomic-embed-text", code_may_leave=True)
    assert ollama.asked == []


def test_no_proxy_sees_a_text(
    ollama: OllamaDouble, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{NOWHERE}")
    monkeypatch.setenv("http_proxy", f"http://{NOWHERE}")
    assert opened("ollama:nomic-embed-text").embed_query("token").any()


def test_nomic_without_its_parts_names_them(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(EmbedderMissing, match=f"gpt4all and the file .*{FILE}"):
        opened("nomic:local")


def test_nomic_local_never_fetches_and_puts_its_own_prefix(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """gpt4all is not installed here: a stand-in with its interface tells what it was asked."""
    model = tmp_path / ".cache" / "gpt4all" / FILE
    model.parent.mkdir(parents=True)
    model.write_bytes(b"weights")
    (tmp_path / "gpt4all.py").write_text(STAND_IN)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.syspath_prepend(str(tmp_path))
    embedder = opened("nomic:local")
    assert embedder.name.startswith("nomic:local@")
    (row,) = embedder.embed_documents(["aaaa"])
    assert row.tolist() == pytest.approx([0.8, 0.6], abs=1e-3)
    assert embedder.embed_query("aaaa").tolist() == pytest.approx([1.0, 0.0])
    assert "gpt4all" not in sys.modules


STAND_IN = f"""
class CancellationError(Exception): ...
class Embed4All:
    def __init__(self, model_name, *, n_threads=None, device=None, allow_download=True, **others):
        assert model_name == {FILE!r} and allow_download is False
        self.gpt4all = type("G", (), {{"config": {{"filename": model_name}}}})
    def embed(self, texts, *, prefix, cancel_cb, **others):
        assert cancel_cb is None
        rows = [[4.0, 3.0 if prefix == "search_document" else 0.0] for _ in texts]
        return {{"embeddings": rows, "n_prompt_tokens": 1}}
"""


def test_folder_with_its_own_code_is_not_run(tiny, opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    shutil.copytree(tiny.folder, folder)
    trap = tmp_path / "trap"
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "odd", "auto_map": {"AutoModel": "modeling_odd.Odd"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "modeling_odd.py").write_text(f"open({str(trap)!r}, 'w')\n")
    with pytest.raises(ModelUnfit, match=r"modeling_odd.Odd.*is not run here"):
        opened(f"folder:{folder}")
    assert not trap.exists()


def test_files_that_are_no_models(opened: Open, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        opened(f"gguf:{tmp_path}/nix.gguf")
    with pytest.raises(ModelMissing):
        opened(f"folder:{tmp_path}")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnfit, match="safetensors"):
        opened(f"folder:{tmp_path}")
    for content in (b"", b"GGUF", b"GGUF" + b"\xff" * 100, b"nonsense"):
        (tmp_path / "odd.gguf").write_bytes(content)
        with pytest.raises(ModelUnfit, match="GGUF"):
            opened(f"gguf:{tmp_path}/odd.gguf")


def test_killed_model_costs_an_answer_and_not_us(tiny, tmp_path: Path) -> None:
    asked = {"path": str(tiny.folder), "pooling": "mean", "threads": 1}
    encoder = ChildEncoder("transformers_model", asked, tmp_path / "log")
    os.kill(encoder.process_id, signal.SIGKILL)
    with pytest.raises(EngineLost, match="ended before it answered"):
        encoder.encode(["x"], "document")
    encoder.close()
