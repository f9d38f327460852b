"""Write a LoRA adapter as GGUF."""

from pathlib import Path
from typing import Literal

import gguf
import numpy

from gardener_core.export.lora import LoraAdapter, read_lora
from gardener_core.models.families import read_config
from gardener_core.models.gguf.write import finish
from gardener_core.system.files.atomic import writing_aside

LoraQuant = Literal["f32", "f16"]


def write_lora_gguf(adapter: Path, base: Path, path: Path, quant: LoraQuant = "f32") -> Path:
    """Write a plain PEFT LoRA folder as one GGUF file, atomically."""
    with writing_aside(path) as new:
        _write(read_lora(adapter, base), read_config(base).family.architecture, new, quant)
    return path


def _write(lora: LoraAdapter, architecture: str, path: Path, quant: LoraQuant) -> None:
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, lora.alpha)
    numbers = numpy.float32 if quant == "f32" else numpy.float16
    for pair in lora.pairs.values():
        writer.add_tensor(f"{pair.name}.lora_a", pair.a.astype(numbers))
        writer.add_tensor(f"{pair.name}.lora_b", pair.b.astype(numbers))
    finish(writer)
