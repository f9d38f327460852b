"""Deploy versions to an Ollama server, and take them back."""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from gardener_core.errors import BadInput, GardenError, GateClosed, OllamaModelMissing, Remedy
from gardener_core.export.ollama.names import ModelNames, names_of
from gardener_core.export.ollama.turning_back import roll_back
from gardener_core.garden.run_specs import new_run_id
from gardener_core.garden.runs import Runs
from gardener_core.garden.settings import SettingsDoor
from gardener_core.jobs.spec import DeploySpec
from gardener_core.models.gguf.quants import quant_named
from gardener_core.models.model import OLLAMA
from gardener_core.models.model import latest as latest_name
from gardener_core.models.ollama.building import ModelBuilder
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.states import Status
from gardener_core.models.store import ModelStore
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import require_whole
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.runs import Run
from gardener_core.store.garden.versions.deployments import Deployment, DeploymentTable
from gardener_core.system.places import Places
from gardener_core.system.terminal_text import clean_line

USUAL_QUANT = "q8_0"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class DeployedModel:
    """A model that was deployed, and what the server has of it now.

    `here` is None where the server could not be asked. `latest` says whether others get it,
    `rollback` whether it is the one before.
    """

    deployment: Deployment
    here: bool | None
    latest: bool = False
    rollback: bool = False


@dataclass(frozen=True, slots=True)
class DeployedModels:
    """What was deployed, and the server as it is now."""

    status: Status
    models: tuple[DeployedModel, ...]


class Deployments:
    """The models of ours on an Ollama server."""

    def __init__(
        self, places: Places, database: Database, runs: Runs, settings: SettingsDoor
    ) -> None:
        self._places = places
        self._table = DeploymentTable(database)
        self._projects = ProjectTable(database)
        self._runs = runs
        self._settings = settings

    def start(
        self,
        project: Project,
        adapter: Adapter,
        *,
        quant: str = USUAL_QUANT,
        name: str = "",
        reason: str = "",
        loss_reason: str = "",
    ) -> Run:
        """Start a run that deploys a version; what cannot be done is refused here.

        One that has not passed the gate needs a reason, and so does a format in which it loses too
        much.
        """
        if adapter.state == "archived":
            raise GateClosed(f"{adapter.version} is archived.", hint="Bring it back first.")
        if adapter.state != "passed" and not reason.strip():
            raise GateClosed(
                f"Adapter {adapter.version} has not passed the gate: {adapter.caveat}.",
                hint="It can be deployed for a reason all the same.",
                remedy=Remedy("score", project.name),
            )
        folder = self._places.adapters(project.id) / adapter.version
        require_whole(folder, adapter.version, project.name)
        base = ModelStore(self._places).get(adapter.base)
        models = self._settings.current(project).models
        return self._runs.start(
            DeploySpec(
                run=new_run_id(),
                created=time.time(),
                project=project.id,
                version=adapter.version,
                name=self._names(project, name).project,
                quant=quant_named(quant),
                context=min(base.context, models.context),
                beside=models.beside_base,
                reason=clean_line(reason).strip()[:LONGEST_REASON],
                loss_reason=clean_line(loss_reason).strip()[:LONGEST_REASON],
            )
        )

    def all(self, project: Project | None = None) -> DeployedModels:
        """Every model that was deployed, and which of them the server has now."""
        server = Ollama.of(os.environ)
        status = server.status()
        held: dict[str, str] | None = None
        if status.state == "up":
            with suppress(GardenError):
                held = ModelBuilder(server).digests()
        kept = self._table.all(project.id if project else None)
        return DeployedModels(status, tuple(_as_it_is(one, server, held) for one in kept))

    def roll_back(self, project: Project) -> Deployment:
        """Let the model be the latest again that was before; the one that is used now."""
        server = Ollama.of(os.environ)
        names = self._deployed_names(project, server)
        digest = roll_back(server, names)
        self._table.rolled_back(project.id, names.latest, digest)
        return next(one for one in self._table.all(project.id) if one.digest == digest)

    def answer_by(self, project: Project) -> DeployedModel:
        """Let the project answer by its deployed model, which other programs use too.

        A roll back of the version takes it back.
        """
        latest = latest_of(self.all(project).models)
        if latest is None:
            raise BadInput(
                f"No deployed model of {project.name} is the latest on the server.",
                hint="Deploy a version first.",
            )
        model = latest_name(ModelNames(latest.deployment.name).latest)
        self._projects.set_adapter(project.id, "", OLLAMA + model)
        return latest

    def undeploy(self, project: Project, version: str = "") -> list[str]:
        """Delete models that were deployed: all of a project, or one version's; their names.

        A name that holds somebody else's model by now is left alone.
        """
        server = Ollama.of(os.environ)
        kept = [one for one in self._table.all(project.id) if version in ("", one.version)]
        if not kept:
            raise BadInput(
                f"Nothing of {project.name} is deployed.",
                hint="The list says what is.",
            )
        builder = ModelBuilder(server)
        held = builder.digests()
        ours = {one.digest for one in kept}
        wanted = [one.model for one in kept]
        for names in {ModelNames(one.name) for one in kept}:
            wanted += [names.latest, names.rollback, names.turning]
        gone = [name for name in dict.fromkeys(wanted) if held.get(name) in ours]
        for name in gone:
            with suppress(OllamaModelMissing):
                builder.delete(name)
        for one in kept:
            self._table.remove(one)
        return gone

    def _names(self, project: Project, wanted: str) -> ModelNames:
        """The name that is wanted, else the one that the project has there, else its own."""
        kept = self._table.all(project.id)
        return ModelNames(kept[0].name) if kept and not wanted else names_of(project.name, wanted)

    def _deployed_names(self, project: Project, server: Ollama) -> ModelNames:
        for one in self._table.all(project.id):
            if one.server == server.address:
                return ModelNames(one.name)
        raise BadInput(
            f"Nothing of {project.name} is deployed to Ollama at {server.address}.",
            hint="Deploy a version first.",
        )


def _as_it_is(one: Deployment, server: Ollama, held: dict[str, str] | None) -> DeployedModel:
    if held is None or one.server != server.address:
        return DeployedModel(one, None)
    names = ModelNames(one.name)
    return DeployedModel(
        one,
        held.get(one.model) == one.digest,
        held.get(names.latest) == one.digest,
        held.get(names.rollback) == one.digest,
    )


def latest_of(models: Sequence[DeployedModel]) -> DeployedModel | None:
    """The model that others get; None where there is none."""
    return next((one for one in models if one.latest), None)
