"""What an export is asked for is checked before it starts."""

import json
from pathlib import Path

import pytest

from gardener_core.errors import BadInput, MemoryShort
from gardener_core.garden.door import Garden
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import merged_bytes, require_export_room
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places


@pytest.fixture
def home(tmp_path: Path) -> tuple[Garden, Project]:
    (tmp_path / "code").mkdir()
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    garden = Garden(places)
    project = garden.projects.add(tmp_path / "code", "acme")
    AdapterTable(Database(places.database)).register(project.id, "v1", "gone", "", 1_000)
    return garden, project


@pytest.mark.parametrize(
    ("format", "quant", "what"),
    [
        ("onnx", "", "'onnx' is not a format"),
        ("gguf", "q4_k_m", "'q4_k_m' is not a format that is written here"),
        ("gguf-lora", "q8_0", "not written as q8_0"),
        ("peft", "f16", "no format of numbers"),
    ],
)
def test_what_is_not_written_is_refused_in_words(
    home: tuple[Garden, Project], tmp_path: Path, format: str, quant: str, what: str
) -> None:
    garden, project = home
    with pytest.raises(BadInput, match=what):
        garden.exports.start(project, "v1", format, tmp_path / "out", quant=quant)
    assert not garden.runs.all()


def test_where_the_base_is_gone_the_adapter_alone_is_offered(
    home: tuple[Garden, Project], tmp_path: Path
) -> None:
    garden, project = home
    (offer,) = garden.exports.formats(project, "v1")
    assert (offer.format, offer.bytes, offer.fidelity) == ("peft", 1_000, None)
    assert garden.exports.folder_of(project).is_relative_to(tmp_path / "data")


def a_base(folder: Path, rows: int) -> BaseModel:
    """A folder whose weights tell their size alone."""
    fields = {"model_type": "llama", "num_hidden_layers": 1, "hidden_size": 64,
              "num_attention_heads": 2, "vocab_size": 100, "intermediate_size": 128}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(fields))
    header = json.dumps(
        {"w": {"dtype": "F32", "shape": [rows, 1_000_000], "data_offsets": [0, 0]}}
    ).encode()
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    return BaseModel(
        "big", "base", "transformers", folder, 1, "ff", True, 512, "llama", folder,
        folder / "base.f32.gguf",
    )  # fmt: skip


def test_an_export_that_does_not_fit_is_refused_before_it_starts(tmp_path: Path) -> None:
    big = a_base(tmp_path, 10_000_000)
    with pytest.raises(MemoryShort, match="memory") as refusal:
        require_export_room(big, "q8_0", tmp_path, tmp_path)
    assert "export as peft" in refusal.value.hint
    small = a_base(tmp_path, 1)
    written = require_export_room(small, "q8_0", tmp_path / "new" / "folder", tmp_path)
    assert written == merged_bytes(small, "q8_0") == 1_062_500
    assert require_export_room(small, None, tmp_path, tmp_path) < written
    with_base = require_export_room(small, None, tmp_path, tmp_path, copies_base=True)
    assert with_base > 4_000_000
