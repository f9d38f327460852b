"""Another embedder by commands: what it costs, and whether it can be had."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.indexed import IndexedGardens
from support.ollama_double import OllamaDouble

from gardener_core.cli.main import run
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.fusion_weights import Weight
from gardener_core.system.places import Places

OLLAMA = "ollama:nomic-embed-text"
CODE = "class Session:\n    def refresh_token(self):\n        return rotate(self)\n"


class Face:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.said = ""

    def __call__(self, *arguments: str, status: int = 0) -> str:
        found = run(list(arguments))
        told = self._capsys.readouterr()
        self.said = told.err
        assert found == status, told
        return told.out

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*arguments, "--json").splitlines()]


@pytest.fixture
def web(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    indexed: IndexedGardens,
) -> Face:
    indexed.lay_out(tmp_path, {"session.py": CODE})
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return Face(capsys)


@pytest.mark.long
def test_cost_comes_first_and_nothing_changes_without_a_yes(
    web: Face, ollama: OllamaDouble
) -> None:
    told = web("index", "web", "--embedder", OLLAMA)
    assert told.startswith(f"{OLLAMA}@{ollama.digest[:12]}: 2 chunks, about ")
    assert "(measured on 2)" in told and "Nothing was changed" in told
    assert "static-1" in web("config", "--project", "web", "search.embedder")
    (tried,) = web.events("index", "web", "--embedder", OLLAMA)
    assert (tried["event"], tried["chunks"], tried["known"]) == ("EmbedderTried", 2, 2)
    assert tried["bytes"] == 2 * 32 * 4  # kept already: the table alone
    tried, *events = web.events("index", "web", "--embedder", OLLAMA, "--yes")
    (changed,) = (event for event in events if event["event"] == "EmbedderChanged")
    assert (changed["before"], changed["dimensions"]) == ("static-1", 32)
    assert web.events("search", "web", "refresh token")[0]["note"] == ""
    told = web("index", "web", "--embedder", "static-1", "--yes")
    assert "static-1 answers now: 2 chunks" in told


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        ("nix", "search.embedder is static-1, ollama:MODEL"),
        ("gguf:/nix.gguf", "no file /nix.gguf"),
        ("ollama:bge-m3", "no model bge-m3"),
        ("nomic:hosted", "code may not leave"),
    ],
)
def test_what_cannot_be_had_is_an_error_and_changes_nothing(
    web: Face, ollama: OllamaDouble, wanted: str, what: str
) -> None:
    web("index", "web", "--embedder", wanted, "--yes", status=1)
    assert what in web.said
    assert "static-1" in web("config", "--project", "web", "search.embedder")


def test_settings_take_only_what_names_an_embedder(web: Face) -> None:
    for good in (OLLAMA, "gguf:~/a b.gguf", "folder:/a", "nomic:local", "static-1"):
        web("config", "--project", "web", "search.embedder", good)
    for bad in ("nomic:dynamic", "gguf:a.gguf", "ollama:", "static-2", "gguf:/a.bin"):
        web("config", "--project", "web", "search.embedder", bad, status=1)


def test_that_code_may_leave_is_looked_up_later(web: Face) -> None:
    web("config", "--project", "web", "search.code_may_leave", "true")
    web("config", "search.code_may_leave", "true")
    web("config", "--project", "web", "--unset", "search.code_may_leave")
    (told,) = web.events("audit")
    entries = [e["detail"] for e in told["entries"] if e["action"] == "code may leave"]
    assert entries == [
        "search.code_may_leave = true",
        "search.code_may_leave = true",
        "search.code_may_leave = as in the file",
    ]


def test_models_tell_which_embedders_can_be_had(web: Face, ollama: OllamaDouble, tiny) -> None:
    web("config", "--project", "web", "search.embedder", f"gguf:{tiny.gguf}")
    (told,) = web.events("models", "--project", "web")
    seen = {model["name"]: model for model in told["models"] if model["role"] == "embedder"}
    assert list(seen) == ["static-1", OLLAMA, "nomic:local", "nomic:hosted", f"gguf:{tiny.gguf}"]
    assert [model["usable"] for model in seen.values()] == [True, True, False, False, True]
    assert "gpt4all" in seen["nomic:local"]["why"]
    assert (seen[OLLAMA]["context"], seen[OLLAMA]["bytes"]) == (128, 274302450)
    assert seen[f"gguf:{tiny.gguf}"]["bytes"] == tiny.gguf.stat().st_size
    assert (seen["static-1"]["weight"], seen[OLLAMA]["weight"]) == (0.5, 0.7)
    assert "0.5 (assumed)" in web("models", "--project", "web")
    ollama.close()
    web("config", "--project", "web", "search.embedder", OLLAMA)
    assert f"{OLLAMA} cannot be used: Ollama does not answer" in web("models")


def test_models_tell_what_each_embedder_was_measured_to_count(
    web: Face, ollama: OllamaDouble, tiny
) -> None:
    web("config", "--project", "web", "search.embedder", f"gguf:{tiny.gguf}")
    (project,) = (project["id"] for project in web.events("projects")[0]["projects"])
    weights = Catalog(Places.of_user().catalog(project)).weights
    weights.put(Weight("static-1", 0.35, "2026-11-20T10:00:00Z", 133, "a.jsonl"))
    weights.put(
        Weight(f"{OLLAMA}@{ollama.digest[:12]}", 0.0, "2026-11-20T10:00:00Z", 99, "b.jsonl")
    )
    weights.put(Weight(f"gguf:{tiny.gguf.name}@0123456789ab", 0.7, "2026-11-20T10:00:00Z", 88, "c"))
    told = web("models", "--project", "web")
    assert "0.35 (measured on 133 questions to web)" in told
    assert "0: it did not help on 99 questions to web" in told
    assert "0.7 (measured on 88 questions to web)" in told
    seen = {model["name"]: model for model in web.events("models", "--project", "web")[0]["models"]}
    assert (seen[OLLAMA]["weight"], seen[OLLAMA]["measured"]["record"]) == (0.0, "b.jsonl")
    assert seen["nomic:hosted"]["measured"] is None
    ollama.digest = "9" * 64  # another model of that name was not measured
    assert "0.7 (assumed)" in web("models", "--project", "web")
