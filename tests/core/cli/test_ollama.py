"""Ollama's models from the command line: listed, shown, pulled as a run, deleted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.ollama_double import CODER, OllamaDouble

from gardener_core.cli.main import run


class Say:
    def __init__(self, capsys: Any) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        status = run(list(words))
        told = self._capsys.readouterr()
        return status, told.out, told.err


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OllamaDouble]:
    double = OllamaDouble()
    monkeypatch.setenv("OLLAMA_HOST", double.host)
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    yield double
    double.close()


@pytest.fixture
def say(double: OllamaDouble, capsys: Any) -> Say:
    return Say(capsys)


def test_from_its_library_to_deleted(say: Say, double: OllamaDouble) -> None:
    listed = json.loads(say("models", "--json")[1])
    coder = next(model for model in listed["models"] if model["name"] == f"ollama:{CODER}")
    assert coder.keys() >= {
        "name", "role", "format", "path", "bytes", "sha256", "trainable", "context",
    }  # fmt: skip
    assert (coder["format"], coder["bytes"]) == ("ollama", 986061892)
    assert listed["ollama"]["state"] == "up"
    assert [model["name"] for model in listed["models"]].count("ollama:nomic-embed-text") == 1

    lines = say("models", "pull", "ollama:tiny", "--json")[1].splitlines()
    events = {event["event"]: event for event in map(json.loads, lines)}
    assert events["Pulled"]["model"] == "ollama:tiny" and events["Pulled"]["fetched"] == 300_000
    assert "Finished" in events
    shown = say("models", "show", "ollama:tiny")[1]
    assert "llama, 1M, Q4_1, completes code" in shown and "Apache License" in shown

    status, _, err = say("models", "remove", "ollama:tiny")
    assert status == 1 and "for good" in err and "--yes" in err and double.deleted == []
    assert say("models", "remove", "ollama:tiny", "--yes")[1] == "Ollama deleted ollama:tiny.\n"
    assert double.deleted == ["tiny:latest"]
    status, _, err = say("models", "show", "ollama:tiny")
    assert status == 1 and "gardener models pull ollama:tiny" in err


def test_a_model_of_the_catalogue_is_shown_too(say: Say) -> None:
    shown = json.loads(say("models", "show", "smollm2-135m", "--json")[1])["model"]
    assert shown["licence"] == "Apache-2.0" and not shown["here"]
    status, _, err = say("models", "show", "nix")
    assert status == 1 and "gardener models --all" in err


def test_a_server_that_is_away_is_said_and_the_rest_is_listed(
    say: Say, double: OllamaDouble
) -> None:
    double.close()
    status, out, _ = say("models")
    assert status == 0 and "static-1" in out
    assert f"Ollama does not answer at {double.host}" in " ".join(out.split())
    assert json.loads(say("models", "--json")[1])["ollama"]["state"] == "down"


def test_what_came_before_a_break_off_is_given_as_data_too(
    say: Say, double: OllamaDouble, tmp_path: Path
) -> None:
    (tmp_path / "web").mkdir()
    assert say("add", str(tmp_path / "web"), "--no-index")[0] == 0
    assert say("config", "models.base", f"ollama:{CODER}")[0] == 0
    double.behaviours = ["died"]
    status, out, _ = say("complete", "web", "x = 1", "--json")
    first, *_, last = map(json.loads, out.splitlines())
    assert status == 1 and first == {"text": "def main", "ended": "broken off"}
    assert "error" in last
