"""What a bundle runs answers as what was trained, and imports nothing of ours."""

import ast
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from gardener_core.export.bundle import script
from gardener_core.export.lora import read_lora
from gardener_core.export.merging import merge_gguf
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.loading import load_adapter, load_base

TOKENS = 16


@dataclass(frozen=True, slots=True)
class Greedy:
    """What PEFT writes after a prompt, with the adapter and without."""

    prompt: str
    tuned: str
    base: str


@pytest.fixture(scope="module")
def greedy(seedling: BaseModel, trained, sources) -> Greedy:
    """The first prompt after which the adapter writes something else."""
    peft = load_adapter(load_base(seedling.folder), trained.adapter)
    tokens = TextTokens(seedling.folder)

    def written(prompt: str) -> str:
        ids = torch.tensor([tokens.encode(prompt)])
        with torch.no_grad():
            made = peft.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=TOKENS,
                do_sample=False,
            )  # fmt: skip
        return tokens.decode(made[0, ids.shape[1] :].tolist())

    for file in sources:
        tuned = written(file.text[:80])
        with peft.disable_adapter():
            base = written(file.text[:80])
        if tuned != base:
            return Greedy(file.text[:80], tuned, base)
    raise AssertionError("the adapter changes nothing")


def say(folder: Path, prompt: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "run.py"), prompt, "--tokens", str(TOKENS),
         "--context", "256", "--threads", "1", *options],
        capture_output=True, text=True, timeout=60, cwd="/", env={},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.removesuffix("\n")


def test_a_merged_file_and_an_adapter_beside_its_base_write_the_same(
    seedling: BaseModel, trained, base_gguf: Path, greedy: Greedy, tmp_path: Path
) -> None:
    shutil.copyfile(script.__file__, tmp_path / "run.py")
    list(merge_gguf(base_gguf, tmp_path / "m", "f32", read_lora(trained.adapter, seedling.folder)))
    (tmp_path / "bundle.json").write_text(json.dumps({"model": "m", "adapter": ""}))
    assert say(tmp_path, greedy.prompt) == greedy.tuned
    shutil.copyfile(base_gguf, tmp_path / "b")
    shutil.copyfile(trained.gguf, tmp_path / "a")
    (tmp_path / "bundle.json").write_text(json.dumps({"model": "b", "adapter": "a"}))
    assert say(tmp_path, greedy.prompt) == greedy.tuned
    assert say(tmp_path, greedy.prompt, "--base-alone") == greedy.base


def test_it_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(script.__file__).read_text())
    imported = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    } | {
        str(node.module).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert imported - set(sys.stdlib_module_names) == {"xllamacpp"}
