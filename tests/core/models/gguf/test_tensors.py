"""Tensors of a GGUF file are read as the gguf package reads them."""

from pathlib import Path

import gguf
import numpy
import pytest

from gardener_core.errors import ModelUnfit
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.gguf.tensors import dequantised_rows, read_tensor

ROWS, WIDTH = 7, 512
KINDS = tuple(
    gguf.GGMLQuantizationType[name]
    for name in (
        "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K",
        "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS",
    )
)  # fmt: skip


@pytest.fixture(params=[32, 4096])
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A file with a tensor of each kind, of any bytes, and a list of texts before them."""
    path, draw = tmp_path / "kinds.gguf", numpy.random.default_rng(0)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_custom_alignment(request.param)
    writer.add_token_list(["a", "bc", "déf"])
    for kind in KINDS:
        block, size = gguf.GGML_QUANT_SIZES[kind]
        data = draw.integers(0, 256, (ROWS, WIDTH // block * size), numpy.uint8)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
    writer.add_tensor("flat", numpy.arange(5, dtype=numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_each_kind_is_dequantised_to_the_bit(path: Path) -> None:
    facts, reader = read_gguf_facts(path), gguf.GGUFReader(path)
    assert [entry.size for entry in facts.tensors.values()] == [
        tensor.n_elements for tensor in reader.tensors
    ]
    with numpy.errstate(all="ignore"), path.open("rb") as file:
        for tensor in reader.tensors:
            expected = gguf.dequantize(tensor.data, tensor.tensor_type)
            read = read_tensor(path, facts, tensor.name)
            assert read.shape == expected.shape
            assert read.tobytes() == expected.tobytes(), tensor.name
            entry = facts.tensors[tensor.name]
            parts = list(dequantised_rows(file, facts.data_start, entry, 2 * WIDTH))
            assert b"".join(part.tobytes() for part in parts) == expected.tobytes()
            assert len(parts) == (1 if tensor.name == "flat" else 4)


def test_a_cut_file_and_an_unknown_kind_are_refused(path: Path) -> None:
    whole = path.read_bytes()
    facts = read_gguf_facts(path)
    path.write_bytes(whole[: facts.data_start + facts.tensors["flat"].offset + 10])
    with pytest.raises(ModelUnfit, match="cannot be read"):
        read_tensor(path, facts, "flat")
    place = whole.index(b"Q4_0") + 4 + 4 + 2 * 8  # after the name, the count and both widths
    path.write_bytes(whole[:place] + (99).to_bytes(4, "little") + whole[place + 4 :])
    with pytest.raises(ModelUnfit, match="cannot be read"):
        read_tensor(path, read_gguf_facts(path), "Q4_0")
