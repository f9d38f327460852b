"""Every event there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gardener_core.events.answer import (
    Answered,
    Completed,
    Composed,
    NamesChecked,
    Placed,
    Prompted,
    ReadAhead,
    SummariesMade,
    Token,
)
from gardener_core.events.export import Deployed, Exported
from gardener_core.events.index import (
    ChunksEmbedded,
    EmbedderChanged,
    EmbedderTried,
    FilesRead,
    Indexed,
    Linked,
    Refreshed,
    Retrieved,
    Settled,
    Stale,
    Stalled,
    Surveyed,
    TableChecked,
    Watching,
)
from gardener_core.events.pull import Pulled, SourceTried
from gardener_core.events.run import (
    Died,
    Failed,
    Finished,
    Heard,
    Noted,
    Paused,
    PhaseAdvanced,
    Queued,
    Resumed,
    Silent,
    Started,
    Stopped,
)
from gardener_core.events.switch import Switched
from gardener_core.events.train import (
    AlertRaised,
    Checkpointed,
    DeviceChosen,
    EarlyStopped,
    Forecast,
    ForecastChecked,
    Gated,
    Grown,
    HeldOutScored,
    LinesCompleted,
    Planned,
    RateHalved,
    RecentScored,
    RetentionMeasured,
    Saved,
    Scored,
    StepDone,
    StepSkipped,
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact from a newer program."""

    name: str
    fields: Mapping[str, Any]


Event = (
    Queued | Started | Paused | Resumed | Stopped | Finished | Failed | Died | Silent | Noted
    | PhaseAdvanced | Heard | FilesRead | Stalled | Settled | Surveyed | Indexed | Linked | Watching
    | Refreshed | Stale
    | ChunksEmbedded | EmbedderChanged | EmbedderTried | Retrieved | TableChecked | Token
    | Placed | Composed | Prompted | ReadAhead | SummariesMade | NamesChecked | Answered
    | Completed | Planned
    | StepDone | Scored | Gated | Checkpointed | Saved | Grown | Exported | Deployed
    | SourceTried | Pulled
    | Forecast | ForecastChecked | HeldOutScored | StepSkipped | RateHalved
    | EarlyStopped | AlertRaised | LinesCompleted | DeviceChosen | RetentionMeasured | RecentScored
    | Switched
    | Unknown
)  # fmt: skip
