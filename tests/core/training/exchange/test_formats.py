"""Rows leave for other trainers and come back with the same mask."""

import json
from pathlib import Path

import pytest

from gardener_core.errors import BadInput
from gardener_core.training.data.kept.folder import row_line
from gardener_core.training.data.kept.row import DataRow, Origin, Segment
from gardener_core.training.exchange.files import export_rows, import_rows
from gardener_core.training.exchange.formats import FORMATS, Format

ASKED = (("system", "You explain."), ("user", "what is a bed"), ("assistant", "A bed. [1]"))
CHAT = DataRow(
    "answers", "doc", Origin("bed.py", 3, 9, "Bed", "abc123"),
    (Segment("<|im_start|>", False, True), Segment("what is a bed", False),
     Segment("A bed. [1]", True), Segment("<|im_end|>", True, True)),
    turns=ASKED,
)  # fmt: skip
CODE = DataRow(
    "code", "file", Origin("größe.py", 1, 2),
    (Segment("größe.py\n", False), Segment("x = 1\n", True), Segment("# read\n", False)),
)  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_the_round_trip_keeps_mask_turns_and_source(format: Format, tmp_path: Path) -> None:
    file, target = tmp_path / "rows.json", tmp_path / "imported.jsonl"
    assert export_rows([CHAT, CODE], file, format) == 2
    assert import_rows(file, target).rows == 2
    chat, code = [DataRow.from_json(json.loads(line)) for line in target.open()]
    for row, was in ((chat, CHAT), (code, CODE)):
        assert (row.segments, row.turns, row.origin) == (was.segments, was.turns, was.origin)
        assert row.share == "imported"
    info = json.loads((tmp_path / "dataset_info.json").read_text())["rows"]
    record = json.loads(file.read_text().splitlines()[0])
    named = [name for name in info["columns"].values() if name not in ("", "input")]
    assert info["file_name"] == "rows.json" and set(named) <= record.keys()


def test_foreign_files_are_taken_as_their_formats_mean_them(tmp_path: Path) -> None:
    records = [
        {"instruction": "say", "input": "it", "output": "it"},
        {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]},
        {"messages": [{"role": "user", "content": "a"}]},
        {"messages": [{"role": "user", "content": "k"},
                      {"role": "assistant", "content": "AKIAQWERTYUIOPASDFGH"}]},
        {"text": "no format"},
    ]  # fmt: skip
    file, target = tmp_path / "list.json", tmp_path / "imported.jsonl"
    file.write_text(json.dumps(records))
    taken = import_rows(file, target)
    assert taken.rows == 2
    assert taken.reasons == {
        "It has no answer to learn.": 1, "It holds a secret.": 1, "It is of no known format.": 1,
    }  # fmt: skip
    first, second = [DataRow.from_json(json.loads(line)) for line in target.open()]
    assert first.turns == (("user", "say\nit"), ("assistant", "it")) and second.segments == ()


@pytest.mark.parametrize("content", ["", "[1, 2]", "not json", '{"a": 1}', "[" * 100_000])
def test_a_file_without_rows_is_refused_and_changes_nothing(content: str, tmp_path: Path) -> None:
    file, target = tmp_path / "odd.json", tmp_path / "imported.jsonl"
    file.write_text(content)
    target.write_bytes(row_line(CODE))
    with pytest.raises(BadInput):
        import_rows(file, target)
    assert target.read_bytes() == row_line(CODE)
