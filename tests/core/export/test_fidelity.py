"""Exported files answer as PEFT does, or are refused."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.numpy import load_file, save_file
from support.draining import result_of

from gardener_core.errors import ModelUnfit
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.parts import Fidelity
from gardener_core.export.fidelity import POSITIONS, TOLERANCE, measure, require
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.models.model import BaseModel
from gardener_core.system.interrupts import Interruptible


def compare(model: BaseModel, adapter: Path, base: Path, lora: Path, texts, log: Path) -> Fidelity:
    return result_of(measure(model, adapter, base, lora, texts, log, 1, Interruptible()))


def test_the_written_files_answer_as_peft_does(
    trained,
    seedling: BaseModel,
    base_gguf: Path,
    sources: tuple[SourceFile, ...],
    odd_texts: tuple[str, ...],
    tmp_path: Path,
) -> None:
    texts = [*(file.text for file in sources), *odd_texts]
    log = tmp_path / "log.txt"
    found = compare(seedling, trained.adapter, base_gguf, trained.gguf, texts, log)
    require(found)
    assert found.positions == POSITIONS == 20
    assert max(found.worst_base, found.worst_adapter) < TOLERANCE == 1e-4
    assert found.adapter_effect > 100 * TOLERANCE
    assert (found.token_texts, found.token_texts_differing) == (len(texts), 0)
    with pytest.raises(ModelUnfit, match="tokens in 1 of"):
        require(replace(found, token_texts_differing=1))


def test_files_that_answer_differently_are_refused(
    trained, seedling: BaseModel, base_gguf: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(trained.adapter, other)
    weights = load_file(other / "adapter_model.safetensors")
    for name in weights:
        if "q_proj.lora_B" in name:
            weights[name] = weights[name][::-1].copy()  # rows in another order
    save_file(weights, other / "adapter_model.safetensors")
    gguf = write_lora_gguf(other, seedling.path, tmp_path / "other.gguf")
    texts = ["import os\n\n\ndef main():\n    return os.environ\n" * 10]
    log = tmp_path / "log.txt"
    found = compare(seedling, trained.adapter, base_gguf, gguf, texts, log)
    assert found.worst_base < TOLERANCE < found.worst_adapter
    with pytest.raises(ModelUnfit, match="do not answer as PEFT does"):
        require(found)
