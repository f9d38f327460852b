"""What a run is asked to do."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gardener_core.errors import Damaged
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

FORMAT = 2  # 1: the training settings of a train spec stood among its other fields


@dataclass(frozen=True, slots=True)
class SurveySpec:
    """Count a project's files, lines and languages."""

    kind: ClassVar[str] = "survey"
    heavy: ClassVar[bool] = False
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str
    index_run: str = ""  # the index run to start when it is done; nobody need be there for that
    embedder: EmbedderChoice | None = None  # what that run is told
    code_may_leave: bool = False


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """Bring a project's index up to date, then to the embedder that is wanted."""

    kind: ClassVar[str] = "index"
    heavy: ClassVar[bool] = False
    waits: ClassVar[bool] = True

    run: str
    created: float
    project: str
    full: bool
    embedder: EmbedderChoice | None = None  # none: as it is
    code_may_leave: bool = False
    even_if_empty: bool = False  # files that are suddenly gone are meant to be gone


@dataclass(frozen=True, slots=True)
class GrowSpec:
    """Grow the seedling."""

    kind: ClassVar[str] = "grow"
    heavy: ClassVar[bool] = True
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str  # empty: a base model belongs to no project
    model: str
    steps: int


@dataclass(frozen=True, slots=True)
class TrainSpec:
    """Train an adapter; a seedling that is not there yet is grown first."""

    kind: ClassVar[str] = "train"
    heavy: ClassVar[bool] = True
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str
    version: str
    base: str
    training: TrainingSettings
    grow_steps: int


@dataclass(frozen=True, slots=True)
class ExportSpec:
    """Write an adapter for other programs."""

    kind: ClassVar[str] = "export"
    heavy: ClassVar[bool] = True
    waits: ClassVar[bool] = False

    run: str
    created: float
    project: str
    version: str
    format: str
    folder: str


Spec = SurveySpec | IndexSpec | GrowSpec | TrainSpec | ExportSpec

_KINDS: dict[str, type[Spec]] = {
    spec.kind: spec for spec in (SurveySpec, IndexSpec, GrowSpec, TrainSpec, ExportSpec)
}


def write_spec(folder: Path, spec: Spec) -> None:
    """Put the spec into a run's folder, whole, before anything starts."""
    fields = {"spec_format": FORMAT, "kind": spec.kind, **dataclasses.asdict(spec)}
    write_whole(folder / "spec.json", json.dumps(fields, indent=1).encode(), durable=True)


def read_spec(folder: Path) -> Spec:
    """Read what a run was asked to do."""
    try:
        fields = read_object(folder / "spec.json")
        if fields["spec_format"] > FORMAT:
            raise Damaged(
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
