"""What an adapter learns from is shown, chosen, exported and imported by a command."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.grown import Grown
from support.indexed import CODE, HOME, IndexedGardens
from support.served import place_base

from gardener_core.cli.main import run
from gardener_core.system.places import Places

BODY = "    for step in range({0}):\n        pour(step, {0})\n    return dry_after(step, {0})\n"
FILES = {
    f"pkg/m{n}.py": "".join(
        f'def water_{n}_{k}(pour, dry_after):\n    """Water bed {n} as often as {k} says."""\n'
        f"{BODY.format(n * 10 + k)}\n\n"
        for k in range(6)
    )
    for n in range(12)
} | {"vendor/theirs.py": "x = 1\n" * 40}


def test_rows_by_a_command(
    indexed: IndexedGardens,
    grown: Grown,
    base_gguf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    indexed.lay_out(tmp_path, FILES)
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / HOME))
    monkeypatch.setenv("GARDENER_MODELS__BASE", "seedling")
    monkeypatch.setenv("GARDENER_TRAINING__SEQUENCE_TOKENS", "128")
    places = Places.of_user()
    place_base(places, grown, base_gguf)

    def say(*words: str) -> tuple[int, str]:
        status = run(["data", CODE, *words])
        told = capsys.readouterr()
        return status, told.out + told.err

    file = tmp_path / "rows.jsonl"
    status, text = say("--rows", "3", "--list", "--export", str(file), "--json")
    told = json.loads(text)
    assert status == 0 and [stage["name"] for stage in told["stages"]][:2] == ["collect", "split"]
    assert all(stage.keys() >= {"name", "in", "out", "reasons"} for stage in told["stages"])
    assert told["stages"][0]["reasons"] == {"vendored": 1}
    assert len(told["preview"]) == 3 and told["rows"] == told["exported"]["rows"] > 3
    assert len(file.read_text().splitlines()) == told["rows"]
    missing = {share["share"]: share["missing"] for share in told["shares"]}
    assert "no chat template" in missing["answers"] or "too small" in missing["answers"]
    learned = {item["path"] for item in told["items"] if item["accepted"] and not item["symbol"]}
    one = min(learned)
    symbol = next(i["symbol"] for i in told["items"] if i["path"] == one and i["symbol"])

    status, text = say(
        "--reject", f"{one}::{symbol}", "--accept", "vendor/theirs.py", "--import", str(file),
        "--rows", "1",
    )  # fmt: skip
    assert status == 0 and "rejected by you 1" in text and "vendored" not in text
    assert f"Took {told['rows']:,} rows along" in text and "⟦" in text and "sprout" in text

    for wrong in (("--reject", "none.py"), ("--accept", f"{one}::nothing"), ("--undo", "none.py")):
        status, text = say(*wrong)
        assert status == 1 and "try:" in text
