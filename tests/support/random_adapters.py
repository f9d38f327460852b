"""Adapters that change a base at random, made in a moment for a base of any size."""

import json
from pathlib import Path

import gguf
import numpy

from gardener_core.models.model import BaseModel
from gardener_core.store.garden.adapter_files import CONFIG, GGUF, WEIGHTS
from gardener_core.store.manifest import write_manifest

RANK = 2
LAYERS = ("attn_v.weight", "ffn_down.weight")


def write_random_adapter(base: BaseModel, folder: Path, seed: int, strength: float = 0.3) -> Path:
    """A folder as a training leaves it: the GGUF changes some layers, each seed otherwise."""
    folder.mkdir(parents=True)
    random = numpy.random.default_rng(seed)
    reader = gguf.GGUFReader(base.gguf)
    writer = gguf.GGUFWriter(folder / GGUF, base.architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(RANK))
    for tensor in reader.tensors:
        if tensor.name.endswith(LAYERS):
            into, out = int(tensor.shape[0]), int(tensor.shape[1])
            down = random.normal(0, into**-0.5, (RANK, into)).astype(numpy.float32)
            up = random.normal(0, strength, (out, RANK)).astype(numpy.float32)
            writer.add_tensor(f"{tensor.name}.lora_a", down)
            writer.add_tensor(f"{tensor.name}.lora_b", up)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    config = {"peft_type": "LORA", "revision": base.sha256, "r": RANK, "lora_alpha": RANK}
    (folder / CONFIG).write_text(json.dumps(config))
    (folder / WEIGHTS).write_bytes(random.bytes(64))
    write_manifest(folder)
    return folder
