"""Models from the command line: what can be had, got, checked, removed, brought back."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.pulled import DATA, SHA256
from support.served import place_base

from gardener_core.answers.explain.record import ExplainRecord, ExplainRecords, Share
from gardener_core.cli.main import run
from gardener_core.system.places import Places

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Say:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")

    def command(*words: str) -> tuple[int, str, str]:
        status = run(list(words))
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


def entry(places: Places, path: Path) -> None:
    places.config.mkdir(parents=True, exist_ok=True)
    places.own_models.write_text(
        '[[model]]\nname = "tiny"\nroles = ["complete"]\nlicence = "MIT"\n'
        f'file = [{{ name = "tiny.gguf", bytes = {len(DATA)}, sha256 = "{SHA256}" }}]\n'
        f'source = [{{ kind = "file", paths = ["{path}"] }}]\n\n[[model]]\nname = "bad"\n'
    )


def test_from_the_catalogue_to_the_trash_and_back(say: Say, tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(DATA)
    entry(Places.of_user(), path)
    listed = json.loads(say("models", "--all", "--json")[1])
    tiny = next(model for model in listed["models"] if model["name"] == "tiny")
    assert not tiny["here"] and tiny["licence"] == "MIT" and tiny["sha256"] == SHA256
    assert tiny.keys() >= {
        "name", "role", "format", "path", "bytes", "sha256", "trainable", "context", "licence",
        "parameters", "here", "fits", "sources",
    }  # fmt: skip
    assert tiny["fits"].keys() >= {"serve", "train"}
    assert tiny["sources"] == [{"kind": "file", "where": str(path)}]
    (problem,) = listed["problems"]
    assert "line 8" in problem and "the entry 'bad' is left out" in problem
    assert "line 8" in say("models", "--all")[1]

    lines = say("models", "pull", "tiny", "--json")[1].splitlines()
    events = {event["event"]: event for event in map(json.loads, lines)}
    assert events["Pulled"]["sha256"] == SHA256 and "Finished" in events
    assert "tiny is here already" in say("models", "pull", "tiny")[1]
    assert "whole" in say("models", "verify")[1]
    times = path.stat()
    path.write_bytes(DATA[:-1] + b"?")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    status, out, _ = say("models", "verify", "tiny")
    assert status == 1 and "damaged" in out
    assert say("models", "remove", "tiny")[0] == 0
    assert say("models", "restore", "tiny")[0] == 0
    status, _, err = say("models", "pull", "tiny", "--from", "hub")
    assert status == 1 and "has no source 'hub'" in err and "It has file" in err
    status, _, err = say("models", "pull", "nix")
    assert status == 1 and "gardener models --all" in err


def test_figures_of_an_explainer_stand_beside_its_name(
    say: Say, grown: Any, base_gguf: Path
) -> None:
    places = Places.of_user()
    place_base(places, grown, base_gguf)
    (model,) = (
        one for one in json.loads(say("models", "--json")[1])["models"] if "explains" in one
    )
    assert model["explains"]["standing"] == "not measured"
    few = Share.of(1, 10)
    record = ExplainRecord("seedling", model["sha256"], "", "p", 1.0, few, few, few, few)
    file = ExplainRecords(places).keep(record)
    shown = say("models")[1]
    assert "failed" in shown and "facts kept 10%" in shown
    (model,) = (
        one for one in json.loads(say("models", "--json")[1])["models"] if "explains" in one
    )
    explains = model["explains"]
    assert explains["standing"] == "failed" and explains["file"] == str(file)
    assert explains["facts_kept"] == {"value": 0.1, "n": 10, "low": few.low, "high": few.high}
    assert "asked" not in explains and "completes code and does not explain" in explains["why"]
