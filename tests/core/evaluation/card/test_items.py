"""Items are kept as lines, and a card's figures are those of its items."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from support import recomputed
from support.measured import a_file, a_statement

from gardener_core.errors import Damaged
from gardener_core.evaluation.card.composing import arms_of, differences_of, gate_figures, search_of
from gardener_core.evaluation.card.gate import gate_of
from gardener_core.evaluation.card.item_text import item_text, item_title
from gardener_core.evaluation.card.items import Item, Outcome, item_line, read_items

ITEMS = [
    *(a_file(f"src/{n}.py", base=100 + n, adapter=80 + 2 * n, control=97 + n) for n in range(9)),
    *(a_statement(f"src/{n}.py", n, adapter_right=n % 3 != 0) for n in range(16)),
]


def test_items_survive_the_way_through_a_file(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(b"".join(item_line(item) + b"\n" for item in ITEMS))
    assert list(read_items(path)) == ITEMS


def test_a_line_that_a_kill_cut_short_is_left_out_and_a_damaged_one_is_told(
    tmp_path: Path,
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(item_line(ITEMS[0]) + b"\n" + item_line(ITEMS[1])[:40])
    assert list(read_items(path)) == [ITEMS[0]]
    path.write_bytes(b'{"measure": "dreams"}\n')
    with pytest.raises(Damaged, match="cannot be read"):
        list(read_items(path))


def test_a_card_has_the_figures_that_a_script_of_an_outsider_finds(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(b"".join(item_line(item) + b"\n" for item in ITEMS))
    run = [sys.executable, "-I", str(Path(recomputed.__file__)), str(path)]
    found = json.loads(subprocess.run(run, capture_output=True, check=True).stdout)
    assert len(found) == 13
    arms = asdict(arms_of(list(read_items(path))))
    for name, value in found.items():
        arm, measure = name.split()
        assert arms[arm][measure]["mean"] == pytest.approx(value, abs=1e-12), name


def test_pairs_are_compared_on_the_items_that_both_were_given() -> None:
    alone = Item("bits_per_byte", "z.py", 1, "python", 100, 9, "", arms={"base": Outcome(1e9)})
    pairs = {(one.measure, one.arm, one.against): one for one in differences_of([*ITEMS, alone])}
    own = pairs["bits_per_byte", "adapter", "base"]
    assert own.relative and own.figure.n == 9
    assert own.figure.mean == pytest.approx(sum(80 + 2 * n for n in range(9)) / 936 - 1)
    exact = pairs["exact_match", "adapter_context", "base_context"].figure
    assert exact.mean == pytest.approx(10 / 16) and exact.files == 16


def test_the_gate_of_these_items_passes_and_of_a_control_as_good_it_fails() -> None:
    assert gate_of(gate_figures(ITEMS, 0, "")).verdict == "inconclusive", "no foreign code"
    foreign = [a_file(f"f{n}.py", 100, 101, measure="foreign") for n in range(8)]
    assert gate_of(gate_figures([*ITEMS, *foreign], 0, "")).verdict == "pass"
    stolen = [a_file(f"{n}.py", 100, 80, control=80) for n in range(9)]
    gate = gate_of(gate_figures([*stolen, *foreign], 0, ""))
    assert [one.name for one in gate.conditions if one.verdict == "fail"] == ["specificity"]


def test_search_is_judged_where_there_is_something_to_find() -> None:
    found = search_of(ITEMS)
    assert found is not None and found.mrr.n == 16
    assert (found.recall_1.mean, found.recall_5.mean) == (0.25, 0.75)


def test_an_item_shows_prompt_expected_and_every_arm() -> None:
    text = item_text(ITEMS[-2])
    for words in ("def before", "expected", "value = compute(14)", "base + context", "exact"):
        assert words in text
    assert "invented wrong_name" in text and "stands at 5" in text
    assert item_title(ITEMS[0]).strip().startswith("-20.0%")
