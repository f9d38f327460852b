"""Deployed models are listed as the server has them, rolled back there, and taken away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.deployable import Deployable, lay_out, tiny_files
from support.ollama_double import CREATING, Generation, OllamaDouble

from gardener_core.answers.completion import Completer
from gardener_core.answers.requests import CompleteRequest
from gardener_core.cli.main import run
from gardener_core.errors import BadInput, GateClosed, OllamaDown, OllamaModelMissing
from gardener_core.events.answer import Completed
from gardener_core.garden.door import Garden, open_garden
from gardener_core.garden.run_specs import own_base
from gardener_core.garden.versions.deployments import DeployedModel
from gardener_core.jobs.spec import DeploySpec, read_spec


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    double = OllamaDouble()
    monkeypatch.setenv("OLLAMA_HOST", double.host)
    yield double
    double.close()


@pytest.fixture
def made(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Deployable:
    return lay_out(tiny_files(tmp_path_factory), tmp_path / "home")


@pytest.fixture
def garden(made: Deployable) -> Iterator[Garden]:
    garden = open_garden(made.places)
    yield garden
    garden.close()


def states(models: tuple[DeployedModel, ...]) -> dict[str, tuple[bool | None, bool, bool]]:
    return {one.deployment.version: (one.here, one.latest, one.rollback) for one in models}


@pytest.mark.parametrize("generation", CREATING)
def test_a_deployment_is_rolled_back_and_forward_and_taken_away(
    garden: Garden, made: Deployable, server: OllamaDouble, generation: Generation
) -> None:
    server.generation, server.version = generation, generation
    made.deploy("v1")
    with pytest.raises(OllamaModelMissing, match="keeps no model from before web:latest"):
        garden.deployments.roll_back(made.project)
    made.deploy("v2")
    listed = garden.deployments.all(made.project)
    assert listed.status.version == generation
    assert states(listed.models) == {"v2": (True, True, False), "v1": (True, False, True)}
    assert garden.deployments.roll_back(made.project).version == "v1"
    now = garden.deployments.all().models
    assert states(now) == {"v2": (True, False, True), "v1": (True, True, False)}
    assert garden.deployments.roll_back(made.project).version == "v2"
    assert "web:turning" not in server.held
    assert [entry.action for entry in garden.audit.all()][-1] == "deployment rolled back"
    gone = garden.deployments.undeploy(made.project)
    assert set(gone) == {"web:v1", "web:v2", "web:latest", "web:rollback"}
    assert not [name for name in server.held if name.startswith("web:")]
    assert garden.deployments.all().models == ()


def test_only_what_is_still_ours_is_deleted(
    garden: Garden, made: Deployable, server: OllamaDouble
) -> None:
    made.deploy("v1")
    server.held["web:latest"].digest = "0" * 64  # somebody made another one of that name
    (one,) = garden.deployments.all().models
    assert one.here and not one.latest
    assert garden.deployments.undeploy(made.project, "v1") == ["web:v1"]
    assert "web:latest" in server.held
    with pytest.raises(BadInput, match="Nothing of web is deployed"):
        garden.deployments.undeploy(made.project)


def test_where_the_server_is_down_the_list_is_shown_and_nothing_is_forgotten(
    garden: Garden, made: Deployable, server: OllamaDouble
) -> None:
    made.deploy("v1")
    server.registry.is_dead = True
    listed = garden.deployments.all()
    assert listed.status.state == "down" and states(listed.models) == {"v1": (None, False, False)}
    with pytest.raises(OllamaDown):
        garden.deployments.undeploy(made.project)
    assert len(garden.deployments.all().models) == 1


def test_what_cannot_be_deployed_is_refused_before_a_run_begins(
    garden: Garden, made: Deployable, server: OllamaDouble
) -> None:
    third = garden.versions.find(made.project, "v3")
    with pytest.raises(GateClosed, match="v3 has not passed the gate"):
        garden.deployments.start(made.project, third)
    first = garden.versions.find(made.project, "v1")
    with pytest.raises(BadInput, match="not a format"):
        garden.deployments.start(made.project, first, quant="q9")
    with pytest.raises(BadInput, match="cannot be the name of a model"):
        garden.deployments.start(made.project, first, name="No Name")
    away = garden.versions.archive(made.project, first)
    with pytest.raises(GateClosed, match="v1 is archived"):
        garden.deployments.start(made.project, away)
    assert garden.runs.all() == []


@pytest.mark.long
@pytest.mark.parametrize("generation", CREATING)
def test_the_whole_way_by_commands(
    made: Deployable,
    server: OllamaDouble,
    generation: Generation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Use, ask, switch, roll back, deploy twice, roll back there, take away."""
    monkeypatch.setenv("GARDENER_HOME", str(made.places.data.parent))
    server.generation, server.version = generation, generation

    def told(*arguments: str, status: int = 0) -> str:
        assert run([*arguments, "--json"]) == status, capsys.readouterr()
        return capsys.readouterr().out

    told("use", "web", "v1")
    assert '"adapter": "v1"' in told("complete", "web", "def water(")
    told("use", "web", "v2")
    assert '"adapter": "v2"' in told("complete", "web", "def water(")
    assert '"active": "v1"' in told("rollback", "web")
    assert '"adapter": "v1"' in told("complete", "web", "def water(")
    for version in ("v1", "v2"):
        assert '"latest": "web:latest"' in told("deploy", "web", version)
    assert '"version": "v1"' in told("deploy", "web", "--rollback")
    assert '"latest": true' in told("deploy", "--list")
    spec = read_spec(next(iter(sorted(made.places.runs.iterdir()))))
    assert isinstance(spec, DeploySpec) and spec.name == "web"
    assert "web:latest" in told("undeploy", "web")


def test_a_project_completes_by_its_deployed_model_until_it_is_rolled_back(
    garden: Garden, made: Deployable, server: OllamaDouble
) -> None:
    project = garden.adapters.use(made.project, "v1")
    with pytest.raises(BadInput, match="No deployed model of web is the latest"):
        garden.deployments.answer_by(project)
    deployed = made.deploy("v1")
    garden.deployments.answer_by(project)
    project = garden.projects.find("web")
    assert (project.base, project.adapter) == ("ollama:web", "")
    assert own_base(project) == "", "it is trained on a base of this machine"
    asked = CompleteRequest(project.id, project.base, "", "def water(", 8)
    *_, done = Completer(made.places).complete(asked, lambda: False)
    assert isinstance(done, Completed) and done.backend == "ollama"
    assert done.digest == deployed.digest
    back = garden.versions.roll_back(project)
    project = garden.projects.find("web")
    assert (back.version, project.adapter, project.base) == ("v1", "v1", "tiny")
