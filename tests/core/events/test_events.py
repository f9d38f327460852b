"""Events survive the way through a file, those of newer programs too."""

import json

import pytest

from gardener_core.events.answer import Answered
from gardener_core.events.export import Deployed, Exported
from gardener_core.events.index import Hit, Indexed, Linked, Retrieved
from gardener_core.events.json import decode, encode
from gardener_core.events.parts import Citation, Fidelity, SkippedFile, Why, WrittenFile
from gardener_core.events.run import Finished, Queued, Started
from gardener_core.events.sentences import sentence
from gardener_core.events.train import (
    EarlyStopped,
    Forecast,
    ForecastChecked,
    HeldOutScored,
    RateHalved,
    StepDone,
    StepSkipped,
)
from gardener_core.events.union import Event, Unknown

WHY = Why(1, 2.5, ("token",))
HIT = Hit(1, "a.py", 1, 2, "A.f", "method", "python", 2.5, WHY, "code\n")


@pytest.mark.parametrize(
    "event",
    [
        Started(),
        StepDone("r", "train", 1, 2, 3.5, gradient_norm=0.25),
        HeldOutScored(12, 0.75, 8),
        Forecast(60, 4_900_000, 19_600_000, 1_500_000_000, 1_400_000_000, 600.0, 300.0, 700.0),
        StepSkipped(3, "gradient"),
        Retrieved((HIT,), 0.1),
        Answered("t", True, (Citation(1, "a", 1, 2, "s"),), "b", "", "", 0, 0.1, 0.2),
        Indexed(1, 1, 0, 3, (SkippedFile("x", "binary"),), 0.5),
        Linked(3, 40, 0.5),
        Exported((WrittenFile("a", 1, "f"),), None),
        Deployed(
            "web:v1",
            "web:latest",
            "",
            "d",
            "v1",
            "b",
            "h",
            "0.34.2",
            "merged",
            "q8_0",
            "s",
            1,
            "def",
            Fidelity(20, 1e-5, 1e-5, 0.1, 3, 0),
            2.5,
        ),
        Exported((), Fidelity(20, 1e-5, 1e-5, 0.1, 3, 0)),
        Unknown("Dreamt", {"of": "sheep"}),
    ],
    ids=lambda event: type(event).__name__,
)
def test_event_survives(event: Event) -> None:
    line = json.dumps(encode(event))
    assert line.startswith('{"event": ')
    assert decode(json.loads(line)) == event


def test_extra_fields_are_ignored_and_wrong_ones_kept_unknown() -> None:
    assert decode({"event": "Queued", "ahead": 1, "new": True}) == Queued(1)
    assert decode({"event": "Queued", "ahead": "one"}) == Unknown("Queued", {"ahead": "one"})
    assert decode({"event": "Queued"}) == Unknown("Queued", {})
    assert decode({"event": "Finished", "seconds": 3}) == Finished(3.0)


def test_a_training_run_tells_its_forecast_and_its_turns() -> None:
    expected = Forecast(60, 4_900_000, 19_600_000, 1_500_000_000, 0, 600.0, 300.0, 700.0)
    assert sentence(expected) == (
        "Will take 5:00 to 11:40 (10:00 of one core) and 1.4 GiB by the formula; "
        "4,900,000 parameters, an adapter of 19 MiB"
    )
    came = ForecastChecked(1_650_000_000, 1_500_000_000, 540.0, 600.0, 320.0, 300.0, 700.0)
    assert "9:00 of one core (-10 % against the forecast)" in sentence(came)
    assert "1.5 GiB (+10 % against the forecast)" in sentence(came)
    assert sentence(EarlyStopped(40, 25)).startswith("Stopped at step 40, since step 25")
    assert sentence(RateHalved(10, 2.5e-4)).endswith("a learning rate of 2.5e-04")
    assert sentence(StepSkipped(3, "loss")) == "Skipped step 3: its loss is not a finite number"
    assert sentence(HeldOutScored(12, 0.75, 8)) == ""  # a point on the curve
