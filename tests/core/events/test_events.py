"""Events survive the way through a file, those of newer programs too."""

import json

import pytest

from gardener_core.events.answer import Answered
from gardener_core.events.export import Exported
from gardener_core.events.index import Hit, Indexed, Linked, Retrieved
from gardener_core.events.json import decode, encode
from gardener_core.events.parts import Citation, Fidelity, SkippedFile, Why, WrittenFile
from gardener_core.events.run import Finished, Queued, Started
from gardener_core.events.train import StepDone
from gardener_core.events.union import Event, Unknown

WHY = Why(1, 2.5, ("token",))
HIT = Hit(1, "a.py", 1, 2, "A.f", "method", "python", 2.5, WHY, "code\n")


@pytest.mark.parametrize(
    "event",
    [
        Started(),
        StepDone("r", "train", 1, 2, 3.5),
        Retrieved((HIT,), 0.1),
        Answered("t", True, (Citation(1, "a", 1, 2, "s"),), "b", "", "", 0, 0.1, 0.2),
        Indexed(1, 1, 0, 3, (SkippedFile("x", "binary"),), 0.5),
        Linked(3, 40, 0.5),
        Exported((WrittenFile("a", 1, "f"),), None),
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
