"""Held-out files are scored in bits per byte, alone, and resumably."""

import json
from pathlib import Path

import pytest
import torch
from support.draining import result_of

from gardener_core.errors import StopRequested
from gardener_core.evaluation.bits_per_byte import FileBits, ScoreSheet, Scoring, bits_per_byte
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.loading import load_base
from gardener_core.system.interrupts import Interruptible

LONG_ENOUGH = 2000  # characters; several windows


def scoring_of(seedling: BaseModel, files: list[SourceFile], folder: Path, window: int = 128):
    tokens, sheet = TextTokens(seedling.path), ScoreSheet(folder, window)
    return Scoring("before", files, tokens, window, sheet, Interruptible())


def test_files_are_measured_alone_and_by_their_bytes(seedling: BaseModel, tmp_path: Path) -> None:
    model, tokens = load_base(seedling.path), TextTokens(seedling.path)
    text = "def größe(x):\n    return x  # 漢字\n"
    (alone,) = result_of(scoring_of(seedling, [SourceFile("a.py", text)], tmp_path).scores(model))
    beside = [SourceFile("b.py", "import os\n"), SourceFile("renamed.py", text)]
    both = result_of(scoring_of(seedling, beside, tmp_path).scores(model))
    assert alone.bytes == len(text.encode()) > len(text)
    assert both[1].bits == alone.bits
    assert alone.bits == pytest.approx(loss_by_transformers(model, tokens.encode(text)), rel=1e-5)


def test_the_mean_weighs_files_by_their_bytes() -> None:
    scores = [FileBits("a", 100.0, 50), FileBits("b", 10.0, 50)]
    assert bits_per_byte(scores) == 1.1


def test_a_score_sheet_keeps_both_times(tmp_path: Path) -> None:
    sheet = ScoreSheet(tmp_path, 128)
    before, after = (FileBits("a", 100.0, 50),), (FileBits("a", 90.5, 50),)
    assert sheet.read("before") is None
    sheet.keep("before", before)
    sheet.keep_unfinished("after", after)
    assert (sheet.read("after"), sheet.unfinished("after")) == (None, after)
    sheet.keep("after", after)
    assert (sheet.read("before"), sheet.read("after")) == (before, after)
    assert sheet.unfinished("after") == ()


def test_scoring_that_was_stopped_goes_on_to_the_very_same_numbers(
    seedling: BaseModel, sources: tuple[SourceFile, ...], tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("gardener_core.system.pace.REPORT_SECONDS", 0.0)
    model = load_base(seedling.path)
    files = [SourceFile(file.path, file.text[:LONG_ENOUGH]) for file in sources[:4]]
    (tmp_path / "whole").mkdir()
    whole = result_of(scoring_of(seedling, files, tmp_path / "whole").scores(model))
    first = scoring_of(seedling, files, tmp_path).scores(model)
    while not (isinstance(told := next(first), PhaseAdvanced) and told.path == files[2].path):
        pass
    with pytest.raises(StopRequested):
        first.throw(StopRequested("enough"))
    kept = json.loads((tmp_path / "scores.json").read_text())
    assert [item["path"] for item in kept["unfinished"]["before"]] == [f.path for f in files[:2]]
    again = scoring_of(seedling, files, tmp_path).scores(model)
    begun = next(again)
    assert 0 < begun.done < begun.total
    assert result_of(again) == whole


def test_scoring_tells_how_far_it_is_within_a_file_too(
    seedling: BaseModel, sources: tuple[SourceFile, ...], tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("gardener_core.system.pace.REPORT_SECONDS", 0.0)
    longest = max(sources, key=lambda file: len(file.text))
    some = SourceFile(longest.path, longest.text[: 2 * LONG_ENOUGH])
    told = list(scoring_of(seedling, [some], tmp_path).scores(load_base(seedling.path)))
    done = [event.done for event in told]
    assert done == sorted(done) and len(set(done)) > 5
    assert (done[0], done[-1]) == (0, told[-1].total)
    assert {event.unit for event in told} == {"tokens"}


@torch.no_grad()
def loss_by_transformers(model, ids: list[int]) -> float:
    read = torch.tensor([ids])
    mean = model(input_ids=read, labels=read).loss
    return (mean * (len(ids) - 1) / torch.log(torch.tensor(2.0))).item()
