"""Versions and deployments that follow a script."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.garden.adapters import Adapters
from gardener_core.garden.exports import Exports, FormatOffer
from gardener_core.garden.versions.deployments import (
    DeployedModel,
    DeployedModels,
    Deployments,
)
from gardener_core.garden.versions.listing import Version
from gardener_core.garden.versions.versions import RolledBack, Versions
from gardener_core.models.ollama.states import Status
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.store.garden.versions.changes import RemovedAdapter
from gardener_core.store.garden.versions.deployments import Deployment
from gardener_core.training.retraining.drift import Drift

UNTIL = 4_000_000_000.0


class ScriptedVersions(Versions):
    """The adapters of a scripted garden with what a test says of them."""

    def __init__(
        self,
        note: Callable[..., None],
        adapters: Adapters,
        listed: Callable[[], list[Adapter]],
        drift: Callable[[Project], Drift | None],
    ) -> None:
        """`drift` is that of the adapter that answers."""
        self._drift = drift
        self._record = note
        self._adapters = adapters
        self._listed = listed
        self.back: RolledBack | None = None

    def all(self, project: Project) -> list[Version]:
        return [
            Version(
                one,
                one.version == project.adapter,
                self._adapters.partial(one),
                self._adapters.held_out(one),
                drift=self._drift(project) if one.version == project.adapter else None,
            )
            for one in self._adapters.all(project)
        ]

    def roll_back(self, project: Project, reason: str = "") -> RolledBack:
        if self.back is None:
            raise BadInput("Nothing answered before.", hint="")
        self._record("roll back", project.id)
        return self.back

    def rename(self, adapter: Adapter, name: str) -> Adapter:
        return self._change(adapter, name=name)

    def note(self, adapter: Adapter, text: str) -> Adapter:
        return self._change(adapter, note=text)

    def archive(
        self, project: Project, adapter: Adapter, *, though_active: bool = False
    ) -> Adapter:
        return self._change(adapter, state="archived")

    def unarchive(self, adapter: Adapter) -> Adapter:
        return self._change(adapter, state="passed")

    def remove(
        self, project: Project, adapter: Adapter, *, though_active: bool = False
    ) -> RemovedAdapter:
        self._record("remove adapter", adapter.version)
        self._listed()[:] = [one for one in self._listed() if one.version != adapter.version]
        return RemovedAdapter(project.id, adapter.version, adapter.name, adapter.base, UNTIL)

    def restore(self, project: Project, word: str) -> Adapter:
        self._record("restore adapter", word)
        return Adapter(project.id, word, "b", "", 1.0, 1)

    def _change(self, adapter: Adapter, **values: str) -> Adapter:
        self._record("change adapter", adapter.version, values)
        new = replace(adapter, **values)  # type: ignore[arg-type]
        self._listed()[:] = [new if one.version == new.version else one for one in self._listed()]
        return new


class ScriptedExports(Exports):
    """Formats that a test sets."""

    def __init__(self, note: Callable[..., None], begin: Callable[[str], Run]) -> None:
        self._record = note
        self._begin = begin
        self.offers = [
            FormatOffer("peft", "", 318_000, 0),
            FormatOffer("gguf", "q8_0", 144_811_072, 240_000_000),
            FormatOffer("gguf", "q4_0", 91_726_912, 190_000_000),
        ]

    def formats(self, project: Project, version: str) -> list[FormatOffer]:
        return self.offers

    def measure(self, project: Project, version: str) -> Run:
        self._record("measure formats", version)
        return self._begin(project.id)

    def folder_of(self, project: Project) -> Path:
        return Path("/exports") / project.name

    def start(
        self,
        project: Project,
        version: str,
        format: str,
        folder: Path,
        *,
        quant: str = "",
        reason: str = "",
    ) -> Run:
        self._record("export", version, format, str(folder), quant, reason)
        return self._begin(project.id)


class ScriptedDeployments(Deployments):
    """Models that a test sets, on a server that is up."""

    def __init__(self, note: Callable[..., None], begin: Callable[[str], Run]) -> None:
        self._record = note
        self._begin = begin
        self.models: list[DeployedModel] = []

    def all(self, project: Project | None = None) -> DeployedModels:
        status = Status("up", "127.0.0.1:11434", version="0.34.2")
        return DeployedModels(status, tuple(self.models))

    def start(
        self,
        project: Project,
        adapter: Adapter,
        *,
        quant: str = "q8_0",
        name: str = "",
        reason: str = "",
        loss_reason: str = "",
    ) -> Run:
        self._record("deploy", adapter.version, reason)
        return self._begin(project.id)

    def roll_back(self, project: Project) -> Deployment:
        self._record("roll back deployment", project.id)
        return self.models[-1].deployment

    def undeploy(self, project: Project, version: str = "") -> list[str]:
        self._record("undeploy", project.id)
        return [one.deployment.model for one in self.models]
