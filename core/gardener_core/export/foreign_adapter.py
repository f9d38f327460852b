"""Check an adapter that was made elsewhere."""

# Run in a process of its own: it loads numeric libraries and reads what a stranger wrote.

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy

from gardener_core.errors import GardenError, ModelUnfit
from gardener_core.export.lora import LoraAdapter, plain_lora_config, read_lora
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.identity import write_identity
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.probe import checked_identity
from gardener_core.models.store import ModelStore
from gardener_core.models.torch.dequantise import ensure_training_folder
from gardener_core.store.garden.adapter_files import CONFIG, GGUF
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.places import Places

MOST_RANK = 1024
TRIED_TOKENS = 64
# What a plain LoRA is described by; anything else in its config is not taken.
_KEPT = (
    "peft_type", "task_type", "r", "lora_alpha", "lora_dropout", "target_modules",
    "exclude_modules", "bias", "fan_in_fan_out", "init_lora_weights", "inference_mode",
    "use_rslora", "rank_pattern", "alpha_pattern", "layers_to_transform", "layers_pattern",
    "base_model_name_or_path",
)  # fmt: skip


def main() -> None:
    """`FOLDER BASE LOG`; what is wrong is an object on stdout, with a status of 1."""
    try:
        take(Path(sys.argv[1]), ModelStore(Places.of_user()).get(sys.argv[2]), Path(sys.argv[3]))
    except GardenError as problem:
        print(json.dumps({"what": problem.what, "hint": problem.hint}))
        sys.exit(1)


def take(folder: Path, base: BaseModel, log: Path) -> None:
    """Hold an adapter against a base, and write its GGUF and the identity of the base beside it."""
    ensure_training_folder(base)
    gguf = ensure_base_gguf(base)
    config = plain_lora_config(folder)
    try:
        lora = read_lora(folder, base.folder)
    except (KeyError, ValueError, TypeError, OverflowError) as problem:
        raise ModelUnfit(
            f"This adapter does not fit {base.name}: {problem}.",
            hint="Name the base that it was trained on.",
        ) from None
    _require_fit(lora, gguf, base.name)
    write_lora_gguf(folder, base.folder, folder / GGUF)
    kept: Mapping[str, Any] = {key: config[key] for key in _KEPT if key in config}
    fields = {**kept, "inference_mode": True, "revision": base.sha256}
    write_whole(folder / CONFIG, json.dumps(fields, indent=1).encode())
    write_identity(folder, checked_identity(base, log))
    with Llama(gguf, [folder / GGUF], log, threads=1, context=TRIED_TOKENS) as llama:
        llama.complete(llama.tokenize("def"), [1.0], 1)


def _require_fit(lora: LoraAdapter, gguf: Path, base: str) -> None:
    if not lora.pairs:
        raise ModelUnfit("This adapter changes nothing.", hint="Take a whole adapter.")
    tensors = read_gguf_facts(gguf).tensors
    for name, pair in lora.pairs.items():
        entry, rank = tensors.get(name), len(pair.a)
        shape = (len(pair.b), pair.a.shape[1])
        if entry is None or entry.shape != shape or pair.b.shape[1] != rank:
            there = f"the shape {entry.shape}" if entry else "no such tensor"
            raise ModelUnfit(
                f"This adapter is of another base: it changes {name} of the shape {shape}, and "
                f"{base} has {there}.",
                hint="Name the base that it was trained on.",
            )
        if not 1 <= rank <= MOST_RANK:
            raise ModelUnfit(f"{name} has a rank of {rank:,}.", hint=f"{MOST_RANK} is the most.")
        if not (numpy.isfinite(pair.a).all() and numpy.isfinite(pair.b).all()):
            raise ModelUnfit(
                f"{name} holds numbers that are not finite.", hint="Take a whole adapter."
            )
