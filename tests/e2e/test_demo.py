"""The whole way at its smallest size, on real parts, offline."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.grown import grown_seedling

from gardener_core.system.places import Places

CODE = "from gardener_core.cli.main import main; main()"
OFFLINE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}


def gardener(home: Path, *arguments: str) -> list[dict]:
    answer = subprocess.run(
        [sys.executable, "-c", CODE, *arguments, "--json"],
        env={**os.environ, **OFFLINE, "GARDENER_HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_demo_walks_from_a_folder_to_a_completion(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    model = grown_seedling(tmp_path_factory).model
    places = Places.of_user({"GARDENER_HOME": str(tmp_path)})
    shutil.copytree(model.folder, places.models / model.name)
    events = gardener(tmp_path, "demo", "--steps", "10")
    told = {event["event"]: event for event in events}
    kinds = [event["kind"] for event in events if event["event"] == "StepDone"]
    assert set(kinds) == {"train"} and 10 < len(kinds) <= 2 * 10, "the control, then the project"
    assert any("fixture" in event["text"] for event in events if event["event"] == "Noted")

    assert told["Indexed"]["files"] > 100 and told["Indexed"]["chunks"] > 500
    assert told["Retrieved"]["hits"][0]["symbol"] == "swap_folder"
    assert told["Answered"]["found"] and told["Answered"]["citations"]

    *_, before, after, control = (event for event in events if event["event"] == "Scored")
    assert [event["when"] for event in (before, after, control)] == ["before", "after", "control"]
    assert before["n"] == after["n"] == control["n"] > 5
    assert before["n"] == told["Planned"]["held_out_files"], "all are scored"
    assert control["value"] != after["value"]
    # The full demo measures a gain, on the starter; the fixture learns next to nothing.
    assert all(0 < event["value"] < 8 for event in (before, after))

    assert told["Saved"]["version"] == "v1" and told["Saved"]["bytes"] > 100_000
    fidelity = told["Exported"]["fidelity"]
    assert fidelity["positions"] > 100 and fidelity["token_texts_differing"] == 0
    assert max(fidelity["worst_base"], fidelity["worst_adapter"]) < 1e-4
    assert all(
        Path(file["path"]).stat().st_size == file["bytes"] for file in told["Exported"]["files"]
    )
    completed = [event for event in events if event["event"] == "Completed"]
    assert [event["adapter"] for event in completed] == ["v1", ""]

    (listed,) = gardener(tmp_path, "adapters", "demo")
    assert [(a["version"], a["active"]) for a in listed["adapters"]] == [("v1", True)]
    held_out = listed["adapters"][0]["held_out"]
    assert held_out["control"] == pytest.approx(control["value"], abs=1e-6)
    assert held_out["low"] < held_out["after"] / held_out["before"] - 1 < held_out["high"]
    (models,) = gardener(tmp_path, "models")
    bases = [model["name"] for model in models["models"] if model["role"] == "base"]
    assert bases == ["seedling"]
    (runs,) = gardener(tmp_path, "runs", "demo")
    assert {run["state"] for run in runs["runs"]} == {"finished"}
