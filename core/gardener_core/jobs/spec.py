"""The specification of a run."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gardener_core.errors import Damaged, FromNewerVersion
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.garden.runs import RunKind
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

FORMAT = 2  # 1: the training settings of a train spec stood among its other fields


@dataclass(frozen=True, slots=True)
class SurveySpec:
    """Count a project's files, lines and languages."""

    kind: ClassVar[RunKind] = "survey"
    heavy: ClassVar[bool] = False
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str
    index_run: str = ""  # the index run to start afterwards, also if no screen is open
    embedder: EmbedderChoice | None = None  # for that index run
    code_may_leave: bool = False


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """Bring a project's index up to date, then change to the chosen embedder."""

    kind: ClassVar[RunKind] = "index"
    heavy: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    run: str
    created: float
    project: str
    full: bool
    embedder: EmbedderChoice | None = None  # none: keep the present one
    code_may_leave: bool = False
    even_if_empty: bool = False  # continue though all files have disappeared


@dataclass(frozen=True, slots=True)
class GrowSpec:
    """Grow the seedling."""

    kind: ClassVar[RunKind] = "grow"
    heavy: ClassVar[bool] = True
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str  # empty, since a base model belongs to no project
    model: str
    steps: int


@dataclass(frozen=True, slots=True)
class TrainSpec:
    """Train an adapter; a missing seedling is grown first.

    `control` is the folder of another project's adapter on the same base, which is scored on the
    same held-out files; empty for none. One that is not `measured` scores no files at all.
    """

    kind: ClassVar[RunKind] = "train"
    heavy: ClassVar[bool] = True
    waits: ClassVar[bool] = True

    run: str
    created: float
    project: str
    version: str
    base: str
    training: TrainingSettings
    grow_steps: int
    control: str = ""
    measured: bool = True
    # The version that an update goes on from, and the steps of the run that began from the base.
    parent: str = ""
    full_steps: int = 0


@dataclass(frozen=True, slots=True)
class ScoreSpec:
    """Measure an adapter on held-out files, for about so many minutes.

    The control is trained first where there is none for the base; with 0 steps there is none.
    """

    kind: ClassVar[RunKind] = "score"
    heavy: ClassVar[bool] = True
    waits: ClassVar[bool] = True

    run: str
    created: float
    project: str
    version: str
    minutes: float
    training: TrainingSettings
    control_steps: int = 24
    # Train three more like it, and measure each on a third of all files.
    folds: bool = False


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Prepare the rows that a training run would read; a missing seedling is grown first."""

    kind: ClassVar[RunKind] = "data"
    heavy: ClassVar[bool] = False
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str
    base: str
    training: TrainingSettings
    grow_steps: int


@dataclass(frozen=True, slots=True)
class ExportSpec:
    """Write an adapter for other programs.

    `quant` is the format of numbers, where one was chosen; `reason` is why a person accepts what an
    export loses.
    """

    kind: ClassVar[RunKind] = "export"
    heavy: ClassVar[bool] = True
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str
    version: str
    format: str
    folder: str
    quant: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeploySpec:
    """Give a version to the Ollama server as a model that other programs run.

    `name` is the project's name there. Where the server takes them and `beside` is set, it gets the
    base and the adapter; else the merged model in the format `quant`. `reason` is why one that has
    not passed the gate is deployed, `loss_reason` why a format that loses more than it should.
    """

    kind: ClassVar[RunKind] = "deploy"
    heavy: ClassVar[bool] = True
    waits: ClassVar[bool] = True

    run: str
    created: float
    project: str
    version: str
    name: str
    quant: str
    context: int
    beside: bool = False
    reason: str = ""
    loss_reason: str = ""


@dataclass(frozen=True, slots=True)
class PullSpec:
    """Get a model of the catalogue, from the first source that gives it or from one kind."""

    kind: ClassVar[RunKind] = "pull"
    heavy: ClassVar[bool] = False
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str  # empty, since a model belongs to no project
    model: str
    source: str = ""


Spec = (
    SurveySpec | IndexSpec | GrowSpec | TrainSpec | ScoreSpec | DataSpec | ExportSpec | PullSpec
    | DeploySpec
)  # fmt: skip

_KINDS: dict[str, type[Spec]] = {
    spec.kind: spec
    for spec in (
        SurveySpec,
        IndexSpec,
        GrowSpec,
        TrainSpec,
        ScoreSpec,
        DataSpec,
        ExportSpec,
        PullSpec,
        DeploySpec,
    )
}


def write_spec(folder: Path, spec: Spec) -> None:
    """Write the spec into a run's folder before anything starts."""
    fields = {"spec_format": FORMAT, "kind": spec.kind, **dataclasses.asdict(spec)}
    write_whole(folder / "spec.json", json.dumps(fields, indent=1).encode(), durable=True)


def read_spec(folder: Path) -> Spec:
    """Read the spec of a run."""
    try:
        fields = read_object(folder / "spec.json")
        if fields["spec_format"] > FORMAT:
            raise FromNewerVersion(
                f"Run {folder.name} was made by a newer version of this program.",
                hint="Install that version again.",
            )
        if fields["kind"] == TrainSpec.kind and fields["spec_format"] == 1:
            fields = {**fields, "training": fields}
        spec: Spec = rebuild(_KINDS[fields["kind"]], fields)
        return spec
    except (OSError, ValueError, KeyError, TypeError):
        raise Damaged(
            f"The spec of run {folder.name} cannot be read.", hint="Start the run again."
        ) from None
