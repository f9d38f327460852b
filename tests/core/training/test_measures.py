from pathlib import Path

import pytest
import torch

from gardener_core.models.reference import load_base
from gardener_core.models.store import Model
from gardener_core.models.tokens import TextTokens
from gardener_core.training.data import SourceFile
from gardener_core.training.measures import FileBits, ScoreSheet, bits_per_byte, score_files


def test_files_are_measured_alone_and_by_their_bytes(seedling: Model) -> None:
    model, tokens = load_base(seedling.path), TextTokens(seedling.path)
    text = "def größe(x):\n    return x  # 漢字\n"
    alone = score_files(model, tokens, [SourceFile("a.py", text)], 128)
    beside = [SourceFile("b.py", "import os\n"), SourceFile("renamed.py", text)]
    assert alone[0].bytes == len(text.encode()) > len(text)
    assert score_files(model, tokens, beside, 128)[1].bits == alone[0].bits
    assert alone[0].bits == pytest.approx(
        loss_by_transformers(model, tokens.encode(text)), rel=1e-5
    )


def test_the_mean_weighs_files_by_their_bytes() -> None:
    scores = [FileBits("a", 100.0, 50), FileBits("b", 10.0, 50)]
    assert bits_per_byte(scores) == 1.1


def test_a_score_sheet_keeps_both_times(tmp_path: Path) -> None:
    sheet = ScoreSheet(tmp_path, 128)
    before, after = (FileBits("a", 100.0, 50),), (FileBits("a", 90.5, 50),)
    assert sheet.read("before") is None
    sheet.keep("before", before)
    sheet.keep("after", after)
    assert (sheet.read("before"), sheet.read("after")) == (before, after)


@torch.no_grad()
def loss_by_transformers(model, ids: list[int]) -> float:
    read = torch.tensor([ids])
    mean = model(input_ids=read, labels=read).loss
    return (mean * (len(ids) - 1) / torch.log(torch.tensor(2.0))).item()
