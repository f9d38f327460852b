"""Deploying ends with a model that answers, or leaves what was deployed as it was."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.deployable import Deployable, lay_out, tiny_files
from support.ollama_double import CREATING, Generation, OllamaDouble
from support.ollama_held import a_coder
from support.ollama_registry import Fault

from gardener_core.errors import (
    Damaged,
    GardenError,
    GateClosed,
    ModelUnfit,
    OllamaBrokeOff,
    OllamaDiskFull,
    OllamaDown,
    OllamaRefused,
    OllamaTooOld,
)
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.sentences import sentence
from gardener_core.models.gguf.header import read_gguf_facts


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    double = OllamaDouble()
    monkeypatch.setenv("OLLAMA_HOST", double.host)
    yield double
    double.close()


@pytest.fixture
def garden(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Deployable:
    return lay_out(tiny_files(tmp_path_factory), tmp_path / "home")


@pytest.mark.parametrize("generation", CREATING)
def test_a_version_is_merged_uploaded_made_and_asked(
    garden: Deployable, server: OllamaDouble, generation: Generation, tmp_path: Path
) -> None:
    server.generation, server.version = generation, generation
    events = garden.events(measures=generation == CREATING[-1])
    phases = list(dict.fromkeys(one.phase for one in events if isinstance(one, PhaseAdvanced)))
    wanted = ["looking", "writing", "uploading", "creating", "asking", "saving"]
    assert [phase for phase in phases if phase in wanted] == wanted
    (asked,) = server.registry.created
    assert asked["model"] == "web:v1" and not {"adapters", "quantize"} & asked.keys()
    assert asked["parameters"] == {"num_ctx": 512, "stop": ["<|eos|>"]}
    assert asked["template"].startswith("{{ if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>")
    assert "{{ else }}{{ if not .System }}<|file|>system: be brief\n{{ end }}" in asked["template"]
    (digest,) = asked["files"].values()
    (tmp_path / "merged.gguf").write_bytes(server.registry.blobs[digest])
    facts = read_gguf_facts(tmp_path / "merged.gguf")
    assert facts.values["general.file_type"] == 7 and "tokenizer.chat_template" in facts.values
    done = events[-1]
    assert done.route == "merged" and done.latest == "web:latest" and not done.rollback
    assert server.held["web:latest"].digest == server.held["web:v1"].digest == done.digest
    (kept,) = garden.deployments.all()
    assert (kept.model, kept.digest, f"sha256:{kept.sha256}") == ("web:v1", done.digest, digest)
    assert "Deployed v1 as web:latest (merged, q8_0" in sentence(done)
    assert done.fidelity.passes and done.fidelity.positions > 100
    assert ("comparing" in phases) == (generation == CREATING[-1])
    assert not list(garden.places.run("run-v1").rglob("*.gguf")), "the server has it now"


def test_the_one_before_is_kept_and_what_is_there_is_not_sent_again(
    garden: Deployable, server: OllamaDouble
) -> None:
    first = garden.deploy("v1")
    second = garden.deploy("v2")
    assert second.rollback == "web:rollback" and first.digest != second.digest
    assert server.held["web:rollback"].digest == first.digest
    assert server.held["web:latest"].digest == second.digest
    again = garden.deploy("v1", "another run")
    assert len(server.registry.uploads) == 2, "the bytes of v1 are there"
    assert again.digest == first.digest and again.sha256 == first.sha256
    assert server.held["web:rollback"].digest == second.digest


@pytest.mark.parametrize(
    ("generation", "route"), [("0.24.0", "beside"), ("0.32.0", "beside"), ("0.34.2", "merged")]
)
def test_the_adapter_goes_beside_the_base_only_where_server_and_setting_allow(
    garden: Deployable, server: OllamaDouble, generation: Generation, route: str
) -> None:
    server.generation, server.version = generation, generation
    events = garden.events(beside=True)
    assert events[-1].route == route
    assert bool(server.registry.created[-1].get("adapters")) == (route == "beside")
    said = [one.text for one in events if isinstance(one, Noted)]
    assert any("gets the merged model" in text for text in said) == (route == "merged")


def test_a_server_that_refuses_adapters_though_its_version_has_them_gets_the_merged_model(
    garden: Deployable, server: OllamaDouble
) -> None:
    server.version = "0.32.0"  # the double still refuses as 0.34.2
    events = garden.events(beside=True)
    assert events[-1].route == "merged" and len(server.registry.created) == 2
    said = [one.text for one in events if isinstance(one, Noted)]
    assert any("no longer supported" in text for text in said)
    assert any("gets the merged model" in text for text in said)


FAULTS: list[tuple[Fault, type[GardenError], str]] = [
    ("disk full", OllamaDiskFull, "no room on its disk"),
    ("upload breaks off", OllamaBrokeOff, "broke off"),
    ("error inside", OllamaRefused, "unsupported architecture"),
    ("cut", OllamaBrokeOff, "ended too early"),
    ("unknown blob", OllamaRefused, "unknown blob"),
    ("dies after", OllamaDown, "does not answer"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), FAULTS)
def test_what_fails_leaves_the_one_before_and_goes_on_later(
    garden: Deployable,
    server: OllamaDouble,
    fault: Fault,
    kind: type[GardenError],
    words: str,
) -> None:
    first = garden.deploy("v1")
    server.registry.fault = fault
    with pytest.raises(kind, match=words):
        garden.events("v2")
    assert server.held["web:latest"].digest == first.digest
    assert [one.version for one in garden.deployments.all()] == ["v1"]
    server.registry.fault, server.registry.is_dead = "", False
    assert garden.deploy("v2").rollback == "web:rollback"  # the same run, resumed
    assert server.held["web:rollback"].digest == first.digest


def test_a_disk_that_fills_up_while_the_model_is_made_is_told(
    garden: Deployable, server: OllamaDouble
) -> None:
    garden.deploy("v1")
    server.held.pop("web:v1")
    server.registry.fault = "disk full"  # the bytes are there, what is made of them has no room
    with pytest.raises(OllamaDiskFull):
        garden.events("v1", "another run")


def test_a_server_that_is_down_or_too_old_is_told_before_any_work(
    garden: Deployable, server: OllamaDouble
) -> None:
    server.version = "0.5.1"
    with pytest.raises(OllamaTooOld):
        garden.events()
    server.close()
    with pytest.raises(OllamaDown):
        garden.events()
    assert not (garden.places.run("run-v1") / "begun").exists()


@pytest.mark.parametrize("name", ["web:v1", "web:latest"])
def test_a_name_that_somebody_else_has_is_refused_before_any_work(
    garden: Deployable, server: OllamaDouble, name: str
) -> None:
    server.held[name] = replace(a_coder(), name=name)
    with pytest.raises(OllamaRefused, match=f"has a model {name} that was not deployed from here"):
        garden.events()
    assert not server.registry.created


def test_a_model_that_answers_nothing_does_not_become_the_latest(
    garden: Deployable, server: OllamaDouble
) -> None:
    first = garden.deploy("v1")
    server.behaviours = ["500"]
    with pytest.raises(OllamaRefused):
        garden.events("v2")
    assert server.held["web:latest"].digest == first.digest
    server.behaviours = ["whole"]
    assert garden.deploy("v2", "a later run").rollback == "web:rollback", "its names are ours"


def test_only_a_whole_adapter_that_passed_is_deployed(
    garden: Deployable, server: OllamaDouble
) -> None:
    with pytest.raises(GateClosed, match="v3 has not passed the gate: not measured"):
        garden.events("v3")
    assert garden.events("v3", reason="to try it")[-1].version == "v3"
    weights = garden.places.adapters(garden.project.id) / "v1" / "adapter_model.safetensors"
    os.truncate(weights, 100)
    with pytest.raises(Damaged):
        garden.events("v1")


def test_a_model_that_is_not_faithful_is_never_uploaded(
    garden: Deployable, server: OllamaDouble
) -> None:
    box = garden.places.run("run-v1") / "export"
    shutil.copytree(garden.boxes / "v1", box)
    (path,) = box.glob("*.q8_0.gguf.fidelity.json")
    fields = json.loads(path.read_text())
    fields["fidelity"] |= {"problems": ["prompts"], "prompts_differing": 3}
    path.write_text(json.dumps(fields))
    with pytest.raises(ModelUnfit, match="does not answer as the trained model does"):
        garden.events()
    assert not server.registry.uploads and not server.registry.created
